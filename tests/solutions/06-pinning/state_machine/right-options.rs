// expect: pass with advice wasted-room
//! A field for each future, there or not: two places where one would do.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project::pin_project;

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
        is_new: true,
        asking: Some(rounds),
        number: None,
        round: 0,
        rounds: 0,
        sum: 0,
    }
}

/// Made by [`sum_by_hand`].
#[pin_project]
#[must_use = "futures do nothing unless polled"]
pub struct SumByHand<A, M, B, N> {
    ask: M,
    note: N,
    is_new: bool,
    #[pin]
    asking: Option<A>,
    #[pin]
    number: Option<B>,
    round: u32,
    rounds: u32,
    sum: u64,
}

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
        let mut this = self.project();
        if std::mem::take(this.is_new) {
            (this.note)(Effect::Started);
        }
        if let Some(asking) = this.asking.as_mut().as_pin_mut() {
            *this.rounds = ready!(asking.poll(cx));
            this.asking.set(None);
            (this.note)(Effect::Rounds(*this.rounds));
        }
        while this.round < this.rounds {
            if this.number.is_none() {
                this.number.set(Some((this.ask)(*this.round)));
            }
            let number = this.number.as_mut().as_pin_mut();
            *this.sum += ready!(number.expect("it has just been made").poll(cx));
            this.number.set(None);
            *this.round += 1;
            (this.note)(Effect::Sum(*this.sum));
        }
        (this.note)(Effect::Ended);
        Poll::Ready(*this.sum)
    }
}
