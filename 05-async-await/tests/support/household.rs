//! One future and the tasks that it spawns, on one thread, run by hand: until all of them wait.

#![allow(dead_code, unreachable_pub)]

use std::{
    any::Any,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    task::{Context, Poll, Wake, Waker},
};

use course::Recorder;
use executor::{
    Executor, JoinHandle, Spawner,
    context::{self, Current, Handle},
};

/// So many polls in a row are more than any news takes.
const MOST_POLLS: usize = 20_000;

/// An executor for `executor::spawn`, and a future that lives beside its tasks.
pub struct Household {
    recorder: Recorder,
    executor: Executor,
    spawner: Spawner,
    /// Until it is over.
    main: Option<Main>,
    /// `executor::spawn` spawns here.
    _current: Current,
}

struct Main {
    future: Pin<Box<dyn Future<Output = ()>>>,
    woken: Arc<Woken>,
}

impl Household {
    /// Nobody yet.
    pub fn new(recorder: &Recorder) -> Self {
        let (executor, spawner) = Executor::new(Waker::noop().clone());
        Self {
            recorder: recorder.clone(),
            executor,
            _current: context::set(Handle::Spawner(spawner.clone())),
            spawner,
            main: None,
        }
    }

    /// From the next [`settle`](Self::settle) on, `future` lives here.
    pub fn begin(&mut self, future: impl Future<Output = ()> + 'static) {
        self.main = Some(Main {
            future: Box::pin(future),
            woken: Arc::new(Woken(AtomicBool::new(true))),
        });
    }

    pub fn spawn<T: Send + 'static>(
        &self,
        future: impl Future<Output = T> + Send + 'static,
    ) -> JoinHandle<T> {
        self.spawner.spawn(future)
    }

    /// For a thread that is to be at home here, too.
    pub fn spawner(&self) -> Spawner {
        self.spawner.clone()
    }

    /// Whether there is no main future, or it is over.
    pub fn is_over(&self) -> bool {
        self.main.is_none()
    }

    /// Polls whoever was woken, until nobody is. Gives the panic of the main future.
    ///
    /// Fails with `busy-wake` if that does not come to an end.
    pub fn settle(&mut self) -> Result<(), Box<dyn Any + Send>> {
        let mut polls = 0;
        loop {
            let before = polls;
            if self.poll_main()? {
                polls += 1;
            }
            polls += self.executor.turn(100);
            if polls == before && !self.executor.has_ready() {
                return Ok(());
            }
            if polls > MOST_POLLS {
                self.recorder.fail(
                    "busy-wake",
                    format!(
                        "nothing happens any more, and after {polls} polls there is still a task that was woken"
                    ),
                );
            }
        }
    }

    /// Polls the main future, if it was woken. Says whether it was.
    fn poll_main(&mut self) -> Result<bool, Box<dyn Any + Send>> {
        let Some(main) = &mut self.main else {
            return Ok(false);
        };
        if !main.woken.0.swap(false, SeqCst) {
            return Ok(false);
        }
        let waker = Waker::from(Arc::clone(&main.woken));
        let polled = catch_unwind(AssertUnwindSafe(|| {
            main.future.as_mut().poll(&mut Context::from_waker(&waker))
        }));
        if !matches!(polled, Ok(Poll::Pending)) {
            self.main = None;
        }
        polled.map(|_| true)
    }
}

struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, SeqCst);
    }
}

impl fmt::Debug for Household {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Household").finish_non_exhaustive()
    }
}
