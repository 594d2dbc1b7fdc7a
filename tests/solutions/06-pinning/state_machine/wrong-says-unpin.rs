// expect: fail still-movable
//! An `impl Unpin` beside futures that lie in the struct (S6-04).

use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project::pin_project;

use crate::Effect;

/// The future that [`sum_by_compiler`](crate::sum_by_compiler) gives, by hand.
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
        state: State::Start {
            started: false,
            rounds,
        },
    }
}

/// Made by [`sum_by_hand`].
#[must_use = "futures do nothing unless polled"]
pub struct SumByHand<A, M, B, N> {
    ask: M,
    note: N,
    state: State<A, B>,
}

#[pin_project(project = StateProj)]
enum State<A, B> {
    Start {
        started: bool,
        #[pin]
        rounds: A,
    },
    Round {
        rounds: u32,
        round: u32,
        sum: u64,
        #[pin]
        ask: B,
    },
    Over,
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

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u64> {
        // SAFETY: none
        let this = self.get_mut();
        let mut state = unsafe { Pin::new_unchecked(&mut this.state) };
        loop {
            let (rounds, next, sum) = match state.as_mut().project() {
                StateProj::Start { started, rounds } => {
                    if !*started {
                        *started = true;
                        (this.note)(Effect::Started);
                    }
                    let r = ready!(rounds.poll(cx));
                    state.set(State::Over);
                    (this.note)(Effect::Rounds(r));
                    (r, 0, 0)
                }
                StateProj::Round {
                    rounds,
                    round,
                    sum,
                    ask,
                } => {
                    let n = ready!(ask.poll(cx));
                    let (r, next, s) = (*rounds, *round + 1, *sum + n);
                    state.set(State::Over);
                    (this.note)(Effect::Sum(s));
                    (r, next, s)
                }
                StateProj::Over => panic!("polled after ready"),
            };
            if next == rounds {
                (this.note)(Effect::Ended);
                return Poll::Ready(sum);
            }
            let ask = (this.ask)(next);
            state.set(State::Round {
                rounds,
                round: next,
                sum,
                ask,
            });
        }
    }
}
