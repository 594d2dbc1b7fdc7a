//! A count server of callbacks, on the bare [`IoBlocker`]: no task, no future, one thread.
//!
//! Each source has a callback, which is called when something has happened to it. It does what it can do without
//! waiting, and says what is to be called the next time. What a task keeps in the variables of its `async fn`,
//! and in the place where it waits, is put by hand into what the callbacks capture: the line so far, the part of
//! the answer that is not sent yet, and which of the callbacks it is.

use std::cell::Cell;
use std::collections::HashMap;
use std::io::{self, ErrorKind, Read, Write};
use std::rc::Rc;

use mio::event::Source;
use mio::net::{TcpListener, TcpStream};
use reactor::{Event, IoBlocker, Signals};

use crate::counting::{LONGEST_REQUEST, is_request};

/// What is called when something has happened to a source.
type Callback = Box<dyn FnMut(&mut EventLoop) -> Next>;

/// What follows a call.
enum Next {
    /// The same callback, the next time.
    Again,
    /// This one instead, and at once: what it waits for may be there already.
    Then(Callback),
    /// Nothing. The source goes with the callback that owns it, and is closed.
    Done,
}

/// Calls those to whom something has happened.
struct EventLoop {
    blocker: IoBlocker,
    /// By the number of their source.
    callbacks: HashMap<usize, Callback>,
    /// The number of the next source.
    next_id: usize,
}

/// Gives so many clients a number, each through `listener`.
///
/// # Errors
///
/// If the system lets nobody wait for sockets, or `listener` fails.
pub fn serve(listener: TcpListener, clients: usize) -> io::Result<()> {
    let mut events = EventLoop {
        blocker: IoBlocker::new()?,
        callbacks: HashMap::new(),
        next_id: 0,
    };
    events.add(listener, |listener| accept(listener, clients))?;
    events.run()
}

/// Takes clients, until it has had so many.
fn accept(listener: TcpListener, clients: usize) -> Callback {
    let count = Rc::new(Cell::new(0));
    let mut left = clients;
    Box::new(move |events| {
        while left > 0 {
            match listener.accept() {
                Ok((stream, _)) => {
                    left -= 1;
                    let count = Rc::clone(&count);
                    // Who cannot be waited for is sent away; the others are served.
                    let _ = events.add(stream, |stream| request(stream, count));
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Next::Again,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // It was about one caller, or there is no room now.
                Err(_) => left -= 1,
            }
        }
        Next::Done
    })
}

/// Waits for a client's line.
fn request(stream: TcpStream, count: Rc<Cell<u64>>) -> Callback {
    let mut stream = Some(stream);
    let mut line = Vec::new();
    Box::new(move |_| {
        let Some(socket) = &mut stream else {
            return Next::Done;
        };
        loop {
            let mut bytes = [0; LONGEST_REQUEST + 2];
            match socket.read(&mut bytes) {
                Ok(0) => return Next::Done,
                Ok(read) => line.extend_from_slice(&bytes[..read]),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Next::Again,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return Next::Done,
            }
            match line.iter().position(|byte| *byte == b'\n') {
                Some(end) if is_request(&line[..=end]) => break,
                None if line.len() <= LONGEST_REQUEST + 1 => {}
                _ => return Next::Done,
            }
        }
        // One thread, and nothing in between.
        count.set(count.get() + 1);
        let number = format!("{}\n", count.get()).into_bytes();
        (stream.take()).map_or(Next::Done, |stream| Next::Then(answer(stream, number)))
    })
}

/// Sends a client his number.
fn answer(mut stream: TcpStream, number: Vec<u8>) -> Callback {
    let mut sent = 0;
    Box::new(move |_| {
        while sent < number.len() {
            match stream.write(&number[sent..]) {
                Ok(0) => return Next::Done,
                Ok(written) => sent += written,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Next::Again,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return Next::Done,
            }
        }
        Next::Done
    })
}

impl EventLoop {
    /// From now on, what happens to `source` calls what `make` makes of it.
    fn add<S: Source>(
        &mut self,
        mut source: S,
        make: impl FnOnce(S) -> Callback,
    ) -> io::Result<()> {
        let id = self.next_id;
        let interest = Event {
            id,
            signals: Signals::READABLE | Signals::WRITABLE,
        };
        self.blocker.add_io_event_interest(&mut source, interest)?;
        self.next_id += 1;
        self.callbacks.insert(id, make(source));
        Ok(())
    }

    /// Calls, until there is nobody to call any more.
    fn run(&mut self) -> io::Result<()> {
        let mut events = Vec::new();
        while !self.callbacks.is_empty() {
            self.blocker.block(None, &mut events)?;
            for event in events.drain(..) {
                self.call(event.id);
            }
        }
        Ok(())
    }

    fn call(&mut self, id: usize) {
        // Out of the map while it runs: it may add others.
        let Some(mut callback) = self.callbacks.remove(&id) else {
            return;
        };
        loop {
            match callback(self) {
                Next::Again => break,
                Next::Then(next) => callback = next,
                Next::Done => return,
            }
        }
        self.callbacks.insert(id, callback);
    }
}
