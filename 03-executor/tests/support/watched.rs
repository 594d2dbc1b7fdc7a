//! A thread with the code under test on it, seen from the grader's thread.

use std::{
    sync::mpsc::{self, Receiver, RecvTimeoutError, Sender},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use course::{Recorder, Share, ThreadState};

/// Between two looks.
const LOOK_AGAIN: Duration = Duration::from_millis(2);

/// How often a thread may wake up while nothing happens.
const MOST_NAPS: u64 = 50;

/// A thread that tells what it does, and that is looked at when it tells nothing.
pub struct Watched<E, T> {
    recorder: Recorder,
    state: ThreadState,
    told: Receiver<E>,
    thread: JoinHandle<T>,
}

/// What a thread does next.
#[derive(Debug, PartialEq, Eq)]
pub enum Next<E> {
    /// It tells this.
    Told(E),
    /// It sleeps, or keeps busy without a word.
    Still,
    /// It has ended.
    Ended,
}

/// How sure to be that a thread sleeps.
#[derive(Clone, Copy)]
pub enum Care {
    /// What follows is right also if it was about to go on.
    Enough,
    /// As certain that it sleeps, and it may be busy instead.
    Patient,
    /// Somebody will be told that it sleeps and ought not to.
    Certain,
}

impl<E: Send + 'static, T: Send + 'static> Watched<E, T> {
    /// Starts the thread. What it has to tell goes into the sender.
    pub fn start(recorder: &Recorder, work: impl FnOnce(Sender<E>) -> T + Send + 'static) -> Self {
        let (tell, told) = mpsc::channel();
        let (show, shown) = mpsc::channel();
        let thread = thread::spawn(move || {
            let _ = show.send(ThreadState::of_this_thread());
            work(tell)
        });
        Watched {
            recorder: recorder.clone(),
            state: shown
                .recv()
                .expect("it is the first thing that the thread does"),
            told,
            thread,
        }
    }

    /// Waits until the thread tells something, sleeps or ends.
    ///
    /// Fails with `busy-loop` if it gets up again and again, and has nothing to tell.
    pub fn next(&self, care: Care) -> Next<E> {
        let (mut looks, mut still, mut last, mut first) = (0, 0, None, None);
        let (mut since, mut share) = (Instant::now(), Share::default());
        while looks < care.looks() {
            looks += 1;
            match self.told.recv_timeout(LOOK_AGAIN) {
                Ok(told) => return Next::Told(told),
                Err(_) if self.thread.is_finished() => {
                    return self.told.try_recv().map_or(Next::Ended, Next::Told);
                }
                Err(RecvTimeoutError::Timeout) => {}
                // Nothing more will be told, and the thread is still there.
                Err(RecvTimeoutError::Disconnected) => thread::sleep(LOOK_AGAIN),
            }
            let Some(now) = self.state.look() else {
                if !self.state.is_visible() && share.take() >= care.share() {
                    return Next::Still;
                }
                continue;
            };
            self.must_not_nap(now.sleeps - *first.get_or_insert(now.sleeps));
            let same = now.asleep && last.as_ref() == Some(&now);
            if !same {
                (still, since) = (0, Instant::now());
            }
            still += usize::from(same);
            if still >= care.sightings() && since.elapsed() >= care.longest_nap() {
                return Next::Still;
            }
            last = Some(now);
        }
        Next::Still
    }

    /// What the thread returns.
    ///
    /// # Panics
    ///
    /// With the thread's panic.
    pub fn join(self) -> T {
        match self.thread.join() {
            Ok(output) => output,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }

    fn must_not_nap(&self, naps: u64) {
        if naps > MOST_NAPS {
            self.recorder.fail(
                "busy-loop",
                format!("nothing has happened, and the thread has gone to sleep and got up {naps} times to look"),
            );
        }
    }
}

impl Care {
    /// How often in a row a thread has to be seen asleep, without having run in between.
    fn sightings(self) -> usize {
        match self {
            Care::Enough => 4,
            Care::Patient | Care::Certain => 8,
        }
    }

    /// Who sleeps for so long without a break waits for a wake, and not for a moment to pass. Counted in
    /// time, because a look takes long where the machine is busy.
    fn longest_nap(self) -> Duration {
        match self {
            Care::Enough => Duration::ZERO,
            Care::Patient | Care::Certain => Duration::from_millis(100),
        }
    }

    /// Where the system does not show what a thread does: how much of the processor's time it could have had
    /// meanwhile, and is taken for asleep then.
    fn share(self) -> Duration {
        match self {
            Care::Enough => Duration::from_millis(20),
            Care::Patient | Care::Certain => Duration::from_millis(200),
        }
    }

    /// After so many looks at a thread that neither sleeps nor tells anything, it is taken for busy. Who
    /// has to be certain waits for as long as it takes: the runner has a limit.
    fn looks(self) -> usize {
        match self {
            Care::Enough | Care::Patient => 300,
            Care::Certain => usize::MAX,
        }
    }
}
