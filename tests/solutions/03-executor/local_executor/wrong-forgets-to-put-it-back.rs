// expect: fail dropped-pending
//! Takes the future out for the poll, as one must, and drops it with the poll: the second one finds nothing.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::task::{Context, Poll, Wake, Waker};

use crate::context::{self, Handle};
use crate::enter::enter;
use crate::{Executor, JoinError, JoinHandle, Parker, Spawner};

type LocalFuture = Pin<Box<dyn Future<Output = ()>>>;

thread_local! {
    static FUTURES: RefCell<HashMap<u64, LocalFuture>> = RefCell::default();
}

static NEXT: AtomicU64 = AtomicU64::new(0);

pub fn spawn_local<F>(spawner: &Spawner, future: F) -> LocalJoinHandle<F::Output>
where
    F: Future + 'static,
{
    let output = Rc::new(Cell::new(None));
    let result = Rc::clone(&output);
    let future: LocalFuture = Box::pin(async move { result.set(Some(future.await)) });
    let key = NEXT.fetch_add(1, SeqCst);
    FUTURES.with_borrow_mut(|futures| futures.insert(key, future));
    LocalJoinHandle { proxy: spawner.spawn(Proxy { key }), output }
}

struct Proxy {
    key: u64,
}

impl Future for Proxy {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let future = FUTURES.with_borrow_mut(|futures| futures.remove(&self.key));
        let mut future = future.expect("a local task runs on the thread that spawned it");
        future.as_mut().poll(cx)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let future = FUTURES.try_with(|futures| futures.borrow_mut().remove(&self.key));
        drop(future);
    }
}

pub struct LocalJoinHandle<T> {
    proxy: JoinHandle<()>,
    output: Rc<Cell<Option<T>>>,
}

impl<T> LocalJoinHandle<T> {
    pub fn abort(&self) {
        self.proxy.abort();
    }

    pub fn is_finished(&self) -> bool {
        self.proxy.is_finished()
    }
}

impl<T> Future for LocalJoinHandle<T> {
    type Output = Result<T, JoinError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let over = Pin::new(&mut self.proxy).poll(cx);
        over.map_ok(|()| self.output.take().expect("set before the proxy was ready"))
    }
}

impl<T> fmt::Debug for LocalJoinHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LocalJoinHandle")
    }
}

#[derive(Debug)]
pub struct LocalExecutor {
    executor: Executor,
    spawner: Spawner,
    parker: Parker,
    _not_send: PhantomData<*const ()>,
}

impl LocalExecutor {
    #[must_use]
    pub fn new() -> Self {
        let parker = Parker::new();
        let (executor, spawner) = Executor::new(parker.waker());
        Self {
            executor,
            spawner,
            parker,
            _not_send: PhantomData,
        }
    }

    #[must_use]
    pub fn spawner(&self) -> Spawner {
        self.spawner.clone()
    }

    pub fn spawn_local<F>(&self, future: F) -> LocalJoinHandle<F::Output>
    where
        F: Future + 'static,
    {
        spawn_local(&self.spawner, future)
    }

    pub fn run_until<F: Future>(&mut self, future: F) -> F::Output {
        let _entered = enter("run_until");
        let _current = context::set(Handle::Spawner(self.spawner.clone()));
        let mut future = pin!(future);
        let main = Arc::new(Main {
            woken: AtomicBool::new(true),
            unpark: self.parker.waker(),
        });
        let waker = Waker::from(Arc::clone(&main));
        loop {
            if main.woken.swap(false, SeqCst)
                && let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker))
            {
                return output;
            }
            self.executor.turn(BUDGET);
            if !self.executor.has_ready() && !main.woken.load(SeqCst) {
                self.parker.park();
            }
        }
    }

    pub fn run(self) {
        let _entered = enter("run");
        let Self {
            mut executor,
            spawner,
            parker,
            ..
        } = self;
        drop(spawner);
        while !executor.is_done() {
            if executor.turn(BUDGET) == 0 {
                parker.park();
            }
        }
    }
}

const BUDGET: usize = 64;

struct Main {
    woken: AtomicBool,
    unpark: Waker,
}

impl Wake for Main {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.woken.store(true, SeqCst);
        self.unpark.wake_by_ref();
    }
}

impl Default for LocalExecutor {
    fn default() -> Self {
        Self::new()
    }
}
