//! A future does nothing before it is polled.
//!
//!     cargo run -p simple-future --example lazy
//!
//! A letterbox is opened by a future. Watch the two counts: making the future polls nothing, the
//! first poll finds the box empty, the letter wakes the reader once, the second poll gives the letter.

use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use simple_future::{Poll, SimpleFuture};

/// How often `wake` was called. A static, because a `fn()` can reach nothing else.
static WAKES: AtomicU32 = AtomicU32::new(0);

fn wake() {
    WAKES.fetch_add(1, Relaxed);
}

/// A place where one letter arrives.
#[derive(Default)]
struct Letterbox {
    letter: RefCell<Option<&'static str>>,
    /// Whom to tell when it arrives.
    reader: Cell<Option<fn()>>,
    /// How often somebody has looked.
    polls: Cell<u32>,
}

impl Letterbox {
    fn post(&self, letter: &'static str) {
        *self.letter.borrow_mut() = Some(letter);
        if let Some(wake) = self.reader.take() {
            wake();
        }
    }
}

/// Ready when there is a letter.
struct NextLetter<'a>(&'a Letterbox);

impl SimpleFuture for NextLetter<'_> {
    type Output = &'static str;

    fn poll(&mut self, wake: fn()) -> Poll<&'static str> {
        self.0.polls.set(self.0.polls.get() + 1);
        match self.0.letter.take() {
            Some(letter) => Poll::Ready(letter),
            None => {
                self.0.reader.set(Some(wake));
                Poll::Pending
            }
        }
    }
}

fn main() {
    let letterbox = Letterbox::default();
    let show = |what: &str| {
        let (polls, wakes) = (letterbox.polls.get(), WAKES.load(Relaxed));
        println!("{what:<44} polls: {polls}  wakes: {wakes}");
    };

    let mut next = NextLetter(&letterbox);
    show("the future is made");
    let first = next.poll(wake);
    show(&format!("first poll: {first:?}"));
    letterbox.post("see you at six");
    show("a letter is posted");
    let second = next.poll(wake);
    show(&format!("second poll: {second:?}"));
}
