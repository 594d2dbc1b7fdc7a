// expect: fail other-steps
//! All numbers are asked for in the beginning: the loop of the function asks for one, and waits.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::Effect;

/// The future that [`sum_by_compiler`](crate::sum_by_compiler) gives, by hand.
///
/// In one thing it is poorer: the compiler drops `ask` and `note` with the last poll, this one when it is dropped itself.
pub fn sum_by_hand<A, M, B, N>(rounds: A, ask: M, note: N) -> SumByHand<A, M, B, N>
where
    A: Future<Output = u32>,
    M: FnMut(u32) -> B,
    B: Future<Output = u64>,
    N: FnMut(Effect),
{
    SumByHand {
        ask,
        note,
        rounds: Some(Box::pin(rounds)),
        is_new: true,
        numbers: Vec::new(),
        sum: 0,
    }
}

/// Made by [`sum_by_hand`].
#[must_use = "futures do nothing unless polled"]
pub struct SumByHand<A, M, B, N> {
    ask: M,
    note: N,
    rounds: Option<Pin<Box<A>>>,
    is_new: bool,
    numbers: Vec<Pin<Box<B>>>,
    sum: u64,
}

impl<A, M, B, N> Unpin for SumByHand<A, M, B, N> {}

impl<A, M, B, N> Future for SumByHand<A, M, B, N>
where
    A: Future<Output = u32>,
    M: FnMut(u32) -> B,
    B: Future<Output = u64>,
    N: FnMut(Effect),
{
    type Output = u64;

    /// # Panics
    ///
    /// Panics if it is polled after `Ready`, as the compiler's does.
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u64> {
        let this = self.get_mut();
        if std::mem::take(&mut this.is_new) {
            (this.note)(Effect::Started);
        }
        if let Some(asking) = &mut this.rounds {
            let rounds = ready!(asking.as_mut().poll(cx));
            this.rounds = None;
            (this.note)(Effect::Rounds(rounds));
            this.numbers = (0..rounds)
                .map(|round| Box::pin((this.ask)(round)))
                .collect();
        }
        while let Some(number) = this.numbers.first_mut() {
            this.sum += ready!(number.as_mut().poll(cx));
            drop(this.numbers.remove(0));
            (this.note)(Effect::Sum(this.sum));
        }
        (this.note)(Effect::Ended);
        Poll::Ready(this.sum)
    }
}
