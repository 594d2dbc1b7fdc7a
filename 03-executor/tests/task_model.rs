//! The protocol of `src/task.rs`, and with it `src/join_handle.rs`, on the types of loom: in every
//! order of the threads' steps.
//!
//! Both files are included here once more, as modules of this program, where `crate::sync` is loom's.
//! References are counted by std's `Arc`, as `Wake` wants it: that part is not in the model.

/// What goes through here, the model sees.
mod sync {
    #![allow(unused_imports, reason = "each included file takes what it needs")]

    pub(crate) use loom::cell::UnsafeCell;
    pub(crate) use loom::sync::{Mutex, MutexGuard, atomic};
    pub(crate) use std::sync::PoisonError;
}

#[path = "../src/join_handle.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "a library's module, in a program"
)]
mod join_handle;
#[path = "../src/joinable.rs"]
#[allow(unreachable_pub, reason = "a library's module, in a program")]
mod joinable;
#[path = "../src/lock.rs"]
mod lock;
#[path = "../src/task.rs"]
#[allow(unreachable_pub, reason = "a library's module, in a program")]
mod task;

pub use executor::JoinError;
pub use join_handle::{JoinHandle, JoinState};
pub use joinable::Joinable;

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize as Count, Ordering::SeqCst};
use std::task::{Context, Poll, Wake, Waker};

use loom::sync::atomic::{AtomicBool, Ordering::Relaxed};
use loom::thread;

use lock::lock;
use task::{Polled, Runnable, spawn};

/// Everything that one order of the steps needs, made anew for each.
#[derive(Clone)]
struct Scene {
    /// The executor: a queue, out of which any thread may run.
    queue: Arc<sync::Mutex<Vec<Runnable>>>,
    /// What the future waits for, all of it. As weak as flags can be: that a poll sees what went
    /// before its wake is the task's business.
    events: Arc<[AtomicBool; 2]>,
    /// What an executor keeps: a task that waits is to be found by who ends it.
    kept: Arc<sync::Mutex<Option<task::Waiting>>>,
    /// How many futures, and how many outputs, were dropped. No steps of the model.
    futures: Arc<Count>,
    outputs: Arc<Count>,
}

/// Ready when the events of `waits_for` have happened.
struct Waiting {
    scene: Scene,
    waits_for: usize,
}

struct Output(Scene);

impl Future for Waiting {
    type Output = Output;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Output> {
        let mut events = self.scene.events.iter().take(self.waits_for);
        match events.all(|event| event.load(Relaxed)) {
            true => Poll::Ready(Output(self.scene.clone())),
            false => Poll::Pending,
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.scene.futures.fetch_add(1, SeqCst);
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        self.0.outputs.fetch_add(1, SeqCst);
    }
}

/// A joiner's waker. It counts, and is no step of the model.
#[derive(Default)]
struct Joiner(Count);

impl Wake for Joiner {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

impl Scene {
    fn new() -> Self {
        Self {
            queue: Arc::new(sync::Mutex::new(Vec::new())),
            kept: Arc::new(sync::Mutex::new(None)),
            events: Arc::new([AtomicBool::new(false), AtomicBool::new(false)]),
            futures: Arc::default(),
            outputs: Arc::default(),
        }
    }

    fn spawn(&self, waits_for: usize) -> (Runnable, JoinHandle<Output>) {
        let queue = Arc::clone(&self.queue);
        let future = Waiting {
            scene: self.clone(),
            waits_for,
        };
        spawn(future, move |runnable| lock(&queue).push(runnable))
    }

    /// The source's side: make it visible, and wake after that.
    fn happen(&self, event: usize, waker: Waker) {
        self.events[event].store(true, Relaxed);
        waker.wake();
    }

    /// Runs what is queued.
    fn run_queue(&self) {
        while let Some(runnable) = self.pop() {
            let _ = runnable.run();
        }
    }

    /// Runs what is queued as an executor does that has its queue at hand.
    fn turn(&self) {
        while let Some(runnable) = self.pop() {
            match runnable.poll_once() {
                Polled::Over => {}
                Polled::Waits(waiting) => *lock(&self.kept) = Some(waiting),
                Polled::Again(runnable) => lock(&self.queue).push(runnable),
            }
        }
    }

    /// Ends the task as an executor that ends: wakes it, and drops what is queued then.
    fn end(&self) {
        let kept = lock(&self.kept).take();
        if let Some(waiting) = kept {
            waiting.wake();
        }
        drop(self.pop());
    }

    fn pop(&self) -> Option<Runnable> {
        let mut queue = lock(&self.queue);
        assert!(queue.len() <= 1, "a task is queued twice");
        queue.pop()
    }

