//! A whole test on one thread, while another one sees whether that thread stands still.

use course::{Race, Recorder};

/// Runs `body`, all of whose tasks live on one thread.
///
/// Fails with `code` if that thread waits, for a lock or for whatever else: its tasks are all that could end that.
pub(crate) fn on_one_thread(
    rec: &Recorder,
    code: &str,
    seen: &str,
    body: impl FnOnce(&Recorder) + Send + 'static,
) {
    let (race, theirs) = (Race::certain(), rec.clone());
    race.run(move || body(&theirs));
    if race.was_blocked() {
        rec.fail(code, seen);
    }
    race.finish();
}
