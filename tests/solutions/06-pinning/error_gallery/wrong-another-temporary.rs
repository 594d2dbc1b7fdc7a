// expect: fail other-reason
//! There is a `pin!` in the line, and what the caller is given is something else of this function.

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

pub fn program(text: &str) -> &'static String {
    &String::from(*std::pin::pin!(text))
}

// == changed_behind_pin ==
// A pin gives a `&mut` only of what is `Unpin`, and of an `F` nobody knows that.

pub fn program<F>(mut pinned: std::pin::Pin<&mut F>, other: &mut F) {
    std::mem::swap(&mut *pinned, other)
}
