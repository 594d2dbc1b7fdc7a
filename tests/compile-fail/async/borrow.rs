//! The future borrows a variable of the function that makes it, and comes out of that function alive.

async fn greet(name: &str) -> usize {
    name.len()
}

fn greeting() -> impl Future<Output = usize> {
    let name = String::from("Ada");
    greet(&name)
}

fn main() {
    let _ = greeting();
}
