// expect: fail not-concurrent
//! Calls `dance`, as if that let it run on its own, and awaits the song (S5-01).

pub async fn learn_and_sing<Song>(learn: impl AsyncFnOnce() -> Song, sing: impl AsyncFnOnce(Song)) {
    let song = learn().await;
    sing(song).await;
}

pub async fn song_and_dance<Song>(
    learn: impl AsyncFnOnce() -> Song,
    sing: impl AsyncFnOnce(Song),
    dance: impl AsyncFnOnce(),
) {
    let _dance = dance();
    learn_and_sing(learn, sing).await;
}
