//! What moves, and what does not, by addresses alone: no pointer is followed here.
//!
//! `cargo run -p pinning --example addresses`

use std::future::poll_fn;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use pinning::SelfReference;

fn main() {
    println!("A value that may be moved, before its pointer is set:");
    let value = SelfReference::new("howdy");
    print("in one variable", &value);
    let value = Box::new(value);
    print("moved into a box", &value);

    println!("\nWith its pointer, in a pinned box:");
    let value = SelfReference::boxed("howdy");
    print("in the box", &value);
    let list = [value];
    print("the box moved into an array", &list[0]);

    println!("\nAn async block that borrows its own variable across an await:");
    let mut cx = Context::from_waker(Waker::noop());
    let mut future = pin!(async {
        let text = [0_u8; 64];
        let borrowed = &text;
        for _ in 0..2 {
            println!("  its variable lies at {:p}", borrowed);
            pending_once().await;
        }
    });
    println!(
        "  the future lies at   {:p}, {} bytes",
        &*future,
        size_of_val(&*future)
    );
    while future.as_mut().poll(&mut cx).is_pending() {}
}

/// Where the text lies, and where the pointer points to.
fn print(place: &str, value: &SelfReference) {
    let (text, pointer) = (value.address_of_a(), value.pointer());
    let judgement = match pointer.is_null() {
        true => "no pointer yet",
        false if text == pointer => "the pointer is right",
        false => "the pointer is wrong",
    };
    println!("  {place:26} text at {text:p}, pointer {pointer:p}: {judgement}");
}

/// Pending once; whoever polls here does not wait to be woken.
async fn pending_once() {
    let mut is_pending = true;
    poll_fn(move |_| match std::mem::take(&mut is_pending) {
        true => Poll::Pending,
        false => Poll::Ready(()),
    })
    .await;
}
