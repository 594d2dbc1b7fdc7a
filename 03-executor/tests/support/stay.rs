//! A future that is not `Send`, and that knows its thread.

use std::{
    cell::{Cell, RefCell},
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, Waker},
    thread::{self, ThreadId},
};

use course::{Recorder, event::Event};

/// Something that happens in a poll, or in the drop.
type Hook = Box<dyn FnOnce()>;

/// The grader's end of a future that stays on its thread.
#[derive(Clone)]
pub struct Stay {
    state: Rc<State>,
}

/// The executor's end. Its output is not `Send` either.
pub struct Stayed {
    /// The first field, and no reference count: it can be looked at on any thread.
    home: ThreadId,
    recorder: Recorder,
    state: Rc<State>,
}

struct State {
    name: &'static str,
    recorder: Recorder,
    polls: Cell<usize>,
    can_finish: Cell<bool>,
    dropped: Cell<bool>,
    waker: RefCell<Option<Waker>>,
    /// What happens in the next polls, one in each.
    in_polls: RefCell<Vec<Hook>>,
    in_drop: Cell<Option<Hook>>,
}

impl Stay {
    pub fn new(recorder: &Recorder, name: &'static str) -> Self {
        Stay {
            state: Rc::new(State {
                name,
                recorder: recorder.clone(),
                polls: Cell::new(0),
                can_finish: Cell::new(false),
                dropped: Cell::new(false),
                waker: RefCell::default(),
                in_polls: RefCell::default(),
                in_drop: Cell::default(),
            }),
        }
    }

    /// This happens in the next poll for which nothing else is planned.
    pub fn in_poll(self, hook: impl FnOnce() + 'static) -> Self {
        self.state.in_polls.borrow_mut().push(Box::new(hook));
        self
    }

    /// This happens when the future is dropped.
    pub fn in_drop(self, hook: impl FnOnce() + 'static) -> Self {
        self.state.in_drop.set(Some(Box::new(hook)));
        self
    }

    /// Forgets what was to happen in the drop: the test is over, and the thread may be at its end.
    pub fn disarm(&self) {
        drop(self.state.in_drop.take());
    }

    /// The future, for this thread.
    pub fn future(&self) -> Stayed {
        Stayed {
            home: thread::current().id(),
            recorder: self.state.recorder.clone(),
            state: Rc::clone(&self.state),
        }
    }

    pub fn name(&self) -> &'static str {
        self.state.name
    }

    pub fn polls(&self) -> usize {
        self.state.polls.get()
    }

    pub fn is_dropped(&self) -> bool {
        self.state.dropped.get()
    }

    /// The waker of the latest poll.
    pub fn waker(&self) -> Waker {
        let State { name, recorder, .. } = &*self.state;
        let waker = self.state.waker.borrow().clone();
        waker.unwrap_or_else(|| {
            recorder.fail("never-polled", format!("`{name}` was never polled"));
        })
    }

    /// Lets the next poll be the last, without a wake.
    pub fn can_finish(&self) {
        self.state.can_finish.set(true);
    }

    /// Lets the next poll be the last, and wakes.
    pub fn finish(&self) {
        let State { name, recorder, .. } = &*self.state;
        recorder.note(format!("{name} can finish"));
        self.can_finish();
        self.waker().wake();
    }
}

impl Stayed {
    /// Fails with `wrong-thread` if this is not the future's own. Not during a panic: two at once end
    /// the process.
    fn check_thread(&self, what: &str) {
        if thread::current().id() != self.home && !thread::panicking() {
            self.recorder.fail(
                "wrong-thread",
                format!("a future that is not `Send` was {what} on another thread than its own"),
            );
        }
    }
}

impl Future for Stayed {
    type Output = Rc<String>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Rc<String>> {
        self.check_thread("polled");
        let state = &self.state;
        state.polls.set(state.polls.get() + 1);
        let stale = state.waker.replace(Some(cx.waker().clone()));
        drop(stale);
        let finishes = state.can_finish.get();
        state.recorder.record(Event::ChildPolled {
            child: state.name.into(),
            ready: finishes.then(|| state.name.into()),
        });
        let hook = {
            let mut hooks = state.in_polls.borrow_mut();
            (!hooks.is_empty()).then(|| hooks.remove(0))
        };
        if let Some(hook) = hook {
            hook();
        }
        if finishes {
            Poll::Ready(Rc::new(state.name.into()))
        } else {
            Poll::Pending
        }
    }
}

impl Drop for Stayed {
    fn drop(&mut self) {
        self.check_thread("dropped");
        self.state.dropped.set(true);
        if let Some(hook) = self.state.in_drop.take() {
            hook();
        }
    }
}
