//! 5.3: async functions and blocks, and what their futures borrow or own.
//!
//! ```text
//! cargo run -p async-await --example blocks_and_borrows
//! ```
//!
//! Expect each line to say what it shows. What does not compile stands in comments; the exercise `borrowing`
//! has some of that.

#![allow(
    clippy::manual_async_fn,
    reason = "what `async fn` stands for is shown"
)]

use async_await::join;
use executor::block_on;
use std::fmt::Display;

async fn foo() -> u8 {
    5
}

/// An ordinary function that gives a future. The block's type has no name, only a trait.
fn bar() -> impl Future<Output = u8> {
    async {
        let x: u8 = foo().await;
        x + 5
    }
}

/// The future of this function borrows what `x` borrows: it must be awaited as long as that is there.
async fn borrow_x(x: &u8) -> u8 {
    *x
}

/// The same in full: it says what `async fn` does not show.
fn borrow_x_expanded<'a>(x: &'a u8) -> impl Future<Output = u8> + 'a {
    async move { *x }
}

/// Somebody to read from.
struct Words(Vec<&'static str>);

impl Words {
    /// Since edition 2024 the lifetimes need not be named: `impl Trait` may hold whatever the arguments borrow. Before,
    /// this was error E0700, and...
    fn read_to_string(&mut self, buffer: &mut String) -> impl Future<Output = usize> {
        async move {
            let words: String = self.0.drain(..).collect();
            buffer.push_str(&words);
            words.len()
        }
    }

    /// ...one had to write this.
    fn read_to_string_expanded<'a>(
        &'a mut self,
        buffer: &'a mut String,
    ) -> impl Future<Output = usize> + 'a {
        self.read_to_string(buffer)
    }
}

// fn bad() -> impl Future<Output = u8> {
//     let x = 5;
//     borrow_x(&x) // E0515: the future would outlive what it borrows.
// }

/// What the call borrows lies in the same future, so it lives as long.
fn good() -> impl Future<Output = u8> {
    async {
        let x = 5;
        borrow_x(&x).await
    }
}

/// Two blocks borrow one string: they cannot leave this function, and need not.
async fn blocks() -> (usize, usize) {
    let my_string = "foo".to_string();
    let future_one = async { my_string.len() };
    let future_two = async { my_string.len() };
    join(future_one, future_two).await
}

/// The block takes the string along: it may leave, and nobody else has the string.
fn move_block() -> impl Future<Output = String> + Send + 'static {
    let my_string = "foo".to_string();
    async move {
        let (once, twice) = join(async { my_string.len() }, async { my_string.len() }).await;
        format!("{my_string} {once} {twice}")
    }
}

fn main() {
    show("an async block inside a function", block_on(bar()));
    let x = 7;
    show("borrowed", block_on(borrow_x(&x)));
    show("borrowed, in full", block_on(borrow_x_expanded(&x)));
    let (mut words, mut buffer) = (Words(vec!["a", "b"]), String::new());
    let read = block_on(words.read_to_string(&mut buffer));
    show("borrowed twice, and given back", format!("{read} {buffer}"));
    words.0.push("c");
    let read = block_on(words.read_to_string_expanded(&mut buffer));
    show("the same, in full", format!("{read} {buffer}"));
    show("a local one, borrowed inside", block_on(good()));
    let (one, two) = block_on(blocks());
    show("two blocks and one string", one + two);
    show("a block with a string of its own", block_on(move_block()));
}

fn show(what: &str, value: impl Display) {
    println!("{what}: {value}");
}
