// expect: fail dropped-elsewhere
//! `mem::replace` takes the state out, looks at it, and puts it back (S6-10; pin-project#184).

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
        state: State::New {
            rounds: Some(rounds),
        },
    }
}

/// Made by [`sum_by_hand`].
#[must_use = "futures do nothing unless polled"]
pub struct SumByHand<A, M, B, N> {
    /// Makes the future of each round. It is there in every state, so it lies beside them.
    ask: M,
    /// Is told what happens.
    note: N,
    state: State<A, B>,
}

/// Where it has stopped.
enum State<A, B> {
    /// Never polled: nothing is pinned yet.
    New {
        /// Taken out by the first poll.
        rounds: Option<A>,
    },
    /// At the first await.
    Asking { rounds: A },
    /// At the await in the loop.
    Round {
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
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u64> {
        // SAFETY: nothing is moved, it says here.
        let this = unsafe { self.get_unchecked_mut() };
        loop {
            let (round, rounds, sum) = match std::mem::replace(&mut this.state, State::Over) {
                State::New { rounds } => {
                    (this.note)(Effect::Started);
                    let rounds = rounds.expect("this state is left at once");
                    this.state = State::Asking { rounds };
                    continue;
                }
                State::Asking { mut rounds } => {
                    // SAFETY: it lies in a variable of this function.
                    let Poll::Ready(count) = unsafe { Pin::new_unchecked(&mut rounds) }.poll(cx)
                    else {
                        this.state = State::Asking { rounds };
                        return Poll::Pending;
                    };
                    drop(rounds);
                    (this.note)(Effect::Rounds(count));
                    (0, count, 0)
                }
                State::Round {
                    mut number,
                    round,
                    rounds,
                    sum,
                } => {
                    // SAFETY: it lies in a variable of this function.
                    let Poll::Ready(more) = unsafe { Pin::new_unchecked(&mut number) }.poll(cx)
                    else {
                        this.state = State::Round {
                            number,
                            round,
                            rounds,
                            sum,
                        };
                        return Poll::Pending;
                    };
                    drop(number);
                    (this.note)(Effect::Sum(sum + more));
                    (round + 1, rounds, sum + more)
                }
                State::Over => panic!("polled after it was ready"),
            };
            if round == rounds {
                (this.note)(Effect::Ended);
                return Poll::Ready(sum);
            }
            this.state = State::Round {
                number: (this.ask)(round),
                round,
                rounds,
                sum,
            };
        }
    }
}
