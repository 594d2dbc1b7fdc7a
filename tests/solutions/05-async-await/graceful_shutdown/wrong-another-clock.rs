// expect: fail not-the-tests-time
//! Asks `Instant` how long to wait: right outside of tests that have a clock of their own.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use executor::JoinHandle;
use futures::Stream;
use reactor::timeout;

use crate::lock::lock;
use crate::sync::{Arc, Mutex};
use crate::wait_queue::WaitQueue;
use crate::{next, race};

#[derive(Debug, Default)]
struct State {
    begun: bool,
    inside: usize,
    enders: WaitQueue,
    drainers: WaitQueue,
}

/// The end of a server, as all its parts see it. Clones are the same end.
#[derive(Clone, Debug, Default)]
pub struct Shutdown {
    shared: Arc<Mutex<State>>,
}

/// A connection is open as long as this lives.
#[derive(Debug)]
pub struct Inside {
    shutdown: Shutdown,
}

#[derive(Clone, Copy)]
enum Which {
    Begun,
    Drained,
}

impl Which {
    fn queue(self, state: &mut State) -> &mut WaitQueue {
        match self {
            Which::Begun => &mut state.enders,
            Which::Drained => &mut state.drainers,
        }
    }
}

struct Wait<'a> {
    shutdown: &'a Shutdown,
    which: Which,
    number: Option<u64>,
}

impl Wait<'_> {
    fn queue<'s>(&self, state: &'s mut State) -> &'s mut WaitQueue {
        self.which.queue(state)
    }
    fn is_over(&self, state: &State) -> bool {
        match self.which {
            Which::Begun => state.begun,
            Which::Drained => state.inside == 0,
        }
    }
}

impl Future for Wait<'_> {
    type Output = ();
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        let waker = cx.waker().clone();
        let mut state = lock(&this.shutdown.shared);
        if this.is_over(&state) {
            return Poll::Ready(());
        }
        let queue = this.which.queue(&mut state);
        let spare = match this.number {
            Some(n) => match queue.set_waker(n, waker) {
                Ok(old) => Some(old),
                Err(w) => {
                    this.number = Some(queue.push((), w));
                    None
                }
            },
            None => {
                this.number = Some(queue.push((), waker));
                None
            }
        };
        drop(state);
        drop(spare);
        Poll::Pending
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        if let Some(n) = self.number.take() {
            let own = self.queue(&mut lock(&self.shutdown.shared)).remove(n);
            drop(own);
        }
    }
}

impl Shutdown {
    /// Not yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// From now on it is over.
    pub fn begin(&self) {
        let mut state = lock(&self.shared);
        state.begun = true;
        let wakers: Vec<Waker> = state.enders.drain().collect();
        drop(state);
        for w in wakers {
            w.wake();
        }
    }

    /// Whether it is over.
    #[must_use]
    pub fn is_begun(&self) -> bool {
        lock(&self.shared).begun
    }

    /// Waits until it is over.
    pub async fn begun(&self) {
        Wait {
            shutdown: self,
            which: Which::Begun,
            number: None,
        }
        .await
    }

    /// Or.
    pub async fn or<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        race(async { Some(future.await) }, async {
            self.begun().await;
            None
        })
        .await
    }

    /// Counts.
    pub fn enter(&self) -> Inside {
        lock(&self.shared).inside += 1;
        Inside {
            shutdown: self.clone(),
        }
    }

    /// How many.
    #[must_use]
    pub fn inside(&self) -> usize {
        lock(&self.shared).inside
    }

    /// Waits.
    ///
    /// # Panics
    ///
    /// Panics outside a runtime with timers.
    pub async fn drained(&self, grace: Duration) -> usize {
        let deadline = std::time::Instant::now() + grace;
        loop {
            let left = deadline.saturating_duration_since(std::time::Instant::now());
            let inside = self.inside();
            if inside == 0 || left.is_zero() {
                return inside;
            }
            let _ = timeout(
                left,
                Wait {
                    shutdown: self,
                    which: Which::Drained,
                    number: None,
                },
            )
            .await;
        }
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        let mut state = lock(&self.shutdown.shared);
        state.inside -= 1;
        let wakers: Vec<Waker> = if state.inside == 0 {
            state.drainers.drain().collect()
        } else {
            Vec::new()
        };
        drop(state);
        for w in wakers {
            w.wake();
        }
    }
}

/// Serves.
///
/// # Panics
///
/// Panics outside a runtime with timers.
pub async fn serve_connections<S, F>(
    mut incoming: impl Stream<Item = io::Result<S>> + Unpin,
    connection: impl Fn(S) -> F,
    shutdown: Shutdown,
    grace: Duration,
) -> usize
where
    F: Future<Output = ()> + Send + 'static,
{
    let mut tasks: Vec<JoinHandle<()>> = Vec::new();
    loop {
        let next_one = race(
            async {
                shutdown.begun().await;
                None
            },
            async { Some(next(&mut incoming).await) },
        )
        .await;
        let Some(came) = next_one else { break };
        match came {
            Some(Ok(stream)) => {
                let inside = shutdown.enter();
                let work = connection(stream);
                tasks.retain(|t| !t.is_finished());
                tasks.push(executor::spawn(async move {
                    let _inside = inside;
                    work.await;
                }));
            }
            Some(Err(_)) => {
                let _ = race(shutdown.begun(), reactor::sleep(Duration::from_millis(100))).await;
            }
            None => break,
        }
    }
    drop(incoming);
    let left = shutdown.drained(grace).await;
    for task in &tasks {
        task.abort();
    }
    left
}
