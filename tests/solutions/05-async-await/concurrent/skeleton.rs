//! # Concurrent: learn, then sing, and dance meanwhile
//!
//! A song has to be learned before it can be sung. Dancing needs no song, and there is one thread.
//! Write both functions: what waits for what, and what goes on meanwhile.
//!
//! What is checked:
//!
//! 1. Calling your functions does nothing. Everything begins with the first poll.
//! 2. `learn_and_sing` learns, and in the very poll in which the song is there it begins to sing it. It is
//!    ready when the song has been sung.
//! 3. `song_and_dance` begins to learn *and* to dance in its first poll. Neither holds up the other: the
//!    song is sung while the dance goes on, and the dance goes on while there is nothing to sing yet.
//! 4. It is ready when the song has been sung and the dance is over, whichever was last.
//! 5. No poll waits, and nobody wakes the task over and over while nothing happens. What is over is not
//!    polled again.
//! 6. Who waits is woken: each of the three wakes the task of the latest poll.
//!
//! Settled: `learn` and `dance` may be polled in any order, and more often than needed; a wake too many is
//! fine. The stage's other modules are yours to use.
//!
//! Read first: README.md, "One after the other, or both". Do `predict_laziness` before this. About 15
//! minutes.
//!
//! Check: `cargo xtask check-stage 5 --exercise concurrent`. Stuck: `cargo xtask hint concurrent`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(unused_variables)]

/// Learns a song, and then sings it.
pub async fn learn_and_sing<Song>(learn: impl AsyncFnOnce() -> Song, sing: impl AsyncFnOnce(Song)) {
    todo!("learn a song; when it is there, sing it")
}

/// Learns a song and then sings it, and dances meanwhile.
pub async fn song_and_dance<Song>(
    learn: impl AsyncFnOnce() -> Song,
    sing: impl AsyncFnOnce(Song),
    dance: impl AsyncFnOnce(),
) {
    todo!("two futures, and both have to be polled")
}
