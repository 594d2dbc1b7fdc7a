//! Two futures may not change places once they are pinned.

use std::pin::Pin;

fn swap<F: Future>(one: Pin<&mut F>, other: &mut F) {
    std::mem::swap(&mut *one, other);
}

fn main() {
    let _ = swap::<std::future::Ready<()>>;
}
