// expect: pass
//! The join of the `futures` crate, and the song inside an async block.

use futures::future::join;

pub async fn learn_and_sing<Song>(learn: impl AsyncFnOnce() -> Song, sing: impl AsyncFnOnce(Song)) {
    let song = learn().await;
    sing(song).await;
}

pub async fn song_and_dance<Song>(
    learn: impl AsyncFnOnce() -> Song,
    sing: impl AsyncFnOnce(Song),
    dance: impl AsyncFnOnce(),
) {
    let song = async {
        let song = learn().await;
        sing(song).await;
    };
    join(dance(), song).await;
}
