//! # Make it Send: three futures that no pool of threads takes
//!
//! This program does not compile. It is a fair one: each of its three futures does what it says, and on
//! one thread each would run. But `begin` gives them to an executor that has several threads, and that goes on with a
//! task on whichever of them is free. None of the three can be moved like that. Find out what keeps each of
//! them where it is, and let it go.
//!
//! What is checked:
//!
//! 1. It compiles, without `unsafe`: the futures of [`report`], [`pass_on`] and [`sign`] are `Send` if what they
//!    are given is.
//! 2. `report` waits for its two futures one after the other, in their order, and says what each has brought.
//! 3. `pass_on` sends a good number on, and is ready when it is sent. Of a bad line it says what is wrong, and sends
//!    nothing.
//! 4. `sign` enters the name *before* it waits, and keeps nobody from the book *while* it waits.
//! 5. A call alone does nothing. Each future can be polled on one thread now, and on another one later.
//!
//! Settled: how you do it. What is private you may change, move or throw away, and new functions are fine. The names of
//! the public functions, their arguments and their outputs stay; `begin` stays as it is.
//!
//! Read first: README.md, "What a task carries". Do `borrowing` before this. About 20 minutes.
//!
//! Check: `cargo xtask check-stage 5 --exercise make_it_send`. At first that shows the compiler's words: read them
//! to the end, each says *which value* and *which await*. Stuck: `cargo xtask hint make_it_send`.

use std::cell::RefCell;
use std::error::Error;
use std::future::ready;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use executor::{JoinHandle, yield_now};

/// Waits for two downloads, one after the other, and says how much each has brought.
pub async fn report<A, B>(first: A, second: B) -> Vec<String>
where
    A: Future<Output = usize>,
    B: Future<Output = usize>,
{
    let lines = Rc::new(RefCell::new(Vec::new()));
    let notebook = Rc::clone(&lines);
    let note = move |what: &str, bytes: usize| {
        notebook.borrow_mut().push(format!("{what}: {bytes} bytes"));
    };
    let bytes = first.await;
    note("first", bytes);
    let bytes = second.await;
    note("second", bytes);
    lines.take()
}

/// Sends the number on that a line holds, or says what is wrong with the line.
pub async fn pass_on<F>(line: String, send: impl FnOnce(u32) -> F) -> Result<(), String>
where
    F: Future<Output = ()>,
{
    match number(&line) {
        Ok(number) => {
            send(number).await;
            Ok(())
        }
        Err(error) => Err(error.to_string()),
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
pub async fn sign<D>(book: Arc<Mutex<Vec<String>>>, name: String, door: D) -> usize
where
    D: Future<Output = ()>,
{
    let mut names = book.lock().expect("nobody panics with the book in hand");
    names.push(name);
    let place = names.len();
    drop(names);
    door.await;
    place
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
