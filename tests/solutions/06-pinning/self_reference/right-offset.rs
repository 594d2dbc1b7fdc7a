// expect: pass
//! Where the text lies, counted from the beginning of the value: an offset stays right wherever the value goes.

use std::marker::PhantomPinned;
use std::mem;
use std::pin::Pin;
use std::ptr;

/// A text, and a pointer to it.
#[derive(Debug)]
pub struct SelfReference {
    a: String,
    /// From the beginning of the value to the text; set by `init`.
    offset: Option<usize>,
    /// Makes the struct `!Unpin`. A raw pointer alone does not: it is `Unpin`.
    _pinned: PhantomPinned,
}

impl SelfReference {
    /// A text, and no pointer yet: the value that this returns is about to be moved.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self {
            a: text.to_owned(),
            offset: None,
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
        this.offset = Some(mem::offset_of!(Self, a));
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
        assert!(self.offset.is_some(), "`b` was called before `init`");
        // SAFETY: the text lies so far from the beginning of this very value.
        unsafe { &*self.get_ref().pointer() }
    }

    /// Where the text lies.
    #[must_use]
    pub fn address_of_a(&self) -> *const String {
        &raw const self.a
    }

    /// Where the pointer points to; null before [`init`](Self::init).
    #[must_use]
    pub fn pointer(&self) -> *const String {
        match self.offset {
            Some(offset) => (&raw const *self).wrapping_byte_add(offset).cast(),
            None => ptr::null(),
        }
    }
}
