// expect: fail not-smallest
//! The fault is the right one, in a program around it that it does not need.

// == needs_unpin ==

struct Timer {
    _stays: std::marker::PhantomPinned,
}

fn needs_unpin<T: Unpin>(_: T) {}

pub fn program() {
    let timer = Timer {
        _stays: std::marker::PhantomPinned,
    };
    needs_unpin(timer)
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
// A pin gives a `&mut` only of what is `Unpin`, and of an `F` nobody knows that.

pub fn program<F>(mut pinned: std::pin::Pin<&mut F>, other: &mut F) {
    std::mem::swap(&mut *pinned, other)
}
