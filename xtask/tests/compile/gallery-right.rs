// expect: pass
//! Two programs, each to be rejected.

// == moved ==

pub fn moved(text: String) -> (String, usize) {
    // Given away first.
    (text, text.len())
}

// == escapes ==

use std::pin::{Pin, pin};
pub fn escapes<T>(value: T) -> Pin<&'static mut T> {
    pin!(value)
}
