//! An await needs somebody who can wait: a function that is not `async` has nowhere to come back to.

async fn answer() -> u32 {
    42
}

fn main() {
    let _ = answer().await;
}
