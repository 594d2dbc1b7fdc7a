//! Each implementation has a future of its own size: behind `dyn` nobody knows how much room it takes.

trait Source {
    async fn next(&mut self) -> Option<u32>;
}

fn first(source: &mut dyn Source) {
    drop(source.next());
}

fn main() {
    let _ = first;
}
