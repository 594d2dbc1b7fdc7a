//! A poll as an executor makes it: inside, where nobody may block.

use std::{
    fmt::Debug,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    task::Poll,
};

use course::{RecordedWaker, Recorder, Task};

/// Polls once, on a thread that counts as running an executor.
///
/// Fails with `blocking-poll` if the future runs another executor to wait for something.
pub fn poll<F>(rec: &Recorder, task: &mut Task<F>, waker: &RecordedWaker) -> Poll<F::Output>
where
    F: Future<Output: Debug>,
{
    let entered = executor::enter::enter("the executor around it");
    let outcome = catch_unwind(AssertUnwindSafe(|| task.poll(waker)));
    drop(entered);
    outcome.unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<String>();
        if let Some(words) = words.filter(|words| words.contains("inside `the executor around it`"))
        {
            rec.fail("blocking-poll", format!("in its poll {words}"));
        }
        resume_unwind(panic)
    })
}
