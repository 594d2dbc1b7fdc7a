//! A box has the same size whatever is in it.

async fn countdown(from: u32) -> u32 {
    if from == 0 {
        return 0;
    }
    Box::pin(countdown(from - 1)).await
}

fn main() {
    let _ = countdown(3);
}
