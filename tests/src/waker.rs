//! Wakers that write down what is done to them, and hostile ones that do something of their own.

use std::{
    fmt,
    mem::ManuallyDrop,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    task::{RawWaker, RawWakerVTable, Waker},
};

use crate::{event::Event, memory, recorder::Recorder};

/// A named waker. All its clones write into the same run.
pub struct RecordedWaker {
    /// What is handed to polls. This handle is the grader's own: its end leaves no trace.
    waker: ManuallyDrop<Waker>,
    /// What the waker and its clones point to.
    inner: Arc<Inner>,
}

struct Inner {
    /// The name in the trace.
    name: &'static str,
    /// Where everything is written down.
    recorder: Recorder,
    /// Clones that the code under test holds at the moment.
    alive: AtomicUsize,
    /// What happens besides, before the clone, the wake or the drop takes effect.
    hooks: Hooks,
}

#[derive(Default)]
struct Hooks {
    clone: Option<Hook>,
    wake: Option<Hook>,
    drop: Option<Hook>,
}

type Hook = Box<dyn Fn() + Send + Sync>;

/// A waker in the making that does something of its own. Made by
/// [`Recorder::hostile_waker`](crate::Recorder::hostile_waker).
#[must_use]
pub struct HostileWaker {
    recorder: Recorder,
    name: &'static str,
    hooks: Hooks,
}

impl HostileWaker {
    pub(crate) fn new(recorder: &Recorder, name: &'static str) -> Self {
        HostileWaker {
            recorder: recorder.clone(),
            name,
            hooks: Hooks::default(),
        }
    }

    /// Runs `hook` whenever the waker is cloned: just after the code under test has found that it has
    /// to wait, and before it has registered anything.
    pub fn on_clone(mut self, hook: impl Fn() + Send + Sync + 'static) -> Self {
        self.hooks.clone = Some(Box::new(hook));
        self
    }

    /// Runs `hook` whenever the waker is woken, within the call of `wake`.
    pub fn on_wake(mut self, hook: impl Fn() + Send + Sync + 'static) -> Self {
        self.hooks.wake = Some(Box::new(hook));
        self
    }

    /// Runs `hook` whenever a clone is dropped without having been woken.
    pub fn on_drop(mut self, hook: impl Fn() + Send + Sync + 'static) -> Self {
        self.hooks.drop = Some(Box::new(hook));
        self
    }

    /// The waker.
    pub fn build(self) -> RecordedWaker {
        let inner = Arc::new(Inner {
            name: self.name,
            recorder: self.recorder,
            alive: AtomicUsize::new(0),
            hooks: self.hooks,
        });
        let data = Arc::into_raw(Arc::clone(&inner)).cast();
        // SAFETY: `data` carries one reference to an `Inner`, as every function of VTABLE expects of
        // a waker's data, and `Inner` is Send + Sync.
        let waker = unsafe { Waker::from_raw(RawWaker::new(data, &VTABLE)) };
        RecordedWaker {
            waker: ManuallyDrop::new(waker),
            inner,
        }
    }
}

impl RecordedWaker {
    /// The name in the trace.
    pub fn name(&self) -> &'static str {
        self.inner.name
    }

    /// The waker itself, for a `Context`.
    pub fn as_waker(&self) -> &Waker {
        &self.waker
    }

    /// Sees to it that the task is never freed, whatever is done to its references: for code under test that
    /// may wake or drop a waker that it has given back already.
    pub fn never_free(&self) {
        for _ in 0..64 {
            std::mem::forget(Arc::clone(&self.inner));
        }
    }

    /// How many clones the code under test holds at the moment: what keeps the task alive.
    pub fn clones_alive(&self) -> usize {
        self.inner.alive.load(SeqCst)
    }
}

impl fmt::Debug for RecordedWaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RecordedWaker")
            .field(&self.inner.name)
            .finish()
    }
}

impl Drop for RecordedWaker {
    fn drop(&mut self) {
        let data = self.waker.data().cast::<Inner>();
        // SAFETY: this handle's data is the reference that `build` made with `Arc::into_raw`, and the
        // waker in ManuallyDrop, which owns it, is neither dropped nor used again.
        drop(unsafe { Arc::from_raw(data) });
    }
}

impl Inner {
    fn record(&self, event: impl FnOnce(String) -> Event) {
        let event = memory::uncounted(|| event(self.name.into()));
        self.recorder.record(event);
    }

    fn cloned(&self) {
        self.record(|waker| Event::Cloned { waker });
        run(&self.hooks.clone);
        self.alive.fetch_add(1, SeqCst);
    }

    fn woken(&self) {
        self.record(|waker| Event::Woken { waker });
        run(&self.hooks.wake);
    }

    fn dropped(&self) {
        self.record(|waker| Event::Dropped { waker });
        run(&self.hooks.drop);
        self.alive.fetch_sub(1, SeqCst);
    }
}

fn run(hook: &Option<Hook>) {
    if let Some(hook) = hook {
        hook();
    }
}

static VTABLE: RawWakerVTable = RawWakerVTable::new(clone, wake, wake_by_ref, drop_waker);

/// # Safety
///
/// `data` is the data of a waker of this vtable that is alive.
unsafe fn clone(data: *const ()) -> RawWaker {
    // SAFETY: the caller's waker is alive, and so is the reference that it holds.
    let inner = unsafe { &*data.cast::<Inner>() };
    inner.cloned();
    // SAFETY: `data` came from `Arc::into_raw`, and its count is at least the caller's one.
    unsafe { Arc::increment_strong_count(data.cast::<Inner>()) };
    RawWaker::new(data, &VTABLE)
}

/// # Safety
///
/// As for `clone`, and the caller gives its reference up.
unsafe fn wake(data: *const ()) {
    // SAFETY: the caller hands over the reference that `data` holds.
    let inner = unsafe { Arc::from_raw(data.cast::<Inner>()) };
    // By value: the clone is gone once it has been woken.
    inner.alive.fetch_sub(1, SeqCst);
    inner.woken();
}

/// # Safety
///
/// As for `clone`.
unsafe fn wake_by_ref(data: *const ()) {
    // SAFETY: the caller's waker is alive, and so is the reference that it holds.
    let inner = unsafe { &*data.cast::<Inner>() };
    inner.woken();
}

/// # Safety
///
/// As for `wake`.
unsafe fn drop_waker(data: *const ()) {
    // SAFETY: the caller hands over the reference that `data` holds.
    let inner = unsafe { Arc::from_raw(data.cast::<Inner>()) };
    inner.dropped();
}
