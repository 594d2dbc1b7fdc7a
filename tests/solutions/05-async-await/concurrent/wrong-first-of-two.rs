// expect: fail dropped-pending
//! Is over with the first of the two, and drops the other.

use std::pin::pin;

use futures::future::select;

pub async fn learn_and_sing<Song>(learn: impl AsyncFnOnce() -> Song, sing: impl AsyncFnOnce(Song)) {
    let song = learn().await;
    sing(song).await;
}

pub async fn song_and_dance<Song>(
    learn: impl AsyncFnOnce() -> Song,
    sing: impl AsyncFnOnce(Song),
    dance: impl AsyncFnOnce(),
) {
    select(pin!(learn_and_sing(learn, sing)), pin!(dance())).await;
}
