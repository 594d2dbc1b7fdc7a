//! With `move` the block owns what it uses.

fn greeting() -> impl Future<Output = usize> {
    let name = String::from("Ada");
    async move { name.len() }
}

fn main() {
    let _ = greeting();
}
