// expect: fail eager
//! A function that begins when it is called, and gives the rest as a future.

use crate::join;

pub async fn learn_and_sing<Song>(learn: impl AsyncFnOnce() -> Song, sing: impl AsyncFnOnce(Song)) {
    let song = learn().await;
    sing(song).await;
}

pub fn song_and_dance<Song>(
    learn: impl AsyncFnOnce() -> Song,
    sing: impl AsyncFnOnce(Song),
    dance: impl AsyncFnOnce(),
) -> impl Future<Output = ()> {
    let steps = dance();
    async move {
        join(learn_and_sing(learn, sing), steps).await;
    }
}
