// expect: fail still-movable
//! It is not `Unpin`, and gives a `&mut` to itself all the same.

use std::marker::PhantomPinned;
use std::pin::Pin;
use std::ptr;

/// A text, and a pointer to it.
#[derive(Debug)]
pub struct SelfReference {
    a: String,
    /// Null, or the address of `a`.
    b: *const String,
    /// Makes the struct `!Unpin`. A raw pointer alone does not: it is `Unpin`.
    _pinned: PhantomPinned,
}

impl SelfReference {
    /// A text, and no pointer yet: the value that this returns is about to be moved.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self {
            a: text.to_owned(),
            b: ptr::null(),
            _pinned: PhantomPinned,
        }
    }

    /// The same on the heap, with its pointer: what moves from here on is the box.
    #[must_use]
    pub fn boxed(text: &str) -> Pin<Box<Self>> {
        let mut value = Box::pin(Self::new(text));
        value.as_mut().init();
        value
    }

    /// Lets the pointer point to the text.
    pub fn init(self: Pin<&mut Self>) {
        // SAFETY: nothing is moved out of it; one field is written.
        let this = unsafe { self.get_unchecked_mut() };
        this.b = &raw const this.a;
    }

    /// The value, to be changed.
    pub fn get_mut(self: Pin<&mut Self>) -> &mut Self {
        // SAFETY: none: who gets this may move the value.
        unsafe { self.get_unchecked_mut() }
    }

    /// The text.
    #[must_use]
    pub fn a(self: Pin<&Self>) -> &str {
        &self.get_ref().a
    }

    /// The text, by way of the pointer.
    ///
    /// # Panics
    ///
    /// Panics before [`init`](Self::init).
    #[must_use]
    pub fn b(self: Pin<&Self>) -> &str {
        assert!(!self.b.is_null(), "`b` was called before `init`");
        // SAFETY: `init` has set it to the address of `a`. It had a `Pin`, so `a` is still there; and
        // nothing in this module writes to `a`.
        unsafe { &*self.b }
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
