//! A boxed future has one size for all.

use std::pin::Pin;

trait Source {
    fn next(&mut self) -> Pin<Box<dyn Future<Output = Option<u32>> + '_>>;
}

fn first(source: &mut dyn Source) {
    drop(source.next());
}

fn main() {
    let _ = first;
}
