//! A box has no frame: it may be given to the caller, and what is in it stays where it is.

use std::pin::Pin;

fn pinned<F: Future>(future: F) -> Pin<Box<F>> {
    Box::pin(future)
}

fn main() {
    let _ = pinned(async {});
}
