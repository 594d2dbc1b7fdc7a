// expect: pass
//! The queue is a channel without a bound, and the counts are atomics. `run` looks with `try_recv` and sleeps on the
//! parker; the end of the sleep is never the end of a channel.

use std::collections::HashMap;
use std::fmt;
use std::mem;
use std::sync::mpsc::{self, Receiver, Sender};
use std::task::Waker;

use crate::enter::enter;
use crate::lock::lock;
use crate::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use crate::sync::{Arc, Mutex};
use crate::task::{self, Runnable};
use crate::{JoinHandle, Parker};

#[must_use]
pub fn new_executor_and_spawner() -> (Executor, Spawner) {
    let parker = Parker::new();
    let (mut executor, spawner) = Executor::new(parker.waker());
    executor.parker = Some(parker);
    (executor, spawner)
}

pub struct Executor {
    receiver: Receiver<(usize, Runnable)>,
    /// Looked at by `has_ready`, and not run yet.
    next: Mutex<Option<(usize, Runnable)>>,
    shared: Arc<Shared>,
    parker: Option<Parker>,
}

pub struct Spawner {
    sender: Sender<(usize, Runnable)>,
    shared: Arc<Shared>,
}

struct Shared {
    /// `None` when the executor is gone.
    alive: Mutex<Option<HashMap<usize, Waker>>>,
    made: AtomicUsize,
    spawners: AtomicUsize,
    ready: AtomicUsize,
    unpark: Waker,
}

impl Executor {
    #[must_use]
    pub fn new(unpark: Waker) -> (Executor, Spawner) {
        let (sender, receiver) = mpsc::channel();
        let shared = Arc::new(Shared {
            alive: Mutex::new(Some(HashMap::new())),
            made: AtomicUsize::new(0),
            spawners: AtomicUsize::new(1),
            ready: AtomicUsize::new(0),
            unpark,
        });
        let executor = Executor {
            receiver,
            next: Mutex::new(None),
            shared: Arc::clone(&shared),
            parker: None,
        };
        (executor, Spawner { sender, shared })
    }

    pub fn turn(&mut self, budget: usize) -> usize {
        for polled in 0..budget {
            let looked_at = lock(&self.next).take();
            let Some((key, runnable)) = looked_at.or_else(|| self.receiver.try_recv().ok()) else {
                return polled;
            };
            self.shared.ready.fetch_sub(1, SeqCst);
            if runnable.run().is_ready() {
                let waker = lock(&self.shared.alive).as_mut().and_then(|alive| alive.remove(&key));
                drop(waker);
            }
        }
        budget
    }

    #[must_use]
    pub fn has_ready(&self) -> bool {
        let mut next = lock(&self.next);
        if next.is_none() {
            *next = self.receiver.try_recv().ok();
        }
        next.is_some()
    }

    #[must_use]
    pub fn is_done(&self) -> bool {
        // The spawners first: without them nothing new can come.
        self.shared.spawners.load(SeqCst) == 0 && lock(&self.shared.alive).as_ref().is_none_or(HashMap::is_empty)
    }

    pub fn run(&mut self) {
        let _entered = enter("run");
        let parker = self.parker.take().expect("made by `new_executor_and_spawner`");
        while !self.is_done() {
            if self.turn(usize::MAX) == 0 {
                parker.park();
            }
        }
        self.parker = Some(parker);
    }
}

impl Spawner {
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let key = self.shared.made.fetch_add(1, SeqCst);
        let (sender, shared) = (self.sender.clone(), Arc::clone(&self.shared));
        let (runnable, handle) = task::spawn(future, move |runnable| shared.push(&sender, key, runnable));
        let waker = runnable.waker();
        let late = match &mut *lock(&self.shared.alive) {
            Some(alive) => alive.insert(key, waker),
            None => Some(waker),
        };
        drop(late);
        self.shared.push(&self.sender, key, runnable);
        handle
    }
}

impl Shared {
    fn push(&self, sender: &Sender<(usize, Runnable)>, key: usize, runnable: Runnable) {
        self.ready.fetch_add(1, SeqCst);
        // Without a receiver the `Runnable` comes back, and is dropped.
        drop(sender.send((key, runnable)));
        self.unpark.wake_by_ref();
    }
}

impl Drop for Executor {
    fn drop(&mut self) {
        let alive = lock(&self.shared.alive).take().unwrap_or_default();
        let (_, closed) = mpsc::channel();
        // From here on nobody receives.
        drop(mem::replace(&mut self.receiver, closed));
        let looked_at = lock(&self.next).take();
        drop(looked_at);
        for waker in alive.into_values() {
            waker.wake();
        }
    }
}

impl Clone for Spawner {
    fn clone(&self) -> Self {
        self.shared.spawners.fetch_add(1, SeqCst);
        Self {
            sender: self.sender.clone(),
            shared: Arc::clone(&self.shared),
        }
    }
}

impl Drop for Spawner {
    fn drop(&mut self) {
        if self.shared.spawners.fetch_sub(1, SeqCst) == 1 {
            self.shared.unpark.wake_by_ref();
        }
    }
}

impl fmt::Debug for Executor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Executor").finish_non_exhaustive()
    }
}

impl fmt::Debug for Spawner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spawner").finish_non_exhaustive()
    }
}
