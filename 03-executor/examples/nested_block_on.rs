//! 3.3: `block_on` inside of `block_on` would stop the outer one; here it says so.
//!
//! ```text
//! cargo run -p executor --example nested_block_on
//! ```
//!
//! The inner call would put the thread to sleep, and with it every task that the outer one runs,
//! perhaps the very one that the inner one waits for. Expect the panic's message, then the same work
//! done with `.await`.

use std::panic::{self, catch_unwind};

use executor::block_on;

fn main() {
    // The message is printed below.
    panic::set_hook(Box::new(|_| {}));
    let nested = catch_unwind(|| block_on(async { block_on(async { 1 }) + 1 }));
    let _ = panic::take_hook();

    let payload = nested.expect_err("the inner call panics");
    let message = payload.downcast_ref::<String>();
    println!("{}", message.expect("it says why"));
    println!("awaited: {}", block_on(async { async { 1 }.await + 1 }));
}
