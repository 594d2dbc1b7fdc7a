// expect: fail not-concurrent
//! Makes both futures first, as if that began them, and awaits one after the other (S5-01; rust-lang/rust#77448).

pub async fn learn_and_sing<Song>(learn: impl AsyncFnOnce() -> Song, sing: impl AsyncFnOnce(Song)) {
    let song = learn().await;
    sing(song).await;
}

pub async fn song_and_dance<Song>(
    learn: impl AsyncFnOnce() -> Song,
    sing: impl AsyncFnOnce(Song),
    dance: impl AsyncFnOnce(),
) {
    let song = learn_and_sing(learn, sing);
    let steps = dance();
    steps.await;
    song.await;
}
