// expect: fail blocking-poll
//! Learns with an executor of its own, which puts the whole thread to sleep (S5-02; with thread::sleep: async-openai#194).

use executor::block_on;

use crate::join;

pub async fn learn_and_sing<Song>(learn: impl AsyncFnOnce() -> Song, sing: impl AsyncFnOnce(Song)) {
    let song = block_on(learn());
    sing(song).await;
}

pub async fn song_and_dance<Song>(
    learn: impl AsyncFnOnce() -> Song,
    sing: impl AsyncFnOnce(Song),
    dance: impl AsyncFnOnce(),
) {
    join(learn_and_sing(learn, sing), dance()).await;
}
