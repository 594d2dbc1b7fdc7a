//! `use<>` says that the future borrows nothing, and it holds the reference.

fn length(text: &str) -> impl Future<Output = usize> + use<> {
    async move { text.len() }
}

fn main() {
    let _ = length("Ada");
}
