//! A scripted future that knows how a task has to treat it.

#![allow(dead_code, unreachable_pub)]

use std::{
    fmt::Debug,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    task::{Context, Poll, Waker},
};

use course::{Recorder, event::Event, memory};

use crate::rules::lock;

/// The grader's end of a future: it sees how the future is polled and dropped, from any thread.
#[derive(Clone)]
pub struct Probe {
    shared: Arc<Shared>,
}

struct Shared {
    /// The name in the trace.
    name: &'static str,
    recorder: Recorder,
    /// Whether some thread is in a poll.
    in_poll: AtomicBool,
    /// How it ended, if it has ended: nobody may poll it from then on.
    over: Mutex<Option<&'static str>>,
    polls: AtomicUsize,
    dropped: AtomicBool,
    /// A waker of its task that the world has got hold of.
    waker: Mutex<Option<Waker>>,
}

impl Probe {
    pub fn new(recorder: &Recorder, name: &'static str) -> Self {
        Probe {
            shared: Arc::new(Shared {
                name,
                recorder: recorder.clone(),
                in_poll: AtomicBool::new(false),
                over: Mutex::new(None),
                polls: AtomicUsize::new(0),
                dropped: AtomicBool::new(false),
                waker: Mutex::new(None),
            }),
        }
    }

    /// The future: each poll runs the script once.
    pub fn future<T, S>(&self, script: S) -> Probed<S>
    where
        S: FnMut(&Probe, &mut Context<'_>) -> Poll<T>,
    {
        Probed {
            probe: self.clone(),
            script,
        }
    }

    /// A future that leaves its waker with the world and is ready at its poll number `at`.
    pub fn ready_at<T>(
        &self,
        at: usize,
        output: T,
    ) -> Probed<impl FnMut(&Probe, &mut Context<'_>) -> Poll<T> + use<T>> {
        let mut output = Some(output);
        self.future(move |probe, cx| {
            probe.keep_waker(cx);
            match output.take_if(|_| probe.polls() >= at) {
                Some(output) => Poll::Ready(output),
                None => Poll::Pending,
            }
        })
    }

    pub fn name(&self) -> &'static str {
        self.shared.name
    }

    /// How often a poll has begun.
    pub fn polls(&self) -> usize {
        self.shared.polls.load(SeqCst)
    }

    pub fn is_dropped(&self) -> bool {
        self.shared.dropped.load(SeqCst)
    }

    /// Hands this poll's waker to the world.
    pub fn keep_waker(&self, cx: &Context<'_>) {
        let waker = cx.waker().clone();
        self.keep(waker);
    }

    /// Hands a waker of the task to the world.
    pub fn keep(&self, waker: Waker) {
        let previous = lock(&self.shared.waker).replace(waker);
        drop(previous);
    }

    /// The waker that the world has got, if it has one.
    pub fn waker(&self) -> Option<Waker> {
        lock(&self.shared.waker).clone()
    }

    /// Wakes the task with what the world has got.
    pub fn wake(&self) {
        if let Some(waker) = self.waker() {
            waker.wake();
        }
    }

    /// Lets go of the world's waker.
    pub fn forget_waker(&self) {
        let waker = lock(&self.shared.waker).take();
        drop(waker);
    }

    fn begin(&self) {
        let Shared { name, recorder, .. } = &*self.shared;
        if let Some(how) = *lock(&self.shared.over) {
            recorder.fail(
                "polled-after-ready",
                format!("`{name}` was polled again after it had {how}"),
            );
        }
        if self.shared.in_poll.swap(true, SeqCst) {
            recorder.fail(
                "polled-concurrently",
                format!("`{name}` was polled while another thread was still polling it"),
            );
        }
        self.shared.polls.fetch_add(1, SeqCst);
    }
}

/// The code under test's end of a [`Probe`].
pub struct Probed<S> {
    probe: Probe,
    script: S,
}

// Nothing in it is pinned: the script is called, and its output passes through.
impl<S> Unpin for Probed<S> {}

impl<T: Debug, S> Future for Probed<S>
where
    S: FnMut(&Probe, &mut Context<'_>) -> Poll<T>,
{
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        let Probed { probe, script } = &mut *self;
        probe.begin();
        let polling = Polling(probe);
        let poll = script(probe, cx);
        if poll.is_ready() {
            *lock(&probe.shared.over) = Some("answered Ready");
        }
        drop(polling);
        memory::uncounted(|| {
            probe.shared.recorder.record(Event::ChildPolled {
                child: probe.shared.name.into(),
                ready: match &poll {
                    Poll::Ready(output) => Some(format!("{output:?}")),
                    Poll::Pending => None,
                },
            });
        });
        poll
    }
}

/// A poll under way, also if it ends with a panic.
struct Polling<'a>(&'a Probe);

impl Drop for Polling<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            *lock(&self.0.shared.over) = Some("panicked");
            let name = self.0.shared.name;
            self.0.shared.recorder.note(format!("{name} panics"));
        }
        self.0.shared.in_poll.store(false, SeqCst);
    }
}

impl<S> Drop for Probed<S> {
    fn drop(&mut self) {
        let Shared { name, recorder, .. } = &*self.probe.shared;
        self.probe.shared.dropped.store(true, SeqCst);
        recorder.record(Event::ChildDropped {
            child: (*name).to_string(),
        });
    }
}
