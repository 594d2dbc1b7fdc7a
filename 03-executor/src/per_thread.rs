//! One executor a thread: a task stays where it was spawned.
//!
//! Nothing is shared but the order in which tasks are dealt out, so no thread ever waits for a lock
//! that another one holds for long, and a task's data stays in one processor's cache. The price is
//! that nobody helps: a thread with ten long tasks works while its neighbour sleeps. Where tasks are
//! many and alike (the connections of a server) that hardly matters; [`ThreadPool`] is for the rest.
//!
//! [`ThreadPool`]: crate::ThreadPool

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed, Ordering::SeqCst};
use std::sync::mpsc;
use std::task::Waker;
use std::thread;

use crate::context::{self, Handle};
use crate::enter::enter;
use crate::{Executor, JoinHandle, Parker, Spawner};

/// Threads with an executor each.
///
/// [`executor::spawn`](crate::spawn) inside a task spawns on the task's own thread.
///
/// Dropping it lets the polls that run come to their end, and ends the threads. Tasks that are not
/// done are dropped, and their handles get [`Cancelled`](crate::JoinError::Cancelled).
///
/// ```
/// use executor::{PerThread, block_on};
///
/// let threads = PerThread::new(2);
/// let [a, b] = [1, 2].map(|number| threads.spawn(async move { number * 10 }));
/// assert_eq!(block_on(a).unwrap() + block_on(b).unwrap(), 30);
/// ```
pub struct PerThread {
    threads: Vec<Member>,
    /// Whose turn it is to get a task.
    next: AtomicUsize,
    /// Set once, when all threads are to end.
    closed: Arc<AtomicBool>,
}

struct Member {
    spawner: Spawner,
    /// Calls the thread, when it is to end.
    unpark: Waker,
    thread: Option<thread::JoinHandle<()>>,
}

impl PerThread {
    /// Starts so many threads.
    ///
    /// # Panics
    ///
    /// Panics if `threads` is 0, and if the operating system has no thread left to give.
    #[must_use]
    pub fn new(threads: usize) -> Self {
        assert!(threads > 0, "without a thread no task would ever run");
        let closed = Arc::new(AtomicBool::new(false));
        let mut this = Self {
            threads: Vec::with_capacity(threads),
            next: AtomicUsize::new(0),
            closed,
        };
        for index in 0..threads {
            this.threads.push(Member::start(index, &this.closed));
        }
        this
    }

    /// Spawns a task on the next thread in turn.
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let next = self.next.fetch_add(1, Relaxed);
        self.threads[next % self.threads.len()]
            .spawner
            .spawn(future)
    }
}

impl Member {
    fn start(index: usize, closed: &Arc<AtomicBool>) -> Self {
        let closed = Arc::clone(closed);
        let (send, receive) = mpsc::channel();
        let run = move || {
            let parker = Parker::new();
            let (executor, spawner) = Executor::new(parker.waker());
            let _current = context::set(Handle::Spawner(spawner.clone()));
            let _ = send.send((spawner, parker.waker()));
            run(executor, &parker, &closed);
        };
        let name = format!("executor-{index}");
        let thread = thread::Builder::new().name(name).spawn(run);
        let thread = thread.expect("the operating system has a thread to give");
        let (spawner, unpark) = receive.recv().expect("sent before the thread can end");
        Self {
            spawner,
            unpark,
            thread: Some(thread),
        }
    }
}

/// Runs tasks until `closed`, then drops those that are left.
fn run(mut executor: Executor, parker: &Parker, closed: &AtomicBool) {
    /// How many tasks are polled between two looks at `closed`.
    const BUDGET: usize = 64;

    let _entered = enter("a thread of `PerThread`");
    while !closed.load(SeqCst) {
        if executor.turn(BUDGET) == 0 {
            parker.park();
        }
    }
}

impl Drop for PerThread {
    fn drop(&mut self) {
        self.closed.store(true, SeqCst);
        for member in &self.threads {
            member.unpark.wake_by_ref();
        }
        for member in &mut self.threads {
            let thread = member.thread.take().expect("taken here only");
            // A task may own all this: its thread ends when its poll does.
            if thread.thread().id() != thread::current().id() {
                let _ = thread.join();
            }
        }
    }
}

impl fmt::Debug for PerThread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PerThread")
            .field("threads", &self.threads.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::future::pending;

    use super::*;
    use crate::{block_on, yield_now};

    #[test]
    fn a_task_and_what_it_spawns_stay_where_they_are() {
        let threads = PerThread::new(3);
        let tasks: Vec<_> = (0..6)
            .map(|_| {
                threads.spawn(async {
                    let here = thread::current().id();
                    let child = crate::spawn(async { thread::current().id() });
                    for _ in 0..10 {
                        yield_now().await;
                        assert_eq!(thread::current().id(), here);
                    }
                    assert_eq!(child.await.unwrap(), here);
                    here
                })
            })
            .collect();
        let seen: HashSet<_> = tasks
            .into_iter()
            .map(|task| block_on(task).unwrap())
            .collect();
        assert_eq!(seen.len(), 3);
    }

    #[test]
    fn its_end_is_the_end_of_its_tasks() {
        let threads = PerThread::new(2);
        let tasks = [0, 1, 2].map(|_| threads.spawn(pending::<()>()));
        drop(threads);
        for task in tasks {
            assert!(block_on(task).unwrap_err().is_cancelled());
        }
    }

    #[test]
    fn a_task_may_drop_it() {
        let threads = PerThread::new(2);
        let (send, receive) = mpsc::channel::<PerThread>();
        let task = threads.spawn(async move { drop(receive.recv().unwrap()) });
        send.send(threads).unwrap();
        block_on(task).unwrap();
    }
}
