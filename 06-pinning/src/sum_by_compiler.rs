//! An async function with two awaits, one of them in a loop: what `state_machine.rs` makes by hand.

/// What the function does besides computing, in the order in which it does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It was polled for the first time.
    Started,
    /// It knows how many rounds there will be.
    Rounds(u32),
    /// A round is over; the sum so far.
    Sum(u64),
    /// It is done.
    Ended,
}

/// Asks for a number of rounds, then for one number in each round, and gives their sum.
///
/// ```
/// use std::future::ready;
/// use pinning::{Effect, sum_by_compiler};
///
/// let mut effects = Vec::new();
/// let squares = |round| ready(u64::from(round * round));
/// let sum = sum_by_compiler(ready(3), squares, |effect| effects.push(effect));
/// assert_eq!(executor::block_on(sum), 0 + 1 + 4);
/// assert_eq!(effects.len(), 6);
/// ```
pub async fn sum_by_compiler<A, M, B, N>(rounds: A, mut ask: M, mut note: N) -> u64
where
    A: Future<Output = u32>,
    M: FnMut(u32) -> B,
    B: Future<Output = u64>,
    N: FnMut(Effect),
{
    note(Effect::Started);
    let rounds = rounds.await;
    note(Effect::Rounds(rounds));
    let mut sum = 0;
    for round in 0..rounds {
        sum += ask(round).await;
        note(Effect::Sum(sum));
    }
    note(Effect::Ended);
    sum
}
