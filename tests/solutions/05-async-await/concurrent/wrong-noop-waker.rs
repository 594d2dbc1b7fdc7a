// expect: fail swallowed-wake
//! Polls the dance with a waker that wakes nobody.

use std::future::poll_fn;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

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
    let (mut sung, mut danced) = (false, false);
    poll_fn(|cx| {
        let nobody = &mut Context::from_waker(Waker::noop());
        sung = sung || song.as_mut().poll(cx).is_ready();
        danced = danced || steps.as_mut().poll(nobody).is_ready();
        match sung && danced {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    })
    .await;
}
