// expect: pass
//! The `futures` crate's set of futures, each with a waker of its own.

use std::pin::Pin;

use futures::stream::{FuturesUnordered, StreamExt};

pub async fn learn_and_sing<Song>(learn: impl AsyncFnOnce() -> Song, sing: impl AsyncFnOnce(Song)) {
    sing(learn().await).await;
}

pub async fn song_and_dance<Song>(
    learn: impl AsyncFnOnce() -> Song,
    sing: impl AsyncFnOnce(Song),
    dance: impl AsyncFnOnce(),
) {
    let mut parts: FuturesUnordered<Pin<Box<dyn Future<Output = ()>>>> = FuturesUnordered::new();
    parts.push(Box::pin(dance()));
    parts.push(Box::pin(learn_and_sing(learn, sing)));
    while parts.next().await.is_some() {}
}
