//! Many futures at once, in one task.
//!
//! Only those are polled that were woken: see `woken.rs`.

use std::fmt;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use crate::sync::Arc;
use crate::woken::Woken;

/// Runs all, and gives all outputs, in the order of the futures, when the last is there.
///
/// ```
/// use async_await::join_all;
///
/// let squares = join_all((1..=3).map(|number| async move { number * number }));
/// assert_eq!(executor::block_on(squares), [1, 4, 9]);
/// ```
pub fn join_all<F: Future>(futures: impl IntoIterator<Item = F>) -> JoinAll<F> {
    let woken = Arc::new(Woken::default());
    let children: Vec<_> = (futures.into_iter().enumerate())
        .map(|(number, future)| Child::Runs {
            future: Box::pin(future),
            waker: woken.add(number),
        })
        .collect();
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

impl<F: Future> Future for JoinAll<F> {
    type Output = Vec<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        for number in this.woken.take(cx) {
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
