//! The executor of *Asynchronous Programming in Rust*, as stage 03 has it.

use std::cell::RefCell;

use executor::book_executor::{Spawner, new_executor_and_spawner};
use futures::FutureExt;
use futures::future::RemoteHandle;

use super::Runtime;

thread_local! {
    /// Where [`Runtime::spawn`] on this thread goes.
    static SPAWNER: RefCell<Option<Spawner>> = const { RefCell::new(None) };
}

/// `book_executor`. Its tasks have no handles: the outputs come as those of `LocalPool` do, through
/// `FutureExt::remote_handle`.
#[derive(Debug)]
pub struct Book;

impl Runtime for Book {
    const NAME: &'static str = "the book's executor";
    type Handle<T: Send + 'static> = RemoteHandle<T>;

    fn new() -> Self {
        Self
    }

    /// Returns when the last task has: the executor knows no main future.
    fn run<F>(&mut self, main: F) -> F::Output
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let (executor, spawner) = new_executor_and_spawner();
        SPAWNER.set(Some(spawner));
        let handle = Self::spawn(main.inspect(|_| drop(SPAWNER.take())));
        executor.run();
        handle
            .now_or_never()
            .expect("`run` returns when every task is done")
    }

    fn spawn<F>(future: F) -> RemoteHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let (task, handle) = future.remote_handle();
        SPAWNER.with_borrow(|spawner| {
            let spawner = spawner.as_ref().expect("`spawn` is called inside `run`");
            spawner.spawn(task);
        });
        handle
    }

    fn detach<T: Send + 'static>(handle: RemoteHandle<T>) {
        handle.forget();
    }
}
