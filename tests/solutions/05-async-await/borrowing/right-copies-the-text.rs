// expect: pass
//! What is needed is the text, and that can be copied: at the call, before anything runs.

use std::fmt::Display;

use executor::{JoinHandle, Spawner, yield_now};

/// A future that greets somebody by name, once the door opens.
pub fn greet<N, D>(name: N, door: D) -> impl Future<Output = String>
where
    N: Display + 'static,
    D: Future<Output = ()> + 'static,
{
    let name = name.to_string();
    async move {
        door.await;
        format!("Hello, {name}!")
    }
}

/// Has every guest greeted by a task of its own, with the same words for all.
pub fn greet_all<W>(spawner: &Spawner, words: W, guests: Vec<String>) -> Vec<JoinHandle<String>>
where
    W: Display + Send + Sync + 'static,
{
    let mut tasks = Vec::new();
    for guest in guests {
        let text = format!("{words}, {guest}!");
        tasks.push(spawner.spawn(async move {
            // Others have a turn before this one speaks.
            yield_now().await;
            text
        }));
    }
    tasks
}
