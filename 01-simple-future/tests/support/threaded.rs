//! Tasks that threads wake, at any moment: during a poll, between two looks, in the middle of a sleep.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
        mpsc::{self, Sender},
    },
    thread::{self, JoinHandle},
};

use simple_future::{Poll, SimpleFuture};

/// A task that asks a thread for an answer, and again, and is ready after so many answers.
///
/// It cannot go on before the thread has called its wake: a wake that is lost holds it up for ever.
pub struct Echo {
    /// Brings the wake to the thread. Dropped with the task, which ends the thread.
    ask: Sender<fn()>,
    /// How often the thread has answered: it counts, and then wakes.
    answers: Arc<AtomicUsize>,
    asked: usize,
    rounds: usize,
    polls: Arc<AtomicUsize>,
    done: Arc<AtomicUsize>,
}

/// What is left to the grader of an [`Echo`].
pub struct EchoThread {
    thread: JoinHandle<()>,
    polls: Arc<AtomicUsize>,
    done: Arc<AtomicUsize>,
}

impl Echo {
    /// A task, and its thread.
    pub fn start(rounds: usize) -> (Echo, EchoThread) {
        let (ask, asked) = mpsc::channel::<fn()>();
        let answers = Arc::new(AtomicUsize::new(0));
        let (polls, done) = (Arc::default(), Arc::default());
        let counting = Arc::clone(&answers);
        let thread = thread::spawn(move || {
            for wake in asked {
                counting.fetch_add(1, SeqCst);
                wake();
            }
        });
        let echo = Echo {
            ask,
            answers,
            asked: 0,
            rounds,
            polls: Arc::clone(&polls),
            done: Arc::clone(&done),
        };
        let thread = EchoThread {
            thread,
            polls,
            done,
        };
        (echo, thread)
    }
}

impl SimpleFuture for Echo {
    type Output = ();

    fn poll(&mut self, wake: fn()) -> Poll<()> {
        self.polls.fetch_add(1, SeqCst);
        if self.answers.load(SeqCst) < self.asked {
            return Poll::Pending;
        }
        if self.asked == self.rounds {
            self.done.fetch_add(1, SeqCst);
            return Poll::Ready(());
        }
        self.asked += 1;
        self.ask
            .send(wake)
            .expect("the thread lives as long as the task");
        Poll::Pending
    }
}

impl EchoThread {
    /// Waits for the thread, whose task has been dropped. Says how often the task was polled, and how
    /// often it was ready.
    pub fn join(self) -> (usize, usize) {
        self.thread.join().expect("it counts and wakes");
        (self.polls.load(SeqCst), self.done.load(SeqCst))
    }
}
