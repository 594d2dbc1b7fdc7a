//! A source that no system knows: what an operation finds on it, the grader says.

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use course::Recorder;
use mio::{Interest, Registry, Token, event::Source};
use reactor::Direction;

/// How often an operation may be tried in one poll: who goes on is waiting inside it.
const MOST_ATTEMPTS_IN_A_POLL: usize = 100;

/// Both ends of a connection that is not there. Clones are of the same one.
#[derive(Clone)]
pub struct Wire {
    recorder: Recorder,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// How many operations will succeed, for each direction.
    ready: [usize; 2],
    /// The latest poll in which something was tried, and how often in that poll.
    round: (usize, usize),
    /// What happens when an operation has found nothing, before it says so; and how many such
    /// operations pass by before that one.
    ambush: Option<(usize, Box<dyn FnOnce() + Send>)>,
}

impl Wire {
    /// Nothing to read, and no room to write.
    pub fn new(recorder: &Recorder) -> Self {
        Wire {
            recorder: recorder.clone(),
            state: Arc::default(),
        }
    }

    /// Lets one more operation in this direction succeed.
    pub fn allow(&self, direction: Direction) {
        self.state().ready[direction as usize] += 1;
    }

    /// Runs `ambush` once, when an operation has found that it would block, and `skip` others before
    /// that have. It runs on the thread that tries: what needs a lock belongs into a `Race`.
    pub fn when_it_would_block(&self, skip: usize, ambush: impl FnOnce() + Send + 'static) {
        self.state().ambush = Some((skip, Box::new(ambush)));
    }

    /// Forgets an ambush that nobody has come by.
    pub fn call_off(&self) {
        self.state().ambush = None;
    }

    /// One operation in this direction.
    ///
    /// Fails with `blocking-poll` if one poll keeps trying.
    pub fn attempt(&self, direction: Direction) -> io::Result<&'static str> {
        let (operation, success) = match direction {
            Direction::Read => ("read", "a word"),
            Direction::Write => ("write", "written"),
        };
        let poll = self.recorder.polls_begun();
        let (found, ambush, attempts) = {
            let mut state = self.state();
            let (round, so_far) = state.round;
            state.round = (poll, if round == poll { so_far + 1 } else { 1 });
            let found = state.ready[direction as usize] > 0;
            let mut ambush = None;
            if found {
                state.ready[direction as usize] -= 1;
            } else {
                ambush = state.ambush.take_if(|(skip, _)| *skip == 0);
                if let Some((skip, _)) = &mut state.ambush {
                    *skip -= 1;
                }
            }
            (found, ambush, state.round.1)
        };
        self.recorder.called(format!(
            "{operation} → {}",
            if found { success } else { "WouldBlock" }
        ));
        if attempts > MOST_ATTEMPTS_IN_A_POLL {
            self.recorder.fail(
                "blocking-poll",
                format!("one poll has tried to {operation} {attempts} times, and does not return"),
            );
        }
        if let Some((_, ambush)) = ambush {
            ambush();
        }
        match found {
            true => Ok(success),
            false => Err(io::ErrorKind::WouldBlock.into()),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl io::Read for &Wire {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let word = self.attempt(Direction::Read)?.as_bytes();
        let length = word.len().min(bytes.len());
        bytes[..length].copy_from_slice(&word[..length]);
        Ok(length)
    }
}

impl Source for Wire {
    fn register(&mut self, _: &Registry, _: Token, _: Interest) -> io::Result<()> {
        Ok(())
    }

    fn reregister(&mut self, _: &Registry, _: Token, _: Interest) -> io::Result<()> {
        Ok(())
    }

    fn deregister(&mut self, _: &Registry) -> io::Result<()> {
        Ok(())
    }
}
