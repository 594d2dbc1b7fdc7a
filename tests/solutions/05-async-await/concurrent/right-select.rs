// expect: pass
//! The first of the two, and then the other, which has begun by then.

use std::pin::pin;

use futures::future::{Either, select};

pub async fn learn_and_sing<Song>(learn: impl AsyncFnOnce() -> Song, sing: impl AsyncFnOnce(Song)) {
    let song = learn().await;
    sing(song).await;
}

pub async fn song_and_dance<Song>(
    learn: impl AsyncFnOnce() -> Song,
    sing: impl AsyncFnOnce(Song),
    dance: impl AsyncFnOnce(),
) {
    match select(pin!(learn_and_sing(learn, sing)), pin!(dance())).await {
        Either::Left(((), dance)) => dance.await,
        Either::Right(((), song)) => song.await,
    }
}
