//! What comes just when a worker of the graded pool goes to sleep, or in the middle of its `spawn`.

#![allow(unreachable_pub)]

use std::sync::{
    Arc, Mutex, OnceLock,
    atomic::{AtomicBool, Ordering::SeqCst},
};

use course::{Race, Recorder};
use executor::{JoinError, JoinHandle};

use crate::{
    awaited::{self, Otherwise, fail, output, returns, value},
    calm,
    pool_scene::{NO_END, NOT_RUN, must_be_dropped, nothing},
    probe::Probe,
    rules::lock,
    support::wait_steps,
    thread_pool::ThreadPool,
};

/// Spawns a task when so many steps of a worker's way to its sleep have passed by. `false`: the way is not
/// so long.
pub fn spawns_before_the_sleep(rec: &Recorder, skip: usize) -> bool {
    let pool = ThreadPool::new(1);
    let (race, answer) = (Race::new(), Arc::new(OnceLock::new()));
    let spawn = {
        let (handle, answer) = (pool.handle(), Arc::clone(&answer));
        race.once(move || {
            let _ = answer.set(Mutex::new(Some(handle.spawn(nothing()))));
        })
    };
    // On the worker itself: from the end of this task to the worker's sleep.
    let first = pool.spawn(async move { wait_steps::ambush(skip, spawn) });
    value(rec, first, NOT_RUN);
    let _ = calm::until(|| race.was_forced() && answer.get().is_some());
    let late: Option<JoinHandle<()>> = answer.get().and_then(|late| lock(late).take());
    let forced = late.is_some();
    if let Some(late) = late {
        let seen = "a task was spawned when the worker had found nothing to do and was about to sleep; it \
                    sleeps, and the task is not run";
        value(rec, late, ("lost-before-sleep", seen));
    }
    returns(rec, move || drop(pool), NO_END);
    forced
}

/// Drops the pool there.
pub fn ends_before_the_sleep(rec: &Recorder, skip: usize) -> bool {
    let pool = ThreadPool::new(1);
    let handle = pool.handle();
    let end = End::of(pool);
    let hook = end.hook();
    let first = handle.spawn(async move { wait_steps::ambush(skip, hook) });
    value(rec, first, NOT_RUN);
    let _ = calm::until(|| end.has_come());
    let seen = "the pool was dropped when its worker had seen that there was nothing to do and was about to \
                sleep. It sleeps, and `drop` waits for it for ever";
    end.must_come(rec, ("lost-before-sleep", seen))
}

/// Drops the pool when so many steps of `spawn` have passed by. `false`: it has not so many.
pub fn ends_in_a_spawn(rec: &Recorder, skip: usize) -> bool {
    let pool = ThreadPool::new(1);
    let handle = pool.handle();
    let end = End::of(pool);
    wait_steps::ambush(skip, end.hook());
    let late = Probe::new(rec, "late");
    let answer = handle.spawn(late.ready_at(1, ()));
    wait_steps::call_off();
    let forced = end.must_come(rec, NO_END);
    let seen = "the pool was dropped in the middle of `spawn`, every thread sleeps, and the handle has had no answer";
    match output(rec, answer, ("forgotten-task", seen)) {
        Ok(()) | Err(JoinError::Cancelled) => must_be_dropped(rec, &late),
        Err(other) => fail(rec, "wrong-value", format!("the handle gives `{other}`")),
    }
    forced
}

/// The end of a pool, at a step of some thread.
struct End {
    pool: Arc<Mutex<Option<ThreadPool>>>,
    over: Arc<AtomicBool>,
    race: Race,
}

impl End {
    fn of(pool: ThreadPool) -> Self {
        End {
            pool: Arc::new(Mutex::new(Some(pool))),
            over: Arc::default(),
            race: Race::new(),
        }
    }

    /// What drops the pool, from another thread.
    fn hook(&self) -> impl Fn() + use<> {
        let (pool, over) = (Arc::clone(&self.pool), Arc::clone(&self.over));
        self.race.once(move || {
            let pool = lock(&pool).take();
            drop(pool);
            over.store(true, SeqCst);
        })
    }

    fn has_come(&self) -> bool {
        self.over.load(SeqCst)
    }

    /// Waits until the drop has returned: whether it came at that step. Where nobody came by, the pool is
    /// dropped now.
    fn must_come(self, rec: &Recorder, otherwise: Otherwise<'_>) -> bool {
        let pool = lock(&self.pool).take();
        if let Some(pool) = pool {
            returns(rec, move || drop(pool), NO_END);
            return false;
        }
        awaited::must_come(rec, || self.has_come(), otherwise);
        true
    }
}
