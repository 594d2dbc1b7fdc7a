//! A function that will move what it is given asks for `Unpin`.

fn needs_unpin<F: Unpin>(_future: F) {}

fn main() {
    needs_unpin(async {});
}
