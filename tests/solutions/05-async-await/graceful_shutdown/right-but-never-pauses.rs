// expect: pass with advice no-pause
//! Asks for the next connection at once when one could not be accepted.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
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
    shared: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    /// Whether it is over.
    begun: bool,
    /// How many connections are open.
    inside: usize,
    /// Those who wait for the beginning of the end.
    waiting: WaitQueue,
    /// Those who wait for the last connection to go.
    draining: WaitQueue,
}

/// A connection is open as long as this lives.
#[derive(Debug)]
pub struct Inside {
    shutdown: Shutdown,
}

impl Shutdown {
    /// Not yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// From now on it is over. Twice is as good as once.
    pub fn begin(&self) {
        let mut state = lock(&self.shared);
        state.begun = true;
        let waiting = state.waiting.drain();
        drop(state);
        waiting.for_each(Waker::wake);
    }

    /// Whether it is over.
    #[must_use]
    pub fn is_begun(&self) -> bool {
        lock(&self.shared).begun
    }

    /// Waits until it is over.
    pub async fn begun(&self) {
        Wait::new(self, Until::Begun).await;
    }

    /// The output of `future`; `None` if it is over before that. The future is polled first: what is ready
    /// is not thrown away. So an idle connection waits for its next request.
    pub async fn or<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        let over = async {
            self.begun().await;
            None
        };
        race(async { Some(future.await) }, over).await
    }

    /// Counts a connection until what it gives is dropped, in whatever way its task ends.
    pub fn enter(&self) -> Inside {
        lock(&self.shared).inside += 1;
        Inside {
            shutdown: self.clone(),
        }
    }

    /// How many connections are open.
    #[must_use]
    pub fn inside(&self) -> usize {
        lock(&self.shared).inside
    }

    /// Waits until no connection is open, at most as long as `grace`, and says how many are left.
    ///
    /// # Panics
    ///
    /// Panics outside a runtime with timers.
    pub async fn drained(&self, grace: Duration) -> usize {
        let empty = Wait::new(self, Until::Empty);
        match timeout(grace, empty).await {
            Ok(()) => 0,
            Err(_) => self.inside(),
        }
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        let mut state = lock(&self.shutdown.shared);
        state.inside -= 1;
        let draining = (state.inside == 0).then(|| state.draining.drain());
        drop(state);
        draining.into_iter().flatten().for_each(Waker::wake);
    }
}

/// Serves each connection of `incoming` in a task of its own, until the shutdown begins. After that nobody
/// else is let in, and those who are inside have as long as `grace`. Gives the number of connections that
/// were cut off then.
///
/// A connection counts as inside from the moment at which it was accepted. That it ends when it is idle is its own
/// affair: [`Shutdown::or`] tells it when. What cannot be accepted is passed over.
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
    let rest = Shutdown::new();
    loop {
        // The end first: a crowd at the door must not hold it up.
        let over = async {
            shutdown.begun().await;
            None
        };
        match race(over, next(&mut incoming)).await {
            Some(Ok(stream)) => {
                // From now on, not from the task's first poll: who drains must not miss it.
                let inside = shutdown.enter();
                let connection = connection(stream);
                let rest = rest.clone();
                drop(executor::spawn(async move {
                    let _inside = inside;
                    rest.or(connection).await;
                }));
            }
            Some(Err(_)) => {}
            None => break,
        }
    }
    // Whoever calls now is told so at once.
    drop(incoming);
    let left = shutdown.drained(grace).await;
    rest.begin();
    left
}

/// What is waited for.
#[derive(Clone, Copy)]
enum Until {
    Begun,
    Empty,
}

impl State {
    fn is(&self, until: Until) -> bool {
        match until {
            Until::Begun => self.begun,
            Until::Empty => self.inside == 0,
        }
    }

    fn queue(&mut self, until: Until) -> &mut WaitQueue {
        match until {
            Until::Begun => &mut self.waiting,
            Until::Empty => &mut self.draining,
        }
    }
}

/// Waits for one of the two.
struct Wait<'a> {
    shutdown: &'a Shutdown,
    until: Until,
    /// Its number in the queue.
    number: Option<u64>,
}

impl<'a> Wait<'a> {
    fn new(shutdown: &'a Shutdown, until: Until) -> Self {
        Self {
            shutdown,
            until,
            number: None,
        }
    }

    /// Takes its waker out.
    fn leave(&mut self) {
        if let Some(number) = self.number.take() {
            let own = lock(&self.shutdown.shared).queue(self.until).remove(number);
            drop(own);
        }
    }
}

impl Future for Wait<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        // A new place at each poll: simpler than to look for the old one, and nobody pushes in.
        self.leave();
        let waker = cx.waker().clone();
        let mut state = lock(&self.shutdown.shared);
        if state.is(self.until) {
            drop(state);
            return Poll::Ready(());
        }
        let number = state.queue(self.until).push((), waker);
        drop(state);
        self.number = Some(number);
        Poll::Pending
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        self.leave();
    }
}
