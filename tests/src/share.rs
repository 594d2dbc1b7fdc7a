//! A measure of waiting, for systems that do not show what a thread does.

use std::{hint, time::Duration};

use cpu_time::ThreadTime;

/// How long one use of the processor is.
const SLICE: Duration = Duration::from_millis(2);

/// The processor's time that this thread has used while it waited for another one.
///
/// Seconds mean little on a busy machine: the other thread may not have run at all. But a scheduler that gives
/// this thread so much of the processor has given as much to every thread that could run.
#[derive(Debug, Default)]
pub struct Share {
    used: Duration,
}

impl Share {
    /// Uses the processor for another two milliseconds, and gives what it all adds up to.
    pub fn take(&mut self) -> Duration {
        let start = ThreadTime::now();
        while start.elapsed() < SLICE {
            hint::spin_loop();
        }
        self.used += start.elapsed();
        self.used
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        sync::atomic::{AtomicU64, Ordering::SeqCst},
        thread,
    };

    #[test]
    fn who_could_run_has_run_meanwhile() {
        static ROUNDS: AtomicU64 = AtomicU64::new(0);
        thread::spawn(|| {
            loop {
                ROUNDS.fetch_add(1, SeqCst);
            }
        });
        let mut share = Share::default();
        while share.take() < Duration::from_millis(300) {}
        assert!(ROUNDS.load(SeqCst) > 0);
    }
}
