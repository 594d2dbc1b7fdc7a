// expect: fail blocking-poll
//! Has the whole thread sleep after an error of `incoming`.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::Stream;
use reactor::timeout;

use crate::lock::lock;
use crate::sync::{Arc, Mutex};
use crate::wait_queue::WaitQueue;
use crate::{next, race};

/// The end of a server, as all its parts see it. Clones are the same end.
#[derive(Clone, Debug, Default)]
pub struct Shutdown {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    begun: bool,
    inside: usize,
    wait_begun: WaitQueue,
    wait_empty: WaitQueue,
}

/// A connection is open as long as this lives.
#[derive(Debug)]
pub struct Inside {
    shutdown: Shutdown,
}

#[derive(Clone, Copy)]
enum What {
    Begun,
    Empty,
}

impl State {
    fn queue(&mut self, what: What) -> (bool, &mut WaitQueue) {
        match what {
            What::Begun => (self.begun, &mut self.wait_begun),
            What::Empty => (self.inside == 0, &mut self.wait_empty),
        }
    }
}

struct Wait<'a> {
    shutdown: &'a Shutdown,
    what: What,
    number: Option<u64>,
}

impl Future for Wait<'_> {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let waker = cx.waker().clone();
        let shutdown = self.shutdown;
        let mut state = lock(&shutdown.state);
        let (ready, queue) = state.queue(self.what);
        let old;
        let answer;
        if ready {
            old = self
                .number
                .take()
                .and_then(|n| queue.remove(n))
                .map(|(_, w)| w);
            answer = Poll::Ready(());
        } else {
            answer = Poll::Pending;
            old = match self.number {
                None => {
                    self.number = Some(queue.push((), waker));
                    None
                }
                Some(n) => match queue.set_waker(n, waker) {
                    Ok(old) => Some(old),
                    Err(waker) => {
                        self.number = Some(queue.push((), waker));
                        None
                    }
                },
            };
        }
        drop(state);
        drop(old);
        answer
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        if let Some(n) = self.number {
            let old = lock(&self.shutdown.state).queue(self.what).1.remove(n);
            drop(old);
        }
    }
}

impl Shutdown {
    /// Not yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    pub fn begin(&self) {
        let wakers = {
            let mut s = lock(&self.state);
            s.begun = true;
            s.wait_begun.drain()
        };
        for w in wakers {
            w.wake()
        }
    }

    #[must_use]
    pub fn is_begun(&self) -> bool {
        lock(&self.state).begun
    }

    pub async fn begun(&self) {
        Wait {
            shutdown: self,
            what: What::Begun,
            number: None,
        }
        .await
    }

    async fn empty(&self) {
        Wait {
            shutdown: self,
            what: What::Empty,
            number: None,
        }
        .await
    }

    pub async fn or<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        race(async { Some(future.await) }, async {
            self.begun().await;
            None
        })
        .await
    }

    pub fn enter(&self) -> Inside {
        lock(&self.state).inside += 1;
        Inside {
            shutdown: self.clone(),
        }
    }

    #[must_use]
    pub fn inside(&self) -> usize {
        lock(&self.state).inside
    }

    pub async fn drained(&self, grace: Duration) -> usize {
        match timeout(grace, self.empty()).await {
            Ok(()) => 0,
            Err(_) => self.inside(),
        }
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        let wakers = {
            let mut s = lock(&self.shutdown.state);
            s.inside -= 1;
            if s.inside > 0 {
                return;
            }
            s.wait_empty.drain()
        };
        for w in wakers {
            w.wake()
        }
    }
}

/// Serves each connection of `incoming` in a task of its own, until the shutdown begins. After that nobody
/// else is let in, and those who are inside have as long as `grace`. Gives the number of connections that
/// were cut off then.
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
    // those of this server alone, and the order to cut them off
    let ours = Shutdown::new();
    while let Some(stream) = race(
        async {
            shutdown.begun().await;
            None
        },
        async { Some(next(&mut incoming).await) },
    )
    .await
    {
        let stream = match stream {
            Some(Ok(stream)) => stream,
            Some(Err(_)) => {
                std::thread::sleep(Duration::from_secs(3));
                continue;
            }
            None => {
                shutdown.begun().await;
                break;
            }
        };
        let (inside, also) = (shutdown.enter(), ours.enter());
        let (cut, connection) = (ours.clone(), connection(stream));
        drop(executor::spawn(async move {
            race(async move { cut.begun().await }, connection).await;
            drop(inside);
            drop(also);
        }));
    }
    drop(incoming);
    let left = ours.drained(grace).await;
    if left > 0 {
        ours.begin();
        ours.empty().await;
    }
    left
}
