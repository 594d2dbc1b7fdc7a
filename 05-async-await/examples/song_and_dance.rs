//! 5.1: a song that has to be learned before it is sung, and a dance that needs no song.
//!
//! ```text
//! cargo run -p async-await --example song_and_dance
//! ```
//!
//! Expect nothing to happen when `hello_world` is called; ten beats when all is done in turn, each
//! with a `block_on` of its own; and six when the dance goes on meanwhile.

use std::io;
use std::time::{Duration, Instant};

use async_await::song_and_dance;
use reactor::{Runtime, sleep};

/// A beat of the music.
const BEAT: Duration = Duration::from_millis(50);

struct Song(&'static str);

async fn hello_world() {
    println!("hello, world!");
}

async fn learn_song(clock: &Clock) -> Song {
    clock.says("learn: listens");
    sleep(3 * BEAT).await;
    clock.says("learn: knows it");
    Song("la la la")
}

async fn sing_song(clock: &Clock, song: Song) {
    for word in song.0.split(' ') {
        clock.says(&format!("sing: {word}"));
        sleep(BEAT).await;
    }
}

async fn dance(clock: &Clock) {
    for step in ["left", "right", "left", "right"] {
        clock.says(&format!("dance: {step}"));
        sleep(BEAT).await;
    }
}

fn main() -> io::Result<()> {
    let mut runtime = Runtime::new()?;

    let future = hello_world();
    println!("hello_world was called, and nothing was printed");
    runtime.block_on(future);

    println!("\nIn turn, with three times block_on:");
    let clock = Clock::start();
    let song = runtime.block_on(learn_song(&clock));
    runtime.block_on(sing_song(&clock, song));
    runtime.block_on(dance(&clock));
    clock.says("the end");

    println!("\nThe dance meanwhile, with one:");
    let clock = Clock::start();
    runtime.block_on(song_and_dance(
        || learn_song(&clock),
        |song| sing_song(&clock, song),
        || dance(&clock),
    ));
    clock.says("the end");
    Ok(())
}

/// Counts beats.
struct Clock(Instant);

impl Clock {
    fn start() -> Self {
        Clock(Instant::now())
    }

    fn says(&self, what: &str) {
        let beats = self.0.elapsed().as_millis() / BEAT.as_millis();
        println!("{beats:>3}  {what}");
    }
}
