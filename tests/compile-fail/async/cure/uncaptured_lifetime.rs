//! In edition 2024 the type says by itself that the future borrows what it is given. `use<>` becomes true again if the work
//! with the reference is done before the block.

fn length(text: &str) -> impl Future<Output = usize> {
    async move { text.len() }
}

fn length_at_once(text: &str) -> impl Future<Output = usize> + use<> {
    let length = text.len();
    async move { length }
}

fn main() {
    let _ = (length("Ada"), length_at_once("Ada"));
}