    /// Breaks the cycle of scene and queue, and looks whether all was dropped once.
    fn must_be_over(&self, outputs: usize) {
        assert!(self.pop().is_none(), "a task that is over was queued");
        assert_eq!(self.futures.load(SeqCst), 1, "futures dropped");
        assert_eq!(self.outputs.load(SeqCst), outputs, "outputs dropped");
    }
}

fn result<T>(handle: &mut JoinHandle<T>) -> Poll<Result<T, JoinError>> {
    Pin::new(handle).poll(&mut Context::from_waker(Waker::noop()))
}

fn is_ok<T>(handle: &mut JoinHandle<T>) -> bool {
    match result(handle) {
        Poll::Ready(result) => result.is_ok(),
        Poll::Pending => panic!("nobody has finished the task: a wake was lost"),
    }
}

/// At most four places where a thread is stopped in the middle of its work: mistakes show with
/// very few, and the number of orders grows fast.
fn explore(model: impl Fn(Scene) + Send + Sync + 'static) {
    let mut checker = loom::model::Builder::new();
    checker.preemption_bound = Some(4);
    checker.check(move || model(Scene::new()));
}

#[test]
fn a_wake_may_meet_a_run() {
    explore(|scene| {
        let (runnable, mut handle) = scene.spawn(1);
        let waker = runnable.waker();
        let source = {
            let scene = scene.clone();
            thread::spawn(move || scene.happen(0, waker))
        };
        let _ = runnable.run();
        source.join().expect("it does not panic");
        scene.run_queue();
        assert!(is_ok(&mut handle));
        scene.must_be_over(1);
    });
}

#[test]
fn two_wakes_may_meet_a_run() {
    explore(|scene| {
        let (runnable, mut handle) = scene.spawn(2);
        let sources = [0, 1].map(|event| {
            let (scene, waker) = (scene.clone(), runnable.waker());
            thread::spawn(move || scene.happen(event, waker))
        });
        let _ = runnable.run();
        for source in sources {
            source.join().expect("it does not panic");
        }
        scene.run_queue();
        assert!(is_ok(&mut handle));
        scene.must_be_over(1);
    });
}

#[test]
fn two_threads_may_wake_and_run() {
    explore(|scene| {
        let (runnable, mut handle) = scene.spawn(2);
        let waker = runnable.waker();
        let _ = runnable.run();
        let worker = {
            let (scene, waker) = (scene.clone(), waker.clone());
            thread::spawn(move || {
                scene.happen(0, waker);
                scene.run_queue();
            })
        };
        scene.happen(1, waker);
        scene.run_queue();
        worker.join().expect("it does not panic");
        scene.run_queue();
        assert!(is_ok(&mut handle));
        scene.must_be_over(1);
    });
}

#[test]
fn a_task_that_yields_may_go_from_thread_to_thread() {
    explore(|scene| {
        let events = scene.clone();
        let future = std::future::poll_fn(move |cx| {
            // A plain flag of the future's own, in weak clothes: each poll must see the last one's.
            if events.events[0].load(Relaxed) {
                return Poll::Ready(());
            }
            events.events[0].store(true, Relaxed);
            cx.waker().wake_by_ref();
            Poll::Pending
        });
        let queue = Arc::clone(&scene.queue);
        let (runnable, mut handle) = spawn(future, move |runnable| lock(&queue).push(runnable));
        let waker = runnable.waker();
        let worker = {
            let scene = scene.clone();
            thread::spawn(move || {
                waker.wake();
                scene.run_queue();
            })
        };
        let _ = runnable.run();
        worker.join().expect("it does not panic");
        scene.run_queue();
        assert!(is_ok(&mut handle));
    });
}

#[test]
fn an_abort_may_meet_a_run() {
    explore(|scene| {
        let (runnable, mut handle) = scene.spawn(1);
        let waker = runnable.waker();
        let task = {
            let scene = scene.clone();
            thread::spawn(move || {
                scene.happen(0, waker);
                let _ = runnable.run();
                scene.run_queue();
            })
        };
        handle.abort();
        task.join().expect("it does not panic");
        scene.run_queue();
        let finished = is_ok(&mut handle);
        scene.must_be_over(usize::from(finished));
    });
}

#[test]
fn an_abort_may_meet_a_run_and_a_wake() {
    explore(|scene| {
        let (runnable, mut handle) = scene.spawn(1);
        let waker = runnable.waker();
        let _ = runnable.run();
        let source = {
            let scene = scene.clone();
            thread::spawn(move || {
                scene.happen(0, waker);
                scene.run_queue();
            })
        };
        handle.abort();
        scene.run_queue();
        source.join().expect("it does not panic");
        scene.run_queue();
        let finished = is_ok(&mut handle);
        scene.must_be_over(usize::from(finished));
    });
}

#[test]
fn a_runnable_may_be_dropped_while_its_task_is_woken() {
    explore(|scene| {
        let (runnable, mut handle) = scene.spawn(1);
        let waker = runnable.waker();
        let source = {
            let scene = scene.clone();
            thread::spawn(move || scene.happen(0, waker))
        };
        drop(runnable);
        source.join().expect("it does not panic");
        assert!(!is_ok(&mut handle), "the task was cancelled");
        scene.must_be_over(0);
    });
}

#[test]
fn a_join_may_meet_the_end() {
    explore(|scene| {
        let (runnable, mut handle) = scene.spawn(0);
        let task = thread::spawn(move || runnable.run());
        let joiner = Arc::new(Joiner::default());
        let waker = Waker::from(Arc::clone(&joiner));
        let first = Pin::new(&mut handle).poll(&mut Context::from_waker(&waker));
        assert!(task.join().expect("it does not panic").is_ready());
        if first.is_pending() {
            assert_eq!(joiner.0.load(SeqCst), 1, "the joiner was never woken");
            assert!(is_ok(&mut handle));
        }
        drop(first);
        scene.must_be_over(1);
    });
}

#[test]
fn a_joiner_may_move_while_the_task_ends() {
    explore(|scene| {
        let (runnable, mut handle) = scene.spawn(0);
        let task = thread::spawn(move || runnable.run());
        let first = result(&mut handle);
        if first.is_pending() {
            let joiner = Arc::new(Joiner::default());
            let waker = Waker::from(Arc::clone(&joiner));
            let second = Pin::new(&mut handle).poll(&mut Context::from_waker(&waker));
            let _ = task.join();
            assert!(second.is_ready() || joiner.0.load(SeqCst) == 1);
        } else {
            let _ = task.join();
        }
        drop((first, handle));
        scene.must_be_over(1);
    });
}

#[test]
fn a_handle_may_go_while_the_task_ends() {
    explore(|scene| {
        let (runnable, handle) = scene.spawn(0);
        let task = thread::spawn(move || runnable.run());
        drop(handle);
        let _ = task.join();
        scene.must_be_over(1);
    });
}

#[test]
fn a_wake_may_meet_a_turn() {
    explore(|scene| {
        let (runnable, mut handle) = scene.spawn(1);
        let waker = runnable.waker();
        lock(&scene.queue).push(runnable);
        let source = {
            let scene = scene.clone();
            thread::spawn(move || scene.happen(0, waker))
        };
        scene.turn();
        source.join().expect("it does not panic");
        scene.turn();
        assert!(is_ok(&mut handle));
        drop(lock(&scene.kept).take());
        scene.must_be_over(1);
    });
}

#[test]
fn a_wake_may_meet_the_executors_end() {
    explore(|scene| {
        let (runnable, mut handle) = scene.spawn(1);
        let waker = runnable.waker();
        lock(&scene.queue).push(runnable);
        scene.turn();
        let source = {
            let scene = scene.clone();
            thread::spawn(move || {
                scene.happen(0, waker);
                // What comes too late is dropped where it comes from.
                drop(scene.pop());
            })
        };
        scene.end();
        source.join().expect("it does not panic");
        assert!(!is_ok(&mut handle), "the task was cancelled");
        scene.must_be_over(0);
    });
}

#[test]
fn an_abort_may_meet_a_runnables_end() {
    explore(|scene| {
        let (runnable, mut handle) = scene.spawn(1);
        let executor = thread::spawn(move || drop(runnable));
        handle.abort();
        executor.join().expect("it does not panic");
        assert!(!is_ok(&mut handle), "the task was cancelled");
        scene.must_be_over(0);
    });
}

#[test]
fn a_handle_that_has_waited_may_go_while_the_task_ends() {
    explore(|scene| {
        let (runnable, mut handle) = scene.spawn(0);
        let joiner = Arc::new(Joiner::default());
        let waker = Waker::from(Arc::clone(&joiner));
        let first = Pin::new(&mut handle).poll(&mut Context::from_waker(&waker));
        assert!(first.is_pending());
        drop(waker);
        let late = runnable.waker();
        let task = thread::spawn(move || runnable.run());
        drop(handle);
        let _ = task.join();
        // What nobody comes for does not stay until the last waker goes.
        assert_eq!(scene.outputs.load(SeqCst), 1);
        assert_eq!(Arc::strong_count(&joiner), 1);
        drop(late);
        scene.must_be_over(1);
    });
}
