//! In an `async` block one can wait. Who makes the block decides who runs it.

async fn answer() -> u32 {
    42
}

fn main() {
    let _ = async { answer().await };
}
