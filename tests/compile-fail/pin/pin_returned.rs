//! `pin!` pins to the frame of the function around it, and that ends with the call.

use std::pin::{Pin, pin};

fn pinned<F: Future>(future: F) -> Pin<&'static mut F> {
    pin!(future)
}

fn main() {
    let _ = pinned(async {});
}
