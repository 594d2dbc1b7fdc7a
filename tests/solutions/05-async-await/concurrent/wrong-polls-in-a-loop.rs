// expect: fail blocking-poll
//! Polls both over and over, in one poll, until they are ready (S5-02).

use std::pin::pin;
use std::task::{Context, Waker};

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
    let cx = &mut Context::from_waker(Waker::noop());
    while !sung || !danced {
        sung = sung || song.as_mut().poll(cx).is_ready();
        danced = danced || steps.as_mut().poll(cx).is_ready();
        std::thread::yield_now();
    }
}
