//! The `match` is over before the await. (An error that is `Send + Sync` itself would do as well.)

use std::error::Error;

async fn send(_number: u32) {}

fn number(line: &str) -> Result<u32, Box<dyn Error>> {
    Ok(line.parse()?)
}

async fn pass_on(line: &str) {
    let number = match number(line) {
        Ok(number) => number,
        Err(error) => {
            eprintln!("{error}");
            return;
        }
    };
    send(number).await;
}

fn spawn(_future: impl Future + Send) {}

fn main() {
    spawn(pass_on("7"));
}
