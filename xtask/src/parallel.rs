//! The same work for many items, on several threads.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    thread,
};

/// As many threads as processors.
pub(crate) fn processors() -> usize {
    thread::available_parallelism().map_or(1, |number| number.get())
}

/// The answers in the order of the items, worked out by so many threads. The items are begun in order.
pub(crate) fn map<T: Sync, R: Send>(
    threads: usize,
    items: &[T],
    work: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let answers = Mutex::new(Vec::with_capacity(items.len()));
    thread::scope(|scope| {
        for _ in 0..threads.min(items.len()) {
            scope.spawn(|| {
                while let Some((index, item)) = take(items, &next) {
                    let answer = work(item);
                    answers
                        .lock()
                        .expect("no thread panics here")
                        .push((index, answer));
                }
            });
        }
    });
    let mut answers = answers.into_inner().expect("no thread panics here");
    answers.sort_by_key(|(index, _)| *index);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

fn take<'a, T>(items: &'a [T], next: &AtomicUsize) -> Option<(usize, &'a T)> {
    // Relaxed: the counter hands out numbers, it publishes nothing.
    let index = next.fetch_add(1, Relaxed);
    Some((index, items.get(index)?))
}
