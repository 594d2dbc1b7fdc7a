//! 5.3: what is asynchronous in traits and in closures.
//!
//! ```text
//! cargo run -p async-await --example traits_and_closures
//! ```
//!
//! Expect each line to say what it shows. (`async fn` in traits is there since Rust 1.75, async closures and
//! `AsyncFn` since 1.85.)

use std::fmt::Display;
use std::pin::Pin;

use executor::{ThreadPool, block_on};

/// An `async fn` in a trait. Each type has a future of its own kind, so there is no `dyn Greet`...
trait Greet {
    async fn greet(&self) -> String;
}

/// ...and where the caller is generic, nobody knows whether that future is `Send`. This trait promises it,
/// and is implemented with `async fn` all the same.
trait GreetAnywhere {
    fn greet_anywhere(&self) -> impl Future<Output = String> + Send;
}

/// What `dyn` asks for: one type for all futures, in a box.
trait GreetDyn {
    fn greet_dyn(&self) -> Pin<Box<dyn Future<Output = String> + '_>>;
}

struct English;
struct French(&'static str);

impl Greet for English {
    async fn greet(&self) -> String {
        "hello".into()
    }
}

impl Greet for French {
    async fn greet(&self) -> String {
        format!("bonjour, {}", self.0)
    }
}

impl GreetAnywhere for French {
    async fn greet_anywhere(&self) -> String {
        self.greet().await
    }
}

impl<G: Greet> GreetDyn for G {
    fn greet_dyn(&self) -> Pin<Box<dyn Future<Output = String> + '_>> {
        Box::pin(self.greet())
    }
}

async fn twice(greet: &impl Greet) -> String {
    format!("{0}, {0}", greet.greet().await)
}

/// On another thread: only because the trait says `Send`.
fn on_a_pool(greet: impl GreetAnywhere + Send + 'static) -> String {
    let pool = ThreadPool::new(1);
    let task = pool.spawn(async move { greet.greet_anywhere().await });
    block_on(task).expect("it does not panic")
}

/// Calls what is asynchronous again and again. With `Fn(&str) -> F` the future could not borrow the word.
async fn for_each(words: &[&str], mut work: impl AsyncFnMut(&str)) {
    for word in words {
        work(word).await;
    }
}

/// A future that held itself would have no size. In a box it has one.
async fn factorial(n: u64) -> u64 {
    match n {
        0 => 1,
        n => n * Box::pin(factorial(n - 1)).await,
    }
}

fn main() {
    show("an async fn in a trait", block_on(twice(&English)));
    show("a trait that promises Send", on_a_pool(French("Ann")));
    let everybody: [&dyn GreetDyn; 2] = [&English, &French("Bob")];
    for one in everybody {
        show("dyn, in boxes", block_on(one.greet_dyn()));
    }

    let mut letters = 0;
    block_on(for_each(&["one", "two", "three"], async |word| {
        letters += block_len(word).await;
    }));
    show("an async closure that borrows and changes", letters);
    show("recursion", block_on(factorial(10)));
}

async fn block_len(word: &str) -> usize {
    word.len()
}

fn show(what: &str, value: impl Display) {
    println!("{what}: {value}");
}
