//! A self-reference that was moved, and what Miri says about it. This program is wrong on purpose.
//!
//! `cargo +nightly miri run -p pinning --example moved_self_reference`
//!
//! Without Miri it compares the addresses and stops: to follow the pointer is undefined behaviour, and
//! what such a program prints proves nothing. Often it is the right text.

use std::ptr;

/// The `Test` of the *Asynchronous Programming in Rust* book, with nothing that keeps it in its place.
struct Movable {
    a: String,
    b: *const String,
}

impl Movable {
    /// The mistake: the pointer is set, and then the value is moved to the caller.
    fn new(text: &str) -> Box<Self> {
        let mut value = Movable {
            a: text.to_owned(),
            b: ptr::null(),
        };
        value.b = &raw const value.a;
        Box::new(value)
    }
}

fn main() {
    let value = Movable::new("howdy");
    println!("the text lies at    {:p}", &raw const value.a);
    println!("the pointer goes to {:p}", value.b);
    if cfg!(miri) {
        // SAFETY: there is none, and Miri will say so.
        println!("{}", unsafe { &*value.b });
    } else {
        println!("to follow it is undefined behaviour: run this under Miri");
    }
}
