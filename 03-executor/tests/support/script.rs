//! A future in the grader's hands, that finds out what an executor does to it.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc::Sender},
    task::{Context, Poll, Waker},
    thread::{self, ThreadId},
    time::Duration,
};

use course::{Recorder, event::Event};
use cpu_time::ThreadTime;

/// How many polls there may be that no wake asked for: an executor may look once more now and then.
const MOST_UNWOKEN_POLLS: usize = 4;

/// How much of the processor's time a thread may use between two polls.
const MOST_IDLE_WORK: Duration = Duration::from_millis(60);

/// Something that happens in a poll.
type Hook = Box<dyn FnOnce(&Waker) + Send>;

/// The grader's end of a future. Clones are of the same one.
#[derive(Clone)]
pub struct Script {
    /// The name in the trace.
    pub name: &'static str,
    recorder: Recorder,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    polls: usize,
    wakes: usize,
    can_finish: bool,
    finished: bool,
    /// The waker of the latest poll.
    waker: Option<Waker>,
    /// What happens in the poll of this number, from 1.
    hooks: Vec<(usize, Hook)>,
    /// Who hears of each poll.
    tell: Option<Sender<&'static str>>,
}

/// The executor's end: Ready when [`Script::finish`] was called. It may be sent, whatever runs it.
pub struct Scripted {
    script: Script,
    /// Which thread polled last, and how much it had worked when that poll ended.
    left: Option<(ThreadId, Duration)>,
}

impl Script {
    pub fn new(recorder: &Recorder, name: &'static str) -> Self {
        Script {
            name,
            recorder: recorder.clone(),
            state: Arc::default(),
        }
    }

    /// This happens in the poll of this number, from 1: a wake in it has to be counted with
    /// [`wake_by`](Script::wake_by).
    pub fn in_poll(self, poll: usize, hook: impl FnOnce(&Waker) + Send + 'static) -> Self {
        self.state().hooks.push((poll, Box::new(hook)));
        self
    }

    /// The future. Each poll that answers is told.
    pub fn future(&self, tell: &Sender<&'static str>) -> Scripted {
        self.state().tell = Some(tell.clone());
        Scripted {
            script: self.clone(),
            left: None,
        }
    }

    pub fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    pub fn polls(&self) -> usize {
        self.state().polls
    }

    /// How often it was woken, as far as the grader did it.
    pub fn wakes(&self) -> usize {
        self.state().wakes
    }

    pub fn is_finished(&self) -> bool {
        self.state().finished
    }

    /// The waker of the latest poll.
    pub fn waker(&self) -> Waker {
        let waker = self.state().waker.clone();
        waker.unwrap_or_else(|| {
            self.recorder.fail(
                "never-polled",
                format!(
                    "`{}` was never polled, and so has nobody to wake",
                    self.name
                ),
            )
        })
    }

    /// Wakes with this waker, and counts it.
    pub fn wake_by(&self, waker: &Waker) {
        self.state().wakes += 1;
        waker.wake_by_ref();
    }

    /// Wakes although nothing has happened.
    pub fn wake_for_nothing(&self) {
        self.recorder
            .note(format!("{} is woken for nothing", self.name));
        self.wake_by(&self.waker());
    }

    /// Lets the next poll be the last, without a wake.
    pub fn can_finish(&self) {
        self.recorder.note(format!("{} can finish", self.name));
        self.state().can_finish = true;
    }

    /// Lets the next poll be the last, and wakes.
    pub fn finish(&self) {
        self.can_finish();
        self.wake_by(&self.waker());
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Fails with `polled-after-ready` or `busy-loop`.
    fn check(&self, left: Option<(ThreadId, Duration)>) {
        let Script { name, recorder, .. } = self;
        let (polls, wakes, finished) = {
            let state = self.state();
            (state.polls, state.wakes, state.finished)
        };
        if finished {
            recorder.fail(
                "polled-after-ready",
                format!("`{name}` was polled again after it had answered Ready"),
            );
        }
        if polls > 2 * wakes + MOST_UNWOKEN_POLLS {
            recorder.fail(
                "busy-loop",
                match wakes {
                    1 => format!("`{name}` was polled {polls} times, and woken once"),
                    _ => format!("`{name}` was polled {polls} times, and woken {wakes} times"),
                },
            );
        }
        let (thread, now) = worked_so_far();
        let worked = match left {
            Some((same, left)) if same == thread => now - left,
            _ => Duration::ZERO,
        };
        if worked > MOST_IDLE_WORK {
            recorder.fail(
                "busy-loop",
                format!(
                    "between two polls of `{name}` there was nothing to do, and the thread used {} ms of the \
                     processor's time",
                    worked.as_millis()
                ),
            );
        }
    }
}

impl Future for Scripted {
    type Output = u32;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u32> {
        let script = self.script.clone();
        let left = self.left.take();
        let (hooks, finishes) = {
            let mut state = script.state();
            state.polls += 1;
            let number = state.polls;
            let due = |(poll, _): &mut (usize, Hook)| *poll == number;
            let hooks: Vec<_> = state.hooks.extract_if(.., due).collect();
            (hooks, state.can_finish)
        };
        script.check(left);
        let stale = script.state().waker.replace(cx.waker().clone());
        drop(stale);
        script.recorder.record(Event::ChildPolled {
            child: script.name.into(),
            ready: finishes.then(|| ANSWER.to_string()),
        });
        for (_, hook) in hooks {
            hook(cx.waker());
        }
        let tell = {
            let mut state = script.state();
            state.finished = finishes;
            state.tell.clone()
        };
        if let Some(tell) = tell {
            let _ = tell.send(script.name);
        }
        self.left = Some(worked_so_far());
        if finishes {
            Poll::Ready(ANSWER)
        } else {
            Poll::Pending
        }
    }
}

fn worked_so_far() -> (ThreadId, Duration) {
    (thread::current().id(), ThreadTime::now().as_duration())
}

/// What every script answers.
pub const ANSWER: u32 = 42;
