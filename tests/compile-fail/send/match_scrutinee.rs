//! What a `match` looks at is alive as long as the `match`: here a `Result` with a `Box<dyn Error>` in it.

use std::error::Error;

async fn send(_number: u32) {}

fn number(line: &str) -> Result<u32, Box<dyn Error>> {
    Ok(line.parse()?)
}

async fn pass_on(line: &str) {
    match number(line) {
        Ok(number) => send(number).await,
        Err(error) => eprintln!("{error}"),
    }
}

fn spawn(_future: impl Future + Send) {}

fn main() {
    spawn(pass_on("7"));
}
