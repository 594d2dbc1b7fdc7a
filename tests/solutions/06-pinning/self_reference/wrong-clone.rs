// expect: fail copied-pointer
//! `derive(Clone)` copies the pointer, into the original.

use std::marker::PhantomPinned;
use std::pin::Pin;
use std::ptr;

/// A text, and a pointer to it.
#[derive(Debug, Clone)]
pub struct SelfReference {
    a: String,
    /// Null, or the address of `a`.
    b: *const String,
    _pin: PhantomPinned,
}

impl SelfReference {
    /// A text, and no pointer yet: the value that this returns is about to be moved.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self {
            a: text.to_owned(),
            b: ptr::null(),
            _pin: PhantomPinned,
        }
    }

    /// The same on the heap, with its pointer: what moves from here on is the box.
    #[must_use]
    pub fn boxed(text: &str) -> Pin<Box<Self>> {
        let mut b = Box::pin(Self::new(text));
        b.as_mut().init();
        b
    }

    /// Lets the pointer point to the text.
    pub fn init(self: Pin<&mut Self>) {
        // SAFETY: nothing is moved.
        let this = unsafe { self.get_unchecked_mut() };
        this.b = &raw const this.a;
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
        assert!(!self.b.is_null(), "init first");
        // SAFETY: set by init, pinned since.
        unsafe { &*self.get_ref().b }
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
