// expect: pass with advice needless-box
//! Each future in a box: no projection, and an allocation for each round.

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
        state: State::New(Some(rounds)),
    }
}

/// Made by [`sum_by_hand`].
#[must_use = "futures do nothing unless polled"]
pub struct SumByHand<A, M, B, N> {
    ask: M,
    note: N,
    state: State<A, B>,
}

enum State<A, B> {
    New(Option<A>),
    Asking(Pin<Box<A>>),
    Round {
        number: Pin<Box<B>>,
        round: u32,
        rounds: u32,
        sum: u64,
    },
    Over,
}

// What is pinned lies in boxes.
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
        loop {
            let (round, rounds, sum) = match &mut this.state {
                State::New(rounds) => {
                    let rounds = rounds.take().expect("this state is left at once");
                    (this.note)(Effect::Started);
                    this.state = State::Asking(Box::pin(rounds));
                    continue;
                }
                State::Asking(rounds) => {
                    let rounds = ready!(rounds.as_mut().poll(cx));
                    this.state = State::Over;
                    (this.note)(Effect::Rounds(rounds));
                    (0, rounds, 0)
                }
                State::Round {
                    number,
                    round,
                    rounds,
                    sum,
                } => {
                    let number = ready!(number.as_mut().poll(cx));
                    let (next, rounds, sum) = (*round + 1, *rounds, *sum + number);
                    this.state = State::Over;
                    (this.note)(Effect::Sum(sum));
                    (next, rounds, sum)
                }
                State::Over => panic!("polled after it was ready"),
            };
            if round == rounds {
                (this.note)(Effect::Ended);
                return Poll::Ready(sum);
            }
            this.state = State::Round {
                number: Box::pin((this.ask)(round)),
                round,
                rounds,
                sum,
            };
        }
    }
}
