// expect: fail blocking-poll
//! A join, and an executor to run it (S5-02).

use executor::block_on;

use crate::join;

pub async fn learn_and_sing<Song>(learn: impl AsyncFnOnce() -> Song, sing: impl AsyncFnOnce(Song)) {
    let song = learn().await;
    sing(song).await;
}

pub async fn song_and_dance<Song>(
    learn: impl AsyncFnOnce() -> Song,
    sing: impl AsyncFnOnce(Song),
    dance: impl AsyncFnOnce(),
) {
    block_on(join(learn_and_sing(learn, sing), dance()));
}
