//! A box may be moved, whatever stays in it.

fn needs_unpin<F: Unpin>(_future: F) {}

fn main() {
    needs_unpin(Box::pin(async {}));
}
