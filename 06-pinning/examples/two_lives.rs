//! The two lives of a future: until it is pinned it may go anywhere, and afterwards nowhere.
//!
//! `cargo run -p pinning --example two_lives`

use std::collections::HashMap;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::thread;

use executor::yield_now;

async fn greet(name: &str) -> String {
    let greeting = format!("howdy, {name}");
    let borrowed = &greeting;
    yield_now().await;
    borrowed.clone()
}

fn main() {
    // The first life. A future that was never polled is a value like any other: it is returned, put into a
    // map, taken out, sent to another thread.
    let mut waiting = HashMap::from([("ann", greet("Ann")), ("bob", greet("Bob"))]);
    let ann = waiting.remove("ann").expect("it was put there");
    let ann = thread::spawn(move || ann)
        .join()
        .expect("it does not panic");

    // To be polled it must be pinned, and to be pinned it must be owned: this is the last move.
    let mut ann = Box::pin(ann);
    let mut cx = Context::from_waker(Waker::noop());
    let address = address_of(&ann);
    assert!(ann.as_mut().poll(&mut cx).is_pending());

    // The second life. The box can go anywhere, and the future stays.
    let mut ann = thread::spawn(move || ann)
        .join()
        .expect("it does not panic");
    assert_eq!(address_of(&ann), address);
    // let ann = *ann;                      // error[E0507]: cannot move out of dereference of `Pin<Box<…>>`
    // let ann = Pin::into_inner(ann);      // error[E0277]: … cannot be unpinned
    match ann.as_mut().poll(&mut cx) {
        Poll::Ready(greeting) => println!("{greeting}, from {address:#x} all the time"),
        Poll::Pending => unreachable!("it yields once"),
    }
}

/// Where a boxed future lies.
fn address_of<F>(future: &Pin<Box<F>>) -> usize {
    (&raw const **future).addr()
}
