// expect: pass
//! A list of boxes, each of which is dropped when it is over: they are not `Send`, and need not be.

use std::future::poll_fn;
use std::pin::Pin;
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
    let mut parts: Vec<Pin<Box<dyn Future<Output = ()>>>> =
        vec![Box::pin(learn_and_sing(learn, sing)), Box::pin(dance())];
    poll_fn(|cx| {
        parts.retain_mut(|part| part.as_mut().poll(cx).is_pending());
        match parts.is_empty() {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    })
    .await;
}
