// expect: fail not-awaited
//! Calls `sing` and leaves it at that (rust-lang/rfcs#3038).

use crate::join;

pub async fn learn_and_sing<Song>(learn: impl AsyncFnOnce() -> Song, sing: impl AsyncFnOnce(Song)) {
    let song = learn().await;
    let _ = sing(song);
}

pub async fn song_and_dance<Song>(
    learn: impl AsyncFnOnce() -> Song,
    sing: impl AsyncFnOnce(Song),
    dance: impl AsyncFnOnce(),
) {
    join(learn_and_sing(learn, sing), dance()).await;
}
