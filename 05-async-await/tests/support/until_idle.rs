//! Tasks on an executor, until none of them can go on.

use course::Recorder;
use executor::Executor;

/// More turns than the few tasks of a test need, each of so many polls.
const MOST_TURNS: usize = 1000;
const POLLS: usize = 100;

/// Runs all tasks to their end.
///
/// Fails with `lost-wakeup` if some wait, and nobody is woken any more.
pub(crate) fn run_all(rec: &Recorder, section: &str, mut executor: Executor, tasks: &str) {
    for _ in 0..MOST_TURNS {
        if executor.turn(POLLS) == 0 {
            break;
        }
    }
    if !executor.is_done() {
        rec.fail_reading(
            section,
            "lost-wakeup",
            format!("{tasks}: some of them wait, and nobody is woken any more"),
        );
    }
}
