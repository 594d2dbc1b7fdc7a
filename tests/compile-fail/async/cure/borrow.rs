//! The future owns the name that it lends to the other one.

async fn greet(name: &str) -> usize {
    name.len()
}

fn greeting() -> impl Future<Output = usize> {
    let name = String::from("Ada");
    async move { greet(&name).await }
}

fn main() {
    let _ = greeting();
}
