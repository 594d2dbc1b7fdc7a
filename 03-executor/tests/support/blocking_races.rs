//! What comes just when a thread of the graded pool goes to sleep, or gives up waiting.

#![allow(unreachable_pub)]

use std::sync::{
    Arc, Barrier, Mutex, OnceLock,
    atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    mpsc,
};

use course::{Race, Recorder};

use crate::{
    LONG, NO_ANSWER,
    awaited::{must, must_come, returns, value},
    calm::{self, Wait},
    last_word::LastWord,
    rules::lock,
    spawn_blocking::{BlockingPool, SpawnBlocking},
    support::wait_steps,
};

/// A closure that comes at a step of some thread, and its future.
struct Late {
    pool: Arc<BlockingPool>,
    race: Race,
    future: Arc<OnceLock<Mutex<Option<SpawnBlocking<()>>>>>,
}

impl Late {
    fn new() -> Self {
        Late {
            pool: Arc::new(BlockingPool::new(1, LONG)),
            race: Race::new(),
            future: Arc::default(),
        }
    }

    /// What hands it over, from another thread.
    fn hook(&self) -> impl Fn() + Send + use<> {
        let (pool, future) = (Arc::clone(&self.pool), Arc::clone(&self.future));
        self.race.once(move || {
            let _ = future.set(Mutex::new(Some(pool.spawn(|| ()))));
        })
    }

    /// Fails as `seen` says if it is not run: whether it came at all.
    fn must_run(&self, rec: &Recorder, otherwise: (&str, &str)) -> bool {
        let _ = calm::until(|| self.race.was_forced() && self.future.get().is_some());
        let future = self.future.get().and_then(|late| lock(late).take());
        let came = future.is_some();
        if let Some(future) = future {
            value(rec, future, otherwise);
        }
        came
    }
}

/// Hands a closure over when so many steps of a thread's way to its sleep have passed by. `false`: the way is
/// not so long.
pub fn comes_before_the_sleep(rec: &Recorder, skip: usize) -> bool {
    let late = Late::new();
    let hook = late.hook();
    // On the pool's thread: from the end of this closure to the thread's sleep.
    let first = late.pool.spawn(move || wait_steps::ambush(skip, hook));
    value(rec, first, NO_ANSWER);
    let seen = "a closure was handed over when the pool's thread had found nothing to do and was about to sleep. \
                It sleeps, and the closure is not called";
    late.must_run(rec, ("lost-before-sleep", seen))
}

/// Hands a closure over when a thread has waited out its time, and has not got its lock back.
pub fn comes_when_a_thread_gives_up(rec: &Recorder) {
    let late = Late::new();
    let hook = late.hook();
    let first = late.pool.spawn(move || wait_steps::when_it_gives_up(hook));
    value(rec, first, NO_ANSWER);
    let seen = "a closure was handed over at the moment at which a thread's `keep_alive` was over: that thread \
                still counted as idle. It has ended, the closure lies in the queue, and nobody comes for it";
    late.must_run(rec, ("stopped-work", seen));
}

/// Drops the pool when so many steps of a thread's way to its sleep have passed by.
pub fn ends_before_the_sleep(rec: &Recorder, skip: usize) -> bool {
    let pool = BlockingPool::new(1, LONG);
    let (own, over, race) = (
        Arc::new(Mutex::new(None)),
        Arc::new(AtomicBool::new(false)),
        Race::new(),
    );
    let hook = {
        let (own, over) = (Arc::clone(&own), Arc::clone(&over));
        race.once(move || {
            let pool: Option<BlockingPool> = lock(&own).take();
            drop(pool);
            over.store(true, SeqCst);
        })
    };
    let ended = Arc::new(AtomicUsize::new(0));
    let word = LastWord(Arc::clone(&ended));
    let (release, gate) = mpsc::channel::<()>();
    let first = pool.spawn(move || {
        word.of_this_thread();
        let _ = gate.recv();
        wait_steps::ambush(skip, hook);
    });
    *lock(&own) = Some(pool);
    drop(release);
    value(rec, first, NO_ANSWER);
    let _ = calm::until(|| over.load(SeqCst));
    let no_end = ("endless-shutdown", "dropping the pool does not return");
    let pool = lock(&own).take();
    if let Some(pool) = pool {
        returns(rec, move || drop(pool), no_end);
        return false;
    }
    must_come(rec, || over.load(SeqCst), no_end);
    let seen = "the pool was dropped when its thread had seen that there was nothing to do and was about to \
                sleep. It sleeps, and nobody will wake it";
    must_come(rec, || ended.load(SeqCst) == 1, ("lost-before-sleep", seen));
    true
}

/// Two closures come while one thread of two sleeps, and that thread is slow to get up.
pub fn two_come_while_one_sleeps(rec: &Recorder) {
    let pool = BlockingPool::new(2, LONG);
    let (release, gate) = mpsc::channel::<()>();
    let first = pool.spawn(|| wait_steps::when_it_gets_up(move || _ = gate.recv()));
    value(rec, first, NO_ANSWER);
    let seen = "a thread without work keeps a processor busy";
    let sleeps = calm::until(|| false) != Wait::Busy;
    must(rec, sleeps, ("busy-loop", seen));
    let meeting = Arc::new(Barrier::new(2));
    let futures =
        [Arc::clone(&meeting), meeting].map(|meeting| pool.spawn(move || _ = meeting.wait()));
    drop(release);
    for future in futures {
        let seen = "two closures came while one thread of two was idle, and only one of them is run: both \
                    were left to that thread";
        value(rec, future, ("idle-worker", seen));
    }
}
