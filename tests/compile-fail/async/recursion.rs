//! The future of a function that awaits itself would hold a future of its own kind, and so on without an end.

async fn countdown(from: u32) -> u32 {
    if from == 0 {
        return 0;
    }
    countdown(from - 1).await
}

fn main() {
    let _ = countdown(3);
}
