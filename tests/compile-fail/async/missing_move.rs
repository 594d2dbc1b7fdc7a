//! An `async` block borrows what it uses, like a closure.

fn greeting() -> impl Future<Output = usize> {
    let name = String::from("Ada");
    async { name.len() }
}

fn main() {
    let _ = greeting();
}
