//! # Borrowing: two futures that outlive what they borrow
//!
//! A function that makes a future has returned long before the future is done. This program forgets that twice, and the
//! compiler does not: it rejects both functions. Make them compile.
//!
//! What is checked:
//!
//! 1. It compiles, without `unsafe`.
//! 2. `greet` answers a future that waits until the door opens, and then greets by name.
//! 3. `greet_all` has every guest greeted by a task of its own, all with the same words, and comes back at once.
//! 4. Nothing is leaked: the name goes with the future that greets, whether that was polled to its end, dropped in the
//!    middle or never polled. The words go with the last of the tasks, whether these have run or not.
//!
//! Settled: how you do it, and whether the future is made by an `async` block or by an `async fn`. To make a text of a
//! name or of the words before the future runs is fine. The types of the arguments are not known to be `Clone`: that
//! is what makes it interesting, so leave the bounds as they are.
//!
//! Read first: README.md, "Borrow or own". About 15 minutes.
//!
//! Check: `cargo xtask check-stage 5 --exercise borrowing`. At first that shows the compiler's words. Stuck:
//! `cargo xtask hint borrowing`.

use std::fmt::Display;

use executor::{JoinHandle, Spawner, yield_now};

/// A future that greets somebody by name, once the door opens.
pub fn greet<N, D>(name: N, door: D) -> impl Future<Output = String>
where
    N: Display + 'static,
    D: Future<Output = ()> + 'static,
{
    greeting(&name, door)
}

/// Waits for the door, then greets.
async fn greeting<N: Display>(name: &N, door: impl Future<Output = ()>) -> String {
    door.await;
    format!("Hello, {name}!")
}

/// Has every guest greeted by a task of its own, with the same words for all.
pub fn greet_all<W>(spawner: &Spawner, words: W, guests: Vec<String>) -> Vec<JoinHandle<String>>
where
    W: Display + Send + Sync + 'static,
{
    let mut tasks = Vec::new();
    for guest in guests {
        tasks.push(spawner.spawn(async {
            // Others have a turn before this one speaks.
            yield_now().await;
            format!("{words}, {guest}!")
        }));
    }
    tasks
}
