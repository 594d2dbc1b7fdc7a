// expect: fail not-concurrent
//! Awaits the song, and then the dance (S5-01; KernelErr/foxear#1).

pub async fn learn_and_sing<Song>(learn: impl AsyncFnOnce() -> Song, sing: impl AsyncFnOnce(Song)) {
    let song = learn().await;
    sing(song).await;
}

pub async fn song_and_dance<Song>(
    learn: impl AsyncFnOnce() -> Song,
    sing: impl AsyncFnOnce(Song),
    dance: impl AsyncFnOnce(),
) {
    learn_and_sing(learn, sing).await;
    dance().await;
}
