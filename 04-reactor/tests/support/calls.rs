//! The calls of a socket: written down, counted, and a place for what happens just then.

#![allow(dead_code, unreachable_pub)]

use std::{
    fmt, io,
    sync::{Mutex, MutexGuard, PoisonError},
};

use course::Recorder;

/// How often a socket may be asked within one poll: who goes on is waiting inside it.
const MOST_IN_A_POLL: usize = 100;

/// What to do about an answer that says so.
const WOULD_BLOCK: &str = ". After that, wait for the event: `poll_ready` is Ready, again and again, until `clear_ready` has told \
                           the reactor that there is nothing in this direction";

/// What was asked of one socket.
pub struct Calls {
    recorder: Recorder,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    all: usize,
    /// The latest poll in which there was one, and how many there were in that poll.
    round: (usize, usize),
    /// What happens within a call to come, and how many calls pass by before.
    ambush: Option<(usize, Box<dyn FnOnce() + Send>)>,
}

impl Calls {
    pub fn new(recorder: &Recorder) -> Self {
        Calls {
            recorder: recorder.clone(),
            state: Mutex::default(),
        }
    }

    /// How many there were.
    pub fn count(&self) -> usize {
        self.state().all
    }

    /// Runs `ambush` within the call that comes after `skip` others: what that call will say is fixed by
    /// then, and who called does not know it yet. It runs on the calling thread: what needs a lock belongs
    /// into a `Race`.
    pub fn within(&self, skip: usize, ambush: impl FnOnce() + Send + 'static) {
        self.state().ambush = Some((skip, Box::new(ambush)));
    }

    /// Does what was asked for, and writes it down.
    ///
    /// Fails with `blocking-poll` where a poll asks again and again.
    pub fn call<T: fmt::Debug>(
        &self,
        name: &str,
        work: impl FnOnce() -> io::Result<T>,
    ) -> io::Result<T> {
        let result = work();
        let text = match &result {
            Ok(value) => format!("{value:?}"),
            Err(error) => error_in_words(error),
        };
        self.recorder.called(format!("socket.{name} → {text}"));
        let (in_this_poll, ambush) = self.next();
        if in_this_poll > MOST_IN_A_POLL {
            let advice = match &result {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => WOULD_BLOCK,
                _ => "",
            };
            self.recorder.fail(
                "blocking-poll",
                format!(
                    "one poll has asked the socket {in_this_poll} times, and does not return; the last time \
                     it was `{name}`, and the answer `{text}`{advice}"
                ),
            );
        }
        if let Some(ambush) = ambush {
            ambush();
        }
        result
    }

    /// One call more: how many that makes in this poll, and what is to happen now.
    fn next(&self) -> (usize, Option<Box<dyn FnOnce() + Send>>) {
        let poll = self.recorder.polls_begun();
        let mut state = self.state();
        state.all += 1;
        let (round, so_far) = state.round;
        let in_this_poll = if poll > 0 && round == poll {
            so_far + 1
        } else {
            1
        };
        state.round = (poll, in_this_poll);
        let ambush = state.ambush.take_if(|(skip, _)| *skip == 0);
        if let Some((skip, _)) = &mut state.ambush {
            *skip -= 1;
        }
        (in_this_poll, ambush.map(|(_, ambush)| ambush))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An error as it is shown: by its kind, or as the system says it.
pub fn error_in_words(error: &io::Error) -> String {
    match error.raw_os_error() {
        Some(_) => error.to_string(),
        None => format!("{:?}", error.kind()),
    }
}
