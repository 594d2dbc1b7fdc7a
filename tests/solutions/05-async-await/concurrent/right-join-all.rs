// expect: pass
//! The stage's own join of as many as you like.

use std::pin::Pin;

use crate::join_all;

pub async fn learn_and_sing<Song>(learn: impl AsyncFnOnce() -> Song, sing: impl AsyncFnOnce(Song)) {
    let song = learn().await;
    sing(song).await;
}

pub async fn song_and_dance<Song>(
    learn: impl AsyncFnOnce() -> Song,
    sing: impl AsyncFnOnce(Song),
    dance: impl AsyncFnOnce(),
) {
    let song: Pin<Box<dyn Future<Output = ()>>> = Box::pin(learn_and_sing(learn, sing));
    join_all([song, Box::pin(dance())]).await;
}
