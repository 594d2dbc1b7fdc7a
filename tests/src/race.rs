//! Races that are forced, not waited for.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering::SeqCst},
        mpsc,
    },
    thread::{self, JoinHandle},
};

use crate::thread_state::{Care, ThreadState};

/// Lets something happen on a second thread while the first stands still inside a hook.
///
/// The first thread goes on as soon as the second has finished, or has been *seen* to be blocked: a
/// right design may hold a lock at that moment, and the second thread then gets its turn when the lock
/// is released. How fast either of them is does not matter.
#[derive(Clone, Debug, Default)]
pub struct Race {
    /// The second threads that have been let loose.
    rivals: Arc<Mutex<Vec<JoinHandle<()>>>>,
    /// Whether there ever was one.
    forced: Arc<AtomicBool>,
    /// Whether the first thread went on while a second one was blocked.
    blocked: Arc<AtomicBool>,
    /// How sure to be that a second thread is blocked.
    care: Care,
}

impl Race {
    /// No race yet.
    pub fn new() -> Self {
        Race::default()
    }

    /// A race whose [`was_blocked`](Race::was_blocked) can be held against the code under test: the
    /// first thread goes on later.
    pub fn certain() -> Self {
        Race {
            care: Care::Certain,
            ..Race::default()
        }
    }

    /// A hook that runs `rival` on a second thread when it is first called, and does nothing after.
    pub fn once<R>(&self, rival: R) -> impl Fn() + Send + Sync + use<R> + 'static
    where
        R: FnOnce() + Send + 'static,
    {
        let race = self.clone();
        let rival = Mutex::new(Some(rival));
        move || {
            let rival = rival.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(rival) = rival {
                race.run(rival);
            }
        }
    }

    /// Runs `rival` on a second thread until it has finished or is blocked.
    pub fn run(&self, rival: impl FnOnce() + Send + 'static) {
        let (started, start) = mpsc::channel();
        let (finished, finish) = mpsc::channel::<()>();
        let handle = thread::spawn(move || {
            // Dropped at the end, also by a panic: that tells the first thread.
            let _finished = finished;
            let _ = started.send(ThreadState::of_this_thread());
            rival();
        });
        // At once: whoever sees that there is a rival can wait for its end, however late it begins.
        self.rivals
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(handle);
        self.forced.store(true, SeqCst);
        if let Ok(state) = start.recv()
            && state.sleeps_before(&finish, self.care)
        {
            self.blocked.store(true, SeqCst);
        }
    }

    /// Whether a hook was called at all.
    pub fn was_forced(&self) -> bool {
        self.forced.load(SeqCst)
    }

    /// Whether a second thread was seen to be blocked by what the first one held in a hook.
    pub fn was_blocked(&self) -> bool {
        self.blocked.load(SeqCst)
    }

    /// Waits until every second thread has finished. A rival that never finishes is a deadlock, which
    /// the time limit of the run reports as a hang.
    ///
    /// # Panics
    ///
    /// With the rival's panic.
    pub fn finish(&self) {
        loop {
            let rival = self
                .rivals
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .pop();
            let Some(rival) = rival else { return };
            if let Err(panic) = rival.join() {
                std::panic::resume_unwind(panic);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rival_that_needs_no_lock_has_finished_when_the_hook_returns() {
        let (race, done) = (Race::new(), Arc::new(Mutex::new(false)));
        let seen = Arc::clone(&done);
        let hook = race.once(move || *seen.lock().expect("nobody panicked") = true);
        hook();
        assert!(*done.lock().expect("nobody panicked"));
        assert!(!race.was_blocked());
        race.finish();
    }

    #[test]
    fn a_rival_that_waits_for_our_lock_does_not_stop_us() {
        let (race, lock) = (Race::new(), Arc::new(Mutex::new(0)));
        let theirs = Arc::clone(&lock);
        let hook = race.once(move || *theirs.lock().expect("nobody panicked") += 1);
        let held = lock.lock().expect("nobody panicked");
        hook();
        assert_eq!(*held, 0);
        assert!(race.was_blocked());
        drop(held);
        race.finish();
        assert_eq!(*lock.lock().expect("nobody panicked"), 1);
    }

    #[test]
    fn a_hook_forces_its_race_once() {
        let (race, count) = (Race::new(), Arc::new(Mutex::new(0)));
        let theirs = Arc::clone(&count);
        let hook = race.once(move || *theirs.lock().expect("nobody panicked") += 1);
        assert!(!race.was_forced());
        hook();
        hook();
        assert!(race.was_forced());
        race.finish();
        assert!(race.was_forced());
        assert_eq!(*count.lock().expect("nobody panicked"), 1);
    }
}
