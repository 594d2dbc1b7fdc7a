//! A socket that the grader plays: it decides what arrives, between which two steps of a poll.

use std::{cell::RefCell, fmt, io};

use course::Recorder;
use simple_future::{Poll, ReadableSocket};

use super::text::Text;

/// How often a socket may be used within one poll: who goes on is waiting inside it.
const MOST_CALLS_IN_A_POLL: usize = 50;

/// The other end of a [`ReadableSocket`], in the grader's hands.
pub struct FakeSocket {
    /// The name in the trace.
    name: &'static str,
    /// Where the calls are written down.
    recorder: Recorder,
    /// What has arrived, and who is to be told.
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    /// What has arrived and was not read, in order. `End` and `Failure` stay once they have come.
    inbox: Vec<Arrival>,
    /// Taken when it is called: a callback is called once.
    callback: Option<fn()>,
    /// What will arrive in the middle of a poll, and where.
    ambush: Option<(Ambush, Arrival)>,
    /// How often the socket was used in all.
    calls: usize,
    /// How often something arrived or was read.
    happenings: usize,
    /// The latest poll in which it was used, and how often in that poll.
    round: (usize, usize),
}

/// What a socket can receive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// A piece of text, given by one `read_buf`.
    Data(&'static str),
    /// The end of the stream: reads as no bytes.
    End,
    /// The connection broke.
    Failure(io::ErrorKind),
}

/// A step within a poll, for something to arrive there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ambush {
    /// The code under test has just been told that there is nothing to read.
    AfterALookInVain,
    /// It is just setting its callback, which is not set yet.
    BeforeTheCallbackIsSet,
}

impl FakeSocket {
    /// The run's only socket: nothing has arrived.
    pub fn new(recorder: &Recorder) -> Self {
        FakeSocket::named(recorder, "socket")
    }

    /// One of several sockets.
    pub fn named(recorder: &Recorder, name: &'static str) -> Self {
        FakeSocket {
            name,
            recorder: recorder.clone(),
            state: RefCell::default(),
        }
    }

    /// Something arrives now: whoever set a callback before is called, on this thread.
    pub fn receive(&self, arrival: Arrival) {
        self.recorder.note(match self.name {
            "socket" => format!("peer {arrival}"),
            name => format!("{name} peer {arrival}"),
        });
        let callback = {
            let mut state = self.state.borrow_mut();
            state.inbox.push(arrival);
            state.happenings += 1;
            state.callback.take()
        };
        if let Some(callback) = callback {
            callback();
        }
    }

    /// Lets something arrive in the middle of the next poll.
    pub fn lie_in_wait(&self, when: Ambush, arrival: Arrival) {
        self.state.borrow_mut().ambush = Some((when, arrival));
    }

    /// Lets it arrive now if no poll has come by: then there was no race, and the usual rules hold.
    pub fn stop_waiting(&self) {
        let ambush = self.state.borrow_mut().ambush.take();
        if let Some((_, arrival)) = ambush {
            self.receive(arrival);
        }
    }

    /// How often the code under test has used the socket.
    pub fn calls(&self) -> usize {
        self.state.borrow().calls
    }

    /// How often something arrived or was read: a reason for a wake.
    pub fn happenings(&self) -> usize {
        self.state.borrow().happenings
    }

    /// Whether something has arrived and was not read.
    pub fn has_unread(&self) -> bool {
        !self.state.borrow().inbox.is_empty()
    }

    /// Notes a call. Fails with `blocking-poll` when one poll goes on and on.
    fn called(&self, call: &str) {
        self.recorder.called(format!("{}.{call}", self.name));
        let poll = self.recorder.polls_begun();
        let in_this_poll = {
            let mut state = self.state.borrow_mut();
            state.calls += 1;
            let (round, calls) = state.round;
            state.round = (poll, if round == poll { calls + 1 } else { 1 });
            state.round.1
        };
        if in_this_poll > MOST_CALLS_IN_A_POLL {
            self.recorder.fail(
                "blocking-poll",
                format!("one poll has used the socket {in_this_poll} times, and does not return while nothing arrives"),
            );
        }
    }

    fn spring(&self, now: Ambush) {
        let due = (self.state.borrow_mut().ambush).take_if(|(when, _)| *when == now);
        if let Some((_, arrival)) = due {
            self.receive(arrival);
        }
    }
}

impl ReadableSocket for FakeSocket {
    fn has_data_to_read(&self) -> bool {
        let answer = !self.state.borrow().inbox.is_empty();
        self.called(&format!("has_data_to_read() → {answer}"));
        if !answer {
            self.spring(Ambush::AfterALookInVain);
        }
        answer
    }

    fn read_buf(&self) -> io::Result<Vec<u8>> {
        let next = self.state.borrow().inbox.first().copied();
        if let Some(arrival) = next {
            let mut state = self.state.borrow_mut();
            state.happenings += 1;
            if let Arrival::Data(_) = arrival {
                state.inbox.remove(0);
            }
        }
        let answer = match next {
            None => Err(io::ErrorKind::WouldBlock.into()),
            Some(Arrival::Data(text)) => Ok(text.as_bytes().to_vec()),
            Some(Arrival::End) => Ok(Vec::new()),
            Some(Arrival::Failure(kind)) => Err(kind.into()),
        };
        self.called(&format!("read_buf() → {:?}", Text::of(&answer)));
        if next.is_none() {
            self.spring(Ambush::AfterALookInVain);
        }
        answer
    }

    fn set_readable_callback(&self, wake: fn()) {
        self.called("set_readable_callback(…)");
        self.spring(Ambush::BeforeTheCallbackIsSet);
        self.state.borrow_mut().callback = Some(wake);
    }
}

impl fmt::Display for Arrival {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Arrival::Data(text) => write!(f, "sends {text:?}"),
            Arrival::End => f.write_str("closes"),
            Arrival::Failure(kind) => write!(f, "is lost: {kind:?}"),
        }
    }
}

/// The rule that what arrives in the middle of a poll is not lost: the poll is ready with it, or the
/// wake is called.
///
/// Fails with `check-then-register`.
pub fn must_have_noticed<T>(recorder: &Recorder, polled: &Poll<T>, wake: &super::Wake) {
    if matches!(polled, Poll::Pending) && recorder.wakes_since_note(wake.name) == 0 {
        recorder.fail(
            "check-then-register",
            format!(
                "data came during the poll, before the callback was set; the poll answered Pending, and \
                 nobody calls wake {}",
                wake.name
            ),
        );
    }
}
