// expect: fail leaked-for-ever
//! The name and the words are dropped; the texts that were made of them live for ever.

use std::fmt::Display;

use executor::{JoinHandle, Spawner, yield_now};

/// A future that greets somebody by name, once the door opens.
pub fn greet<N, D>(name: N, door: D) -> impl Future<Output = String>
where
    N: Display + 'static,
    D: Future<Output = ()> + 'static,
{
    let name: &'static str = name.to_string().leak();
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
    let words: &'static str = words.to_string().leak();
    let mut tasks = Vec::new();
    for guest in guests {
        tasks.push(spawner.spawn(async move {
            // Others have a turn before this one speaks.
            yield_now().await;
            format!("{words}, {guest}!")
        }));
    }
    tasks
}
