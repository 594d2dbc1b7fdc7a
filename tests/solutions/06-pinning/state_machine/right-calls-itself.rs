// expect: pass with advice grows-the-stack
//! Each step ends with a call of `poll` for the next one: right, and deeper with each round.

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
        state: State::New {
            rounds: Some(rounds),
        },
    }
}

/// Made by [`sum_by_hand`].
#[pin_project]
#[must_use = "futures do nothing unless polled"]
pub struct SumByHand<A, M, B, N> {
    /// Makes the future of each round. It is there in every state, so it lies beside them.
    ask: M,
    /// Is told what happens.
    note: N,
    #[pin]
    state: State<A, B>,
}

/// Where it has stopped.
#[pin_project(project = StateProjected)]
enum State<A, B> {
    /// Never polled: nothing is pinned yet.
    New {
        /// Taken out by the first poll.
        rounds: Option<A>,
    },
    /// At the first await.
    Asking {
        #[pin]
        rounds: A,
    },
    /// At the await in the loop.
    Round {
        #[pin]
        number: B,
        round: u32,
        rounds: u32,
        sum: u64,
    },
    /// It has given its sum, or it is between two awaits: whoever panics there leaves it so.
    Over,
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
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u64> {
        let mut this = self.as_mut().project();
        {
            // What polls the state that it has stopped in, up to the next one.
            let (round, rounds, sum) = match this.state.as_mut().project() {
                StateProjected::New { rounds } => {
                    (this.note)(Effect::Started);
                    let rounds = rounds.take().expect("this state is left at once");
                    this.state.set(State::Asking { rounds });
                    return self.poll(cx);
                }
                StateProjected::Asking { rounds } => {
                    let rounds = ready!(rounds.poll(cx));
                    this.state.set(State::Over);
                    (this.note)(Effect::Rounds(rounds));
                    (0, rounds, 0)
                }
                StateProjected::Round {
                    number,
                    round,
                    rounds,
                    sum,
                } => {
                    let number = ready!(number.poll(cx));
                    let (next, rounds, sum) = (*round + 1, *rounds, *sum + number);
                    this.state.set(State::Over);
                    (this.note)(Effect::Sum(sum));
                    (next, rounds, sum)
                }
                StateProjected::Over => panic!("polled after it was ready"),
            };
            if round == rounds {
                (this.note)(Effect::Ended);
                return Poll::Ready(sum);
            }
            let number = (this.ask)(round);
            this.state.set(State::Round {
                number,
                round,
                rounds,
                sum,
            });
            self.poll(cx)
        }
    }
}
