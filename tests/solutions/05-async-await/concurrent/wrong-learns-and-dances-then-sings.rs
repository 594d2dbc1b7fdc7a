// expect: fail not-concurrent
//! Dances while it learns, and sings when *both* are over (S5-01).

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
    let (song, ()) = join(learn(), dance()).await;
    sing(song).await;
}
