// expect: fail eager
//! No longer an `async fn`: it signs when it is called, and the future has only the wait in it.

use std::error::Error;
use std::future::ready;
use std::sync::{Arc, Mutex};

use executor::{JoinHandle, yield_now};

/// Waits for two downloads, and says how much each has brought.
pub async fn report<A, B>(first: A, second: B) -> Vec<String>
where
    A: Future<Output = usize>,
    B: Future<Output = usize>,
{
    let mut lines = Vec::new();
    lines.push(format!("first: {} bytes", first.await));
    lines.push(format!("second: {} bytes", second.await));
    lines
}

/// Sends the number on that a line holds, or says what is wrong with the line.
pub async fn pass_on<F>(line: String, send: impl FnOnce(u32) -> F) -> Result<(), String>
where
    F: Future<Output = ()>,
{
    let number = number(&line).map_err(|error| error.to_string());
    match number {
        Ok(number) => {
            send(number).await;
            Ok(())
        }
        Err(error) => Err(error),
    }
}

/// The number in a line.
fn number(line: &str) -> Result<u32, Box<dyn Error>> {
    let number = line.trim().parse()?;
    if number == 0 {
        return Err("there is nothing to send".into());
    }
    Ok(number)
}

/// Enters a name into the guest book, waits until the door opens, and says which place in the book it was.
pub fn sign<D>(book: Arc<Mutex<Vec<String>>>, name: String, door: D) -> impl Future<Output = usize>
where
    D: Future<Output = ()>,
{
    let place = {
        let mut b = book.lock().expect("nobody panics with the book in hand");
        b.push(name);
        b.len()
    };
    async move {
        door.await;
        place
    }
}

/// What `begin` gives back: the three tasks.
pub type Tasks = (
    JoinHandle<Vec<String>>,
    JoinHandle<Result<(), String>>,
    JoinHandle<usize>,
);

/// Makes three tasks of the executor around it. It is there to be compiled: leave it as it is.
pub fn begin(book: Arc<Mutex<Vec<String>>>) -> Tasks {
    (
        executor::spawn(report(ready(3), ready(4))),
        executor::spawn(pass_on("7".into(), |_| yield_now())),
        executor::spawn(sign(book, "Ada".into(), yield_now())),
    )
}
