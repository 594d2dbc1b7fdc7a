// expect: fail other-reason
//! A pin of a shared reference: that gives no `&mut` without any pin either.

// == needs_unpin ==
// The future of an `async` block may hold a reference into itself, so it is not `Unpin`.

fn needs_unpin<T: Unpin>(_: T) {}

pub fn program() {
    needs_unpin(async {})
}

// == used_after_pin ==
// `pin!` moves its argument into a variable without a name. Nobody can move it from there.

pub fn program(text: String) -> String {
    let _pinned = std::pin::pin!(text);
    text
}

// == pin_returned ==
// That variable belongs to the frame of the function.

pub fn program(text: String) -> std::pin::Pin<&'static mut String> {
    std::pin::pin!(text)
}

// == changed_behind_pin ==

pub fn program(pinned: &mut std::pin::Pin<&u8>, other: &mut u8) {
    std::mem::swap(&mut **pinned, other)
}
