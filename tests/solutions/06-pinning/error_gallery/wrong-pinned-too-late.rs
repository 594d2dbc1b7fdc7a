// expect: fail other-reason
//! Given away before it is given to `pin!`: here `pin!` is the one that comes too late.

// == needs_unpin ==
// The future of an `async` block may hold a reference into itself, so it is not `Unpin`.

fn needs_unpin<T: Unpin>(_: T) {}

pub fn program() {
    needs_unpin(async {})
}

// == used_after_pin ==

pub fn program(text: String) {
    drop(text); std::pin::pin!(text);
}

// == pin_returned ==
// That variable belongs to the frame of the function.

pub fn program(text: String) -> std::pin::Pin<&'static mut String> {
    std::pin::pin!(text)
}

// == changed_behind_pin ==
// A pin gives a `&mut` only of what is `Unpin`, and of an `F` nobody knows that.

pub fn program<F>(mut pinned: std::pin::Pin<&mut F>, other: &mut F) {
    std::mem::swap(&mut *pinned, other)
}
