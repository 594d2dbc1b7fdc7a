//! The ways in which a pool for blocking work comes to its end.

#![allow(unreachable_pub)]

use std::sync::{
    Arc, Barrier,
    atomic::{AtomicUsize, Ordering::SeqCst},
    mpsc,
};

use course::Recorder;
use executor::{BlockingPool, JoinError};

use crate::{
    LONG, NO_ANSWER,
    awaited::{fail, must_come, must_give, output, returns, value},
    calm,
    last_word::LastWord,
};

/// With one closure that has begun, and one that has not.
pub fn with_a_queue(rec: &Recorder) {
    let pool = BlockingPool::new(1, LONG);
    let (ended, token) = (Arc::new(AtomicUsize::new(0)), Arc::new(()));
    let (release, gate) = mpsc::channel::<()>();
    let (begin, begun) = mpsc::channel();
    let word = LastWord(Arc::clone(&ended));
    let running = pool.spawn(move || {
        word.of_this_thread();
        let _ = begin.send(());
        gate.recv().is_err()
    });
    let owned = Arc::clone(&token);
    let queued = pool.spawn(move || drop(owned));
    must_come(rec, || begun.try_recv().is_ok(), NO_ANSWER);
    let seen = "dropping the pool waits for a closure that has begun";
    returns(rec, move || drop(pool), ("endless-shutdown", seen));
    let seen = "the pool was dropped, and the future of a closure that had not begun waits on";
    match output(rec, queued, ("silent-end", seen)) {
        Err(JoinError::Cancelled) => {
            let seen = "the pool was dropped, and a closure that had not begun was not";
            let dropped = || Arc::strong_count(&token) == 1;
            must_come(rec, dropped, ("forgotten-task", seen));
        }
        _ => {
            let seen = "the pool was dropped, and a closure that had not begun was called";
            fail(rec, "works-on", seen)
        }
    }
    drop(release);
    must_give(rec, running, true, NO_ANSWER);
    let seen = "the pool was dropped, the last closure has returned, and its thread does not end";
    must_come(rec, || ended.load(SeqCst) == 1, ("threads-left", seen));
}

/// With two threads that sleep.
pub fn with_idle_threads(rec: &Recorder) {
    let ended = Arc::new(AtomicUsize::new(0));
    let pool = BlockingPool::new(2, LONG);
    let meeting = Arc::new(Barrier::new(2));
    let futures = [(); 2].map(|()| {
        let (word, meeting) = (LastWord(Arc::clone(&ended)), Arc::clone(&meeting));
        pool.spawn(move || {
            word.of_this_thread();
            meeting.wait();
        })
    });
    for future in futures {
        value(rec, future, NO_ANSWER);
    }
    // Both sleep.
    let _ = calm::until(|| false);
    let no_end = ("endless-shutdown", "dropping the pool does not return");
    returns(rec, move || drop(pool), no_end);
    let seen = "a pool was dropped whose two threads were idle, and not all of them end";
    must_come(rec, || ended.load(SeqCst) == 2, ("threads-left", seen));
}
