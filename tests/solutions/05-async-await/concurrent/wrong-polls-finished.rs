// expect: fail polled-after-ready
//! Polls both until both are ready in the same poll.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

pub async fn learn_and_sing<Song>(learn: impl AsyncFnOnce() -> Song, sing: impl AsyncFnOnce(Song)) {
    let song = learn().await;
    sing(song).await;
}

pub async fn song_and_dance<Song>(
    learn: impl AsyncFnOnce() -> Song,
    sing: impl AsyncFnOnce(Song),
    dance: impl AsyncFnOnce(),
) {
    let (mut song, mut steps) = (pin!(learn_and_sing(learn, sing)), pin!(dance()));
    poll_fn(|cx| {
        let (sung, danced) = (song.as_mut().poll(cx), steps.as_mut().poll(cx));
        match sung.is_ready() && danced.is_ready() {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    })
    .await;
}
