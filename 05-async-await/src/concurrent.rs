//! One thing after the other, and another meanwhile.
//!
//! A song has to be learned before it can be sung; dancing needs no song. Who waits for whom is said
//! by where `.await` stands, and what goes on meanwhile by [`join`].

use crate::join;

/// Learns a song, and then sings it.
///
/// ```
/// use async_await::learn_and_sing;
///
/// let mut sung = Vec::new();
/// executor::block_on(learn_and_sing(
///     async || "la",
///     async |song| sung.push(song),
/// ));
/// assert_eq!(sung, ["la"]);
/// ```
pub async fn learn_and_sing<Song>(learn: impl AsyncFnOnce() -> Song, sing: impl AsyncFnOnce(Song)) {
    let song = learn().await;
    sing(song).await;
}

/// Learns a song and then sings it, and dances meanwhile. All in this task: while the singer waits,
/// the dancer has the thread.
///
/// ```
/// use std::time::Duration;
/// use async_await::song_and_dance;
/// use reactor::{Runtime, sleep};
///
/// const BEAT: Duration = Duration::from_millis(1);
///
/// let learn = async || {
///     sleep(BEAT).await;
///     "la"
/// };
/// let sing = async |song| {
///     println!("{song}");
///     sleep(BEAT).await;
/// };
/// let dance = async || sleep(2 * BEAT).await;
/// // Two beats, not four.
/// Runtime::new().unwrap().block_on(song_and_dance(learn, sing, dance));
/// ```
pub async fn song_and_dance<Song>(
    learn: impl AsyncFnOnce() -> Song,
    sing: impl AsyncFnOnce(Song),
    dance: impl AsyncFnOnce(),
) {
    join(learn_and_sing(learn, sing), dance()).await;
}
