//! Tasks that stay on their thread, so that their futures need not be `Send`.
//!
//! A waker must be `Send`: it may be woken anywhere. A task's waker leads to the task, so the task
//! must be `Send` too, and with it the future inside. The way out is to keep the future elsewhere.
//! It lies in a list that belongs to the thread, and what is spawned is a [`Proxy`]: a small future
//! that *is* `Send`, because all it holds is a number in that list. Polled, it polls the future of
//! its number. Wakes, panics and `abort` are the proxy's, and so they work as for every other task;
//! only the output goes another way, through a cell that both ends hold on this thread.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::marker::PhantomData;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::task::{Context, Poll, Wake, Waker};

use crate::context::{self, Handle};
use crate::enter::enter;
use crate::lock::lock;
use crate::slab::Slab;
use crate::sync::Mutex;
use crate::{Executor, JoinError, JoinHandle, Parker, Spawner};

/// Spawns a future that need not be `Send`, on the executor of this very thread.
///
/// # Panics
///
/// Not here, but when it is polled: the task panics if `spawner` belongs to an executor that runs on
/// another thread. Its handle gets the panic.
///
/// ```
/// use std::rc::Rc;
/// use executor::{new_executor_and_spawner, spawn_local};
///
/// let (mut executor, spawner) = new_executor_and_spawner();
/// let shared = Rc::new(5);
/// let ours = Rc::clone(&shared);
/// let _detached = spawn_local(&spawner, async move { assert_eq!(*ours, 5) });
/// drop(spawner);
/// executor.run();
/// assert_eq!(Rc::strong_count(&shared), 1);
/// ```
pub fn spawn_local<F>(spawner: &Spawner, future: F) -> LocalJoinHandle<F::Output>
where
    F: Future + 'static,
{
    let output = Rc::new(Cell::new(None));
    let result = Rc::clone(&output);
    let number = THREAD.with(|thread| {
        thread.sweep();
        let future = Box::pin(async move { result.set(Some(future.await)) });
        thread.futures.borrow_mut().insert(future)
    });
    let home = THREAD.with(|thread| Arc::clone(&thread.home));
    LocalJoinHandle {
        proxy: spawner.spawn(Proxy { number, home }),
        output,
    }
}

/// The handle of a task that stays on its thread: a future of its result. Dropped, it lets the task
/// go on.
pub struct LocalJoinHandle<T> {
    /// Says when the task is over, and how.
    proxy: JoinHandle<()>,
    /// Where the future has left its output by then.
    output: Rc<Cell<Option<T>>>,
}

impl<T> LocalJoinHandle<T> {
    /// Asks for the task's end: [`JoinHandle::abort`].
    pub fn abort(&self) {
        self.proxy.abort();
    }

    /// Whether the task is over.
    #[must_use]
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
        f.debug_struct("LocalJoinHandle")
            .field("finished", &self.is_finished())
            .finish_non_exhaustive()
    }
}

thread_local! {
    /// What the proxies of this thread's tasks lead to.
    static THREAD: Thread = Thread {
        futures: RefCell::new(Slab::new()),
        home: Arc::default(),
    };
}

struct Thread {
    /// The futures; `None` while one is polled. Not borrowed meanwhile: a task may spawn another.
    futures: RefCell<Slab<LocalFuture>>,
    /// By this a proxy tells its thread from others.
    home: Arc<Home>,
}

type LocalFuture = Pin<Box<dyn Future<Output = ()>>>;

/// The part of [`Thread`] that other threads may touch.
#[derive(Default)]
struct Home {
    /// Numbers whose proxies were dropped on other threads, with their executor. Their futures must
    /// be dropped here.
    left: Mutex<Vec<u32>>,
}

impl Thread {
    fn is(&self, home: &Arc<Home>) -> bool {
        Arc::ptr_eq(&self.home, home)
    }

    /// Drops what proxies have left behind on other threads.
    fn sweep(&self) {
        let left = std::mem::take(&mut *lock(&self.home.left));
        for number in left {
            let future = self.futures.borrow_mut().remove(number);
            drop(future);
        }
    }
}

/// Polls a future of this thread by its number.
struct Proxy {
    number: u32,
    home: Arc<Home>,
}

impl Future for Proxy {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        THREAD.with(|thread| {
            assert!(
                thread.is(&self.home),
                "a local task was polled on a thread that is not its own: `spawn_local` was given the \
                 spawner of an executor that runs on another thread"
            );
            let future = thread.futures.borrow_mut().get_mut(self.number).take();
            // If this panics, the future is dropped on the way out, and its place stays empty.
            let mut future = future.expect("its one proxy put it back after the last poll");
            let polled = future.as_mut().poll(cx);
            *thread.futures.borrow_mut().get_mut(self.number) = Some(future);
            polled
        })
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let here = THREAD.try_with(|thread| {
            let here = thread.is(&self.home);
            here.then(|| thread.futures.borrow_mut().remove(self.number))
        });
        match here {
            Ok(Some(future)) => drop(future),
            Ok(None) => lock(&self.home.left).push(self.number),
            // A thread that ends, and has dropped its futures.
            Err(_) => {}
        }
    }
}

/// An executor for one thread, that stays there.
///
/// ```
/// use std::cell::Cell;
/// use std::rc::Rc;
///
/// let mut executor = executor::LocalExecutor::new();
/// let count = Rc::new(Cell::new(0));
/// let ours = Rc::clone(&count);
/// let task = executor.spawn_local(async move { ours.set(ours.get() + 1) });
/// executor.run_until(task).expect("neither panicked nor aborted");
/// assert_eq!(count.get(), 1);
/// ```
#[derive(Debug)]
pub struct LocalExecutor {
    executor: Executor,
    spawner: Spawner,
    /// What the thread sleeps on when no task is ready.
    parker: Parker,
    /// Its tasks' futures lie on this thread.
    _not_send: PhantomData<*const ()>,
}

impl LocalExecutor {
    /// An executor without tasks.
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

    /// A spawner of tasks here: for [`spawn_local`] on this thread, and for `Send` futures on any.
    #[must_use]
    pub fn spawner(&self) -> Spawner {
        self.spawner.clone()
    }

    /// Spawns a future that need not be `Send`.
    pub fn spawn_local<F>(&self, future: F) -> LocalJoinHandle<F::Output>
    where
        F: Future + 'static,
    {
        spawn_local(&self.spawner, future)
    }

    /// Runs `future` to its end, and the tasks beside it. Tasks that are not done by then stay.
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

    /// Runs until no task is alive and no other spawner is left.
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

/// How many tasks are polled between two looks at the main future.
const BUDGET: usize = 64;

/// The main future's waker.
struct Main {
    /// Whether the main future is to be polled: not every wake of the thread is meant for it.
    woken: AtomicBool,
    /// Wakes the thread.
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
