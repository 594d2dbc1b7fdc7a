//! `futures::executor::LocalPool`.

use std::cell::RefCell;

use futures::executor::{LocalPool as Inner, LocalSpawner};
use futures::future::RemoteHandle;
use futures::task::LocalSpawnExt;

use super::Runtime;

thread_local! {
    /// Where [`Runtime::spawn`] on this thread goes.
    static SPAWNER: RefCell<Option<LocalSpawner>> = const { RefCell::new(None) };
}

/// The executor that the `futures` crate brings.
#[derive(Debug)]
pub struct LocalPool(Inner);

impl Runtime for LocalPool {
    const NAME: &'static str = "futures LocalPool";
    type Handle<T: Send + 'static> = RemoteHandle<T>;

    fn new() -> Self {
        Self(Inner::new())
    }

    fn run<F>(&mut self, main: F) -> F::Output
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        SPAWNER.set(Some(self.0.spawner()));
        let output = self.0.run_until(main);
        SPAWNER.take();
        output
    }

    fn spawn<F>(future: F) -> RemoteHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        SPAWNER.with_borrow(|spawner| {
            let spawner = spawner.as_ref().expect("`spawn` is called inside `run`");
            let handle = spawner.spawn_local_with_handle(future);
            handle.expect("the pool lives as long as `run`")
        })
    }

    fn detach<T: Send + 'static>(handle: RemoteHandle<T>) {
        handle.forget();
    }
}
