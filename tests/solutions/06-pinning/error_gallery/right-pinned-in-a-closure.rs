// expect: pass
//! Pinned twice, pinned inside a closure, and behind a box.

// == needs_unpin ==
// The future of an `async` block may hold a reference into itself, so it is not `Unpin`.

fn needs_unpin<T: Unpin>(_: T) {}

pub fn program() {
    needs_unpin(async {})
}

// == used_after_pin ==

pub fn program(text: String) -> usize {
    let pinned = move || std::pin::pin!(text).len();
    pinned() + text.len()
}

// == pin_returned ==
// That variable belongs to the frame of the function.

pub fn program(text: String) -> std::pin::Pin<&'static mut String> {
    std::pin::pin!(text)
}

// == changed_behind_pin ==

pub fn program<F>(mut pinned: std::pin::Pin<Box<F>>, other: &mut F) {
    std::mem::swap(&mut *pinned, other)
}
