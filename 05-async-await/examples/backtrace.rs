//! 5.11: what a backtrace shows inside nested async functions.
//!
//! ```text
//! cargo run -p async-await --example backtrace
//! ```
//!
//! Expect one frame for each of three async functions, the innermost first: each is the `poll` of one
//! state machine, called by the one that awaits it. Their names tell little (`{async_fn#0}`), their
//! places do. Below them lies the runtime; and `spawns_it` is not among them, for it returned long ago.

use std::backtrace::Backtrace;
use std::io;
use std::time::Duration;

use executor::JoinHandle;
use reactor::{Runtime, sleep};

async fn outer() {
    middle().await;
}

async fn middle() {
    // Back to the runtime: these frames are gone, and come again with the next poll.
    sleep(Duration::from_millis(1)).await;
    inner().await;
}

async fn inner() {
    let backtrace = Backtrace::force_capture().to_string();
    println!("In `inner`:");
    show(&backtrace);
}

fn spawns_it(runtime: &Runtime) -> JoinHandle<()> {
    runtime.spawn(outer())
}

fn main() -> io::Result<()> {
    let mut runtime = Runtime::new()?;
    let task = spawns_it(&runtime);
    runtime.block_on(task).expect("it does not panic");
    Ok(())
}

/// Prints the frames of this file, and how many of what lie between them.
fn show(backtrace: &str) {
    let mut others = (0, "");
    // A frame is two lines: "  12: its name", and "at " its place.
    let lines: Vec<_> = backtrace.lines().map(str::trim).collect();
    for frame in lines.windows(2) {
        let (Some((number, name)), Some(place)) =
            (frame[0].split_once(": "), frame[1].strip_prefix("at "))
        else {
            continue;
        };
        let whose = owner(place);
        if whose != others.1 {
            show_others(others);
            others = (0, whose);
        }
        others.0 += 1;
        if let Some(function) = function_at(place) {
            println!("{number:>4}  {name:<32} {function}");
            others = (0, "");
        }
    }
    show_others(others);
}

fn show_others((frames, whose): (usize, &str)) {
    if frames > 0 {
        println!("      ({frames} of {whose})");
    }
}

/// Whom a source file belongs to.
fn owner(place: &str) -> &'static str {
    let owners = [
        ("03-executor", "the executor, which polls the task"),
        (
            "04-reactor",
            "the runtime's loop, which has the executor take its turn",
        ),
        ("02-waker-timer", "the executor, which polls the task"),
    ];
    let owner = owners.iter().find(|(folder, _)| place.contains(folder));
    owner.map_or("std", |(_, owner)| owner)
}

/// The line of this file with the function that a place of this file lies in.
fn function_at(place: &str) -> Option<&'static str> {
    // The standard library has a file of this name, too.
    let (_, place) = place.split_once("05-async-await")?;
    let (_, line) = place.split_once("backtrace.rs:")?;
    let line: usize = line.split(':').next()?.parse().ok()?;
    let source = include_str!("backtrace.rs").lines().take(line);
    let functions = source.filter(|line| line.contains("fn ") && line.ends_with('{'));
    functions.last().map(|line| line.trim_end_matches(" {"))
}
