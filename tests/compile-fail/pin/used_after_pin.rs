//! `pin!` moves what it is given: nobody can get at it by its old name, and so nobody can move it.

use std::pin::pin;

async fn hello() {}

fn main() {
    let future = hello();
    let _pinned = pin!(future);
    drop(future);
}
