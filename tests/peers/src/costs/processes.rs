//! This program, started again.

use std::io::{self, BufRead, Write};
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;

use super::growth::Stopped;
use crate::child::Again;

/// Starts `count` processes that end at once, and waits for them.
pub fn create(count: usize) -> Duration {
    let start = Instant::now();
    let start_one = |_| Again::start(&["end"]).expect("a process more");
    let processes: Vec<_> = (0..count).map(start_one).collect();
    drop(processes);
    start.elapsed()
}

/// A line goes to another process and comes back, through two pipes. Processor time for half of it:
/// the two do the same, so it is what one of them takes for the whole.
pub fn switch(rounds: u32) -> Duration {
    let mut other = Again::start(&["echo"]).expect("a process more");
    let turn = |other: &mut Again| {
        other.say("").expect("it listens");
        other.hear().expect("it answers");
    };
    turn(&mut other);
    let start = ProcessTime::now();
    for _ in 0..rounds {
        turn(&mut other);
    }
    start.elapsed() / rounds
}

/// Processes that wait, as many as wanted or possible.
pub fn idle(count: usize, all: &mut Vec<Again>) -> Result<(), Stopped> {
    while all.len() < count {
        let mut process = Again::start(&["wait"]).map_err(|error| Stopped::by(&error))?;
        process.hear().map_err(|error| Stopped::by(&error))?;
        all.push(process);
    }
    Ok(())
}

/// In the other process: answers every line.
pub fn echo_main() -> io::Result<()> {
    let mut output = io::stdout();
    for line in io::stdin().lock().lines() {
        writeln!(output, "{}", line?)?;
        output.flush()?;
    }
    Ok(())
}

/// In the other process: says that it is there, and waits for the end of its input.
pub fn wait_main() -> io::Result<()> {
    println!("here");
    io::stdin().lines().for_each(drop);
    Ok(())
}
