//! A program in a process group of its own: watched while it runs, and gone as a whole afterwards.

use std::{
    io::Read,
    process::{Command, ExitStatus, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender},
    thread,
    time::{Duration, Instant},
};

use crate::{group::Group, interrupt};

/// How often a silent process is looked at: for its end, its limits and an interruption.
const SLICE: Duration = Duration::from_millis(20);
/// How long the rest of the output is waited for once the group is dead. Normally both pipes close
/// at once; only a process that has left its group can hold them open, and it shall not hold us.
const REST: Duration = Duration::from_secs(10);

/// A piece of what the process printed.
pub(crate) enum Chunk {
    /// On standard output.
    Stdout(Vec<u8>),
    /// On standard error.
    Stderr(Vec<u8>),
    /// One of the two has come to its end.
    Closed,
}

/// How it ended.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ended {
    /// By itself, or by a signal.
    Status(ExitStatus),
    /// It was killed because it ran longer than it may.
    Time,
    /// It was killed because the watcher had seen enough.
    Stopped,
}

/// Who looks on, and may end the process.
pub(crate) trait Watcher {
    /// Something was printed; `false` ends the process.
    fn printed(&mut self, chunk: Chunk) -> bool;
    /// Some milliseconds have passed; `false` ends the process.
    fn tick(&mut self) -> bool {
        true
    }
}

/// Runs the command to its end, or for the given time. Whatever happens, nothing of its group is
/// left running.
pub(crate) fn run(
    command: Command,
    time: Option<Duration>,
    watcher: &mut impl Watcher,
) -> anyhow::Result<Ended> {
    let mut child = spawn(command)?;
    let chunks = listen(&mut child);
    let ended = watch(&mut child, &chunks, time, watcher);
    // Also after a normal end: the program may have left children behind.
    child.kill();
    if !matches!(ended, Ok(Ended::Status(_))) {
        let _ = child.wait();
    }
    while let Ok(chunk) = chunks.recv_timeout(REST) {
        if !watcher.printed(chunk) {
            break;
        }
    }
    ended
}

fn spawn(mut command: Command) -> std::io::Result<Group> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    Group::spawn(command)
}

fn listen(child: &mut Group) -> Receiver<Chunk> {
    // Bounded: a flood of output waits in the pipe, not in this process's memory.
    let (sender, receiver) = mpsc::sync_channel(16);
    let (stdout, stderr) = child.output();
    let stdout = stdout.expect("standard output is piped");
    let stderr = stderr.expect("standard error is piped");
    let other = sender.clone();
    thread::spawn(move || forward(stdout, &sender, Chunk::Stdout));
    thread::spawn(move || forward(stderr, &other, Chunk::Stderr));
    receiver
}

fn forward(mut pipe: impl Read, sender: &SyncSender<Chunk>, chunk: fn(Vec<u8>) -> Chunk) {
    let mut buffer = vec![0; 64 << 10];
    while let Ok(length @ 1..) = pipe.read(&mut buffer) {
        if sender.send(chunk(buffer[..length].to_vec())).is_err() {
            return;
        }
    }
    let _ = sender.send(Chunk::Closed);
}

fn watch(
    child: &mut Group,
    chunks: &Receiver<Chunk>,
    time: Option<Duration>,
    watcher: &mut impl Watcher,
) -> anyhow::Result<Ended> {
    let begin = Instant::now();
    let mut open = 2;
    loop {
        let received = match open {
            // Both pipes are closed, so the end is near.
            0 => {
                thread::sleep(Duration::from_millis(1));
                Err(RecvTimeoutError::Timeout)
            }
            _ => chunks.recv_timeout(SLICE),
        };
        match received {
            Ok(Chunk::Closed) => open -= 1,
            Ok(chunk) => {
                if !watcher.printed(chunk) {
                    return Ok(Ended::Stopped);
                }
            }
            Err(_) => {
                interrupt::check()?;
                if let Some(status) = child.try_wait()? {
                    return Ok(Ended::Status(status));
                }
                if !watcher.tick() {
                    return Ok(Ended::Stopped);
                }
            }
        }
        if time.is_some_and(|limit| begin.elapsed() > limit) {
            return Ok(Ended::Time);
        }
    }
}
