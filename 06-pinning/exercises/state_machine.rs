//! # State machine: an async function by hand
//!
//! `src/sum_by_compiler.rs` has an async function with two awaits, one of them in a loop. Write the future that the compiler
//! makes of it: the same polls, the same effects, in the same order, wherever its futures are pending.
//!
//! What is checked:
//!
//! 1. Nothing happens before the first poll.
//! 2. For every script (up to three rounds, each future pending up to twice) the effects, the calls of `ask`, the polls of
//!    the futures and the sum are those of the compiler's future, in the same order. No effect happens twice.
//! 3. When a future is ready, the next one is polled in the same poll, or the task is woken. Each hears the waker of the latest poll.
//! 4. It is `Unpin` only if the futures that lie in it are, and `Send` only if these and its two functions are. Each future stays
//!    where it is from its first poll on, and is dropped there; and it is dropped when it is done, before what comes next.
//! 5. Dropped in any state, it leaves nothing behind.
//!
//! Of methods of your own one thing is checked, by the signature: a public one that gets a `Pin` gives no `&mut` to the whole. One
//! that gives a `&mut` to a future that was polled is just as wrong, and nobody here calls it.
//!
//! Settled: with `pin-project`, by hand, or with boxes (which passes with a remark, as a poll that calls itself does); an extra poll is
//! fine; polled after Ready, it may do anything. `ask` and `note` may live as long as the future does.
//!
//! Read first: README.md, "What the compiler makes of async". Do `pin_projected` before this. About 40 minutes.
//!
//! Check: `cargo xtask check-stage 6 --exercise state_machine`. Stuck: `cargo xtask hint state_machine`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_imports, unused_mut, unused_variables)]

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
    todo!("the state before the first poll")
}

/// Made by [`sum_by_hand`].
#[must_use = "futures do nothing unless polled"]
pub struct SumByHand<A, M, B, N> {
    // `ask` and `note` are there in every state. What else is there, and in which?
    todo: PhantomData<(A, M, B, N)>,
}

impl<A, M, B, N> Future for SumByHand<A, M, B, N>
where
    A: Future<Output = u32>,
    M: FnMut(u32) -> B,
    B: Future<Output = u64>,
    N: FnMut(Effect),
{
    type Output = u64;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u64> {
        todo!("poll what the state waits for; when it is ready, go on to the next await")
    }
}
