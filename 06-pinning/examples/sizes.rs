//! What a future weighs: what lives across an await, and nothing else.
//!
//! `cargo run -p pinning --example sizes`

use std::future::{Ready, ready};

use pinning::{Effect, sum_by_compiler, sum_by_hand};

async fn nothing() {}

async fn dropped_before() -> usize {
    let length = {
        let bytes = [1_u8; 1000];
        bytes.len()
    };
    ready(()).await;
    length
}

async fn alive_across() -> usize {
    let bytes = [1_u8; 1000];
    ready(()).await;
    bytes.len()
}

async fn one_after_the_other() -> usize {
    alive_across().await + alive_across().await
}

async fn both_made_first() -> usize {
    let (first, second) = (alive_across(), alive_across());
    first.await + second.await
}

async fn in_a_box() -> usize {
    Box::pin(alive_across()).await
}

fn main() {
    print("an empty function", &nothing());
    print("1,000 bytes, gone before the await", &dropped_before());
    print("1,000 bytes, alive across the await", &alive_across());
    print("two of these, one after the other", &one_after_the_other());
    print("two of these, both made first", &both_made_first());
    print("one of these, in a box", &in_a_box());
    let ask = |round: u32| -> Ready<u64> { ready(round.into()) };
    let note = |_: Effect| ();
    print(
        "the sum, by the compiler",
        &sum_by_compiler(ready(3), ask, note),
    );
    print("the sum, by hand", &sum_by_hand(ready(3), ask, note));
}

fn print<F: Future>(name: &str, future: &F) {
    println!("{name:36} {:5} bytes", size_of_val(future));
}
