//! The boxes may: the futures stay where they are, and only who owns them changes.

use std::pin::Pin;

fn swap<F: Future>(one: &mut Pin<Box<F>>, other: &mut Pin<Box<F>>) {
    std::mem::swap(one, other);
}

fn main() {
    let _ = swap::<std::future::Ready<()>>;
}
