// expect: does-not-compile missing-move
//! An `Arc` for every task, and each task borrows its `Arc` from the loop (rust-lang/rust#78938).

use std::fmt::Display;
use std::sync::Arc;

use executor::{JoinHandle, Spawner, yield_now};

/// A future that greets somebody by name, once the door opens.
pub fn greet<N, D>(name: N, door: D) -> impl Future<Output = String>
where
    N: Display + 'static,
    D: Future<Output = ()> + 'static,
{
    // The block owns the name, and the future inside borrows it from the block: both live equally long.
    async move { greeting(&name, door).await }
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
    // No task is sure to outlive the others, so none can be the one that the others borrow from.
    let words = Arc::new(words);
    let mut tasks = Vec::new();
    for guest in guests {
        let words = Arc::clone(&words);
        tasks.push(spawner.spawn(async {
            // Others have a turn before this one speaks.
            yield_now().await;
            format!("{words}, {guest}!")
        }));
    }
    tasks
}
