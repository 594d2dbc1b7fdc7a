//! 3.3: code inside of `poll` uses up the thread's park token: a `block_on` on bare `thread::park`
//! sleeps for ever, one with a state of its own goes on.
//!
//! ```text
//! cargo run -p executor --example eaten_token
//! ```
//!
//! The future wakes its task, then parks for reasons of its own (as a channel's `recv` does inside),
//! and is pending. Expect the bare version to be stuck, which is given up after half a second, and
//! the other to be done.

use std::pin::pin;
use std::sync::{Arc, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use futures::future::poll_fn;

/// Wakes by the thread's token, of which there is one for everybody.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn bare_block_on(future: impl Future<Output = ()>) {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    while future
        .as_mut()
        .poll(&mut Context::from_waker(&waker))
        .is_pending()
    {
        thread::park();
    }
}

/// Woken once, and ready at its second poll.
async fn eats_the_token() {
    let mut polls = 0;
    poll_fn(|cx| {
        polls += 1;
        if polls == 2 {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        // It returns at once: the token that the wake has left is there, and then it is not.
        thread::park_timeout(Duration::from_millis(10));
        Poll::Pending
    })
    .await;
}

/// Says whether `run` ends on a thread of its own within half a second.
fn ends(run: impl FnOnce() + Send + 'static) -> &'static str {
    let (say, hear) = mpsc::channel();
    // A thread that is stuck ends with the program.
    thread::spawn(move || {
        run();
        let _ = say.send(());
    });
    match hear.recv_timeout(Duration::from_millis(500)) {
        Ok(()) => "done",
        Err(_) => "stuck",
    }
}

fn main() {
    println!(
        "bare thread::park: {}",
        ends(|| bare_block_on(eats_the_token()))
    );
    println!(
        "our block_on:      {}",
        ends(|| executor::block_on(eats_the_token()))
    );
}
