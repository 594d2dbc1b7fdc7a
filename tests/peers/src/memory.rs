//! What a task that waits takes, and a connection on which nothing comes.
//!
//! Each is measured in a process of its own: bytes by a counting allocator, and how much faster the
//! resident set grows than the number of tasks (pages, the allocator's own records included; what the
//! kernel keeps for a socket is in neither).

use std::future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::{process, thread};

use crate::child::Again;
use crate::counting;
use crate::echo::{MESSAGE, Server};
use crate::runtimes::Runtime;
use crate::yield_once::yield_once;

/// Tasks that are spawned before they are polled: no more lie in the queue at once, so that what is
/// measured are tasks and not a queue's capacity.
const AT_ONCE: u64 = 1000;

/// Memory of one of many.
#[derive(Clone, Copy, Debug)]
pub struct Each {
    /// Bytes that were asked of the allocator.
    pub bytes: f64,
    /// Bytes by which the resident set grew.
    pub resident: f64,
}

/// The memory of this process.
#[derive(Clone, Copy, Debug)]
struct Now {
    bytes: f64,
    resident: f64,
}

impl Now {
    fn look() -> Self {
        Self {
            bytes: counting::live() as f64,
            resident: resident() as f64,
        }
    }

    fn each_since(self, earlier: Self, count: u64) -> Each {
        Each {
            bytes: (self.bytes - earlier.bytes) / count as f64,
            resident: (self.resident - earlier.resident) / count as f64,
        }
    }
}

/// Bytes of this process that lie in memory; 0 where that is not known.
#[must_use]
pub fn resident() -> usize {
    memory_stats::memory_stats().map_or(0, |stats| stats.physical_mem)
}

impl Each {
    /// Asks a process of its own: `arguments` as [`tasks_main`] or [`connections_main`] takes them.
    pub fn ask(arguments: &[&str]) -> io::Result<Self> {
        let line = Again::start(arguments)?.hear()?;
        let numbers = (line.split_once(' '))
            .and_then(|(bytes, resident)| Some((bytes.parse().ok()?, resident.parse().ok()?)));
        let (bytes, resident) = numbers.ok_or_else(|| io::Error::other(line))?;
        Ok(Self { bytes, resident })
    }

    fn print(self) {
        println!("{} {}", self.bytes, self.resident);
    }
}

/// Memory of each of `count` idle tasks, without what the first tenth of them brought along. For a
/// task of the runtime, whose tasks then wait for ever.
pub async fn tasks<R: Runtime>(count: u64) -> Each {
    let polled = Arc::new(AtomicU64::new(0));
    spawn_idle::<R>(count / 10, &polled).await;
    let earlier = Now::look();
    let more = count - count / 10;
    spawn_idle::<R>(more, &polled).await;
    let each = Now::look().each_since(earlier, more);
    assert_eq!(polled.load(SeqCst), count, "{}: every task waits", R::NAME);
    each
}

/// Spawns tasks that wait for ever, and sees to it that each has begun to wait.
async fn spawn_idle<R: Runtime>(count: u64, polled: &Arc<AtomicU64>) {
    let target = polled.load(SeqCst) + count;
    let mut left = count;
    while left > 0 {
        for _ in 0..left.min(AT_ONCE) {
            let polled = Arc::clone(polled);
            R::detach(R::spawn(async move {
                polled.fetch_add(1, SeqCst);
                drop(polled);
                future::pending::<()>().await;
            }));
        }
        left -= left.min(AT_ONCE);
        while polled.load(SeqCst) < target - left {
            yield_once().await;
        }
    }
}

/// Memory of each of `count` idle connections in the server, its task and a buffer for one message
/// included, without what the first tenth of them brought along.
pub fn connections<S: Server>(count: usize) -> io::Result<Each> {
    let (sender, receiver) = std::sync::mpsc::channel();
    S::start().serve::<MESSAGE>(count, move |address| {
        thread::spawn(move || sender.send(load_and_look(address, count)));
    })?;
    receiver.recv().expect("the thread sends once")
}

fn load_and_look(address: SocketAddr, count: usize) -> io::Result<Each> {
    let first = count / 10;
    let mut client = Again::start(&["idle", &address.to_string(), &first.to_string()])?;
    client.hear()?;
    let earlier = Now::look();
    let more = count - first;
    client.say(&more.to_string())?;
    client.hear()?;
    Ok(Now::look().each_since(earlier, more as u64))
}

/// The process that [`Each::ask`] started, for tasks.
pub fn tasks_main<R: Runtime>(count: u64) {
    counting::start();
    R::new().run(async move {
        tasks::<R>(count).await.print();
        // Not every executor returns before its last task does, and these never do.
        process::exit(0);
    });
}

/// The process that [`Each::ask`] started, for connections.
pub fn connections_main<S: Server>(count: usize) -> io::Result<()> {
    let _raised = rlimit::increase_nofile_limit(u64::MAX);
    counting::start();
    connections::<S>(count)?.print();
    Ok(())
}
