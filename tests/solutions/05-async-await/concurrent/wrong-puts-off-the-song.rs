// expect: fail one-poll-late
//! Lets everybody else have a turn between learning and singing.

use executor::yield_now;

use crate::join;

pub async fn learn_and_sing<Song>(learn: impl AsyncFnOnce() -> Song, sing: impl AsyncFnOnce(Song)) {
    let song = learn().await;
    yield_now().await;
    sing(song).await;
}

pub async fn song_and_dance<Song>(
    learn: impl AsyncFnOnce() -> Song,
    sing: impl AsyncFnOnce(Song),
    dance: impl AsyncFnOnce(),
) {
    join(learn_and_sing(learn, sing), dance()).await;
}
