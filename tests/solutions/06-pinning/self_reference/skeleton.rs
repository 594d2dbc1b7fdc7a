//! # Self-reference: a value with a pointer into itself
//!
//! An `async` block that borrows its own variable across an `.await` becomes a struct with a variable, and
//! beside it a pointer to that variable. Make such a struct by hand, and see to it that nobody can move it
//! once the pointer is set.
//!
//! What is checked:
//!
//! 1. `new` gives a text and no pointer: `pointer()` is null. The value may still be moved.
//! 2. Once it is pinned, safe code cannot move it: the type is not `Unpin`.
//! 3. From `init` on, `pointer()` equals `address_of_a()`, on the stack as in a box, whatever is done with the box.
//!    A second `init` changes nothing.
//! 4. `boxed` gives a value in a pinned box, with its pointer.
//! 5. `a` gives the text. `b` gives it by way of the pointer; before `init` it panics, and follows nothing.
//!
//! Of methods of your own one thing is checked, by the signature: a public one that gets a `Pin` gives no `&mut` to the value. What
//! moves the value in another way is just as wrong, and nobody here calls it.
//!
//! Settled: an offset in the place of a pointer is fine, as long as 3 holds. To be `Send` and `Sync` by a promise of your own is
//! sound here, and not asked for. Only addresses are compared before the pointer is followed: a wrong one is never followed by the
//! grader.
//!
//! Read first: README.md, "A pointer into itself". About 20 minutes.
//!
//! Check: `cargo xtask check-stage 6 --exercise self_reference`. Stuck: `cargo xtask hint self_reference`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_imports, unused_mut, unused_variables)]

use std::marker::PhantomPinned;
use std::pin::Pin;
use std::ptr;

/// A text, and a pointer to it.
#[derive(Debug)]
pub struct SelfReference {
    a: String,
    /// Null, or the address of `a`.
    b: *const String,
    // A raw pointer is `Unpin`, and so is a string. Is this struct?
}

impl SelfReference {
    /// A text, and no pointer yet: the value that this returns is about to be moved.
    #[must_use]
    pub fn new(text: &str) -> Self {
        todo!("a text and a null pointer")
    }

    /// The same on the heap, with its pointer: what moves from here on is the box.
    #[must_use]
    pub fn boxed(text: &str) -> Pin<Box<Self>> {
        todo!("first pin it, then set the pointer")
    }

    /// Lets the pointer point to the text.
    pub fn init(self: Pin<&mut Self>) {
        todo!("a `Pin` gives no `&mut` to what is not `Unpin`, unless you promise not to move it")
    }

    /// The text.
    #[must_use]
    pub fn a(self: Pin<&Self>) -> &str {
        todo!("a shared reference can be had from a `Pin` without any promise")
    }

    /// The text, by way of the pointer.
    ///
    /// # Panics
    ///
    /// Panics before [`init`](Self::init).
    #[must_use]
    pub fn b(self: Pin<&Self>) -> &str {
        todo!("follow the pointer, if there is one")
    }

    /// Where the text lies.
    #[must_use]
    pub fn address_of_a(&self) -> *const String {
        &raw const self.a
    }

    /// Where the pointer points to; null before [`init`](Self::init).
    #[must_use]
    pub fn pointer(&self) -> *const String {
        self.b
    }
}
