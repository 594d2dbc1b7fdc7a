//! Many futures at once, in one task.
//!
//! To poll all of a thousand futures whenever one of them is woken would be a thousand polls for one.
//! So each gets a waker of its own, which notes *which* one was woken before it wakes the task: an
//! executor inside a task.

use std::fmt;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, Wake, Waker};

use waker_timer::AtomicWaker;

use crate::lock::lock;
use crate::sync::{Arc, Mutex};

/// Runs all, and gives all outputs, in the order of the futures, when the last is there.
///
/// ```
/// use async_await::join_all;
///
/// let squares = join_all((1..=3).map(|number| async move { number * number }));
/// assert_eq!(executor::block_on(squares), [1, 4, 9]);
/// ```
pub fn join_all<F: Future>(futures: impl IntoIterator<Item = F>) -> JoinAll<F> {
    let woken = Arc::new(Woken {
        numbers: Mutex::new(Vec::new()),
        task: AtomicWaker::new(),
    });
    let children: Vec<_> = (futures.into_iter().enumerate())
        .map(|(number, future)| Child::Runs {
            future: Box::pin(future),
            waker: Waker::from(Arc::new(ChildWaker {
                number,
                woken: Arc::clone(&woken),
            })),
        })
        .collect();
    // Nobody has been polled, so everybody is to be.
    *lock(&woken.numbers) = (0..children.len()).collect();
    JoinAll {
        left: children.len(),
        children,
        woken,
    }
}

/// Made by [`join_all`].
#[must_use = "futures do nothing unless polled"]
pub struct JoinAll<F: Future> {
    /// One for each future.
    children: Vec<Child<F>>,
    /// How many are not done.
    left: usize,
    /// Which are to be polled.
    woken: Arc<Woken>,
}

enum Child<F: Future> {
    Runs { future: Pin<Box<F>>, waker: Waker },
    Done(F::Output),
}

// The futures lie in boxes, and the outputs are moved, never pinned.
impl<F: Future> Unpin for JoinAll<F> {}

/// Which children were woken, and the task that they are part of.
struct Woken {
    /// In the order of the wakes; a number may be there twice.
    numbers: Mutex<Vec<usize>>,
    task: AtomicWaker,
}

/// Wakes the task, and notes for whom.
struct ChildWaker {
    number: usize,
    woken: Arc<Woken>,
}

impl Wake for ChildWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        // The note before the wake: the poll that follows must find it.
        lock(&self.woken.numbers).push(self.number);
        self.woken.task.wake();
    }
}

impl<F: Future> Future for JoinAll<F> {
    type Output = Vec<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        // Registered, then looked: a wake from here on comes to the task.
        this.woken.task.register(cx.waker());
        let woken = mem::take(&mut *lock(&this.woken.numbers));
        for number in woken {
            let child = &mut this.children[number];
            let Child::Runs { future, waker } = child else {
                continue;
            };
            if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(waker)) {
                *child = Child::Done(output);
                this.left -= 1;
            }
        }
        if this.left > 0 {
            return Poll::Pending;
        }
        let outputs = mem::take(&mut this.children).into_iter().map(|child| {
            let Child::Done(output) = child else {
                unreachable!("nobody is left");
            };
            output
        });
        Poll::Ready(outputs.collect())
    }
}

impl<F: Future> fmt::Debug for JoinAll<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinAll")
            .field("left", &self.left)
            .finish_non_exhaustive()
    }
}
