//! 2.5: a queue between two threads, whose reader sleeps while it is empty.
//!
//! ```text
//! cargo run -p waker-timer --example notify
//! ```
//!
//! The writer notifies after each message. The reader looks *before* it waits, so a notification
//! that came earlier must not be lost (it is stored), and it looks again after each one, because
//! several may have been stored as one. Expect the numbers 1 to 5, each once and in order.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::thread;

use futures::executor::block_on;
use waker_timer::Notify;

/// A queue of one reader.
#[derive(Default)]
struct Mailbox {
    /// What was sent and not yet received.
    messages: Mutex<VecDeque<u32>>,
    /// Told after each change of `messages`.
    arrived: Notify,
}

impl Mailbox {
    fn send(&self, message: u32) {
        self.messages.lock().unwrap().push_back(message);
        self.arrived.notify_one();
    }

    async fn receive(&self) -> u32 {
        loop {
            let message = self.messages.lock().unwrap().pop_front();
            match message {
                Some(message) => return message,
                None => self.arrived.notified().await,
            }
        }
    }
}

fn main() {
    let mailbox = Arc::new(Mailbox::default());
    let writer = Arc::clone(&mailbox);
    let writer = thread::spawn(move || (1..=5).for_each(|number| writer.send(number)));
    block_on(async {
        for _ in 0..5 {
            println!("received {}", mailbox.receive().await);
        }
    });
    writer.join().expect("sending does not panic");
}
