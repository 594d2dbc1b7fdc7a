//! A loop that locks and looks for ever.

use std::cell::Cell;

use course::Recorder;

use crate::steps;

/// More steps than any call has, whatever its design.
const TOO_MANY_STEPS: usize = 10_000;

/// The rule that no call on this thread looks for something over and over.
///
/// Fails with `blocking-poll`.
pub(crate) fn must_not_spin(rec: &Recorder) {
    let (watching, steps) = (rec.clone(), Cell::new(0));
    steps::watch(move || {
        steps.set(steps.get() + 1);
        if steps.get() > TOO_MANY_STEPS {
            watching.fail(
                "blocking-poll",
                format!(
                    "the code under test has locked and looked {TOO_MANY_STEPS} times and does not return, while \
                     nothing changes"
                ),
            );
        }
    });
}
