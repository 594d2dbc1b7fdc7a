//! An `Rc` is alive at an await.

use std::rc::Rc;

async fn pause() {}

async fn greet(name: Rc<str>) -> usize {
    pause().await;
    name.len()
}

fn spawn(_future: impl Future + Send) {}

fn main() {
    spawn(greet("Ada".into()));
}
