//! Every future of this stage, dropped at each point at which it can wait: no waker, timer, place in a list or
//! notification is left of it.

#[path = "../../05-async-await/tests/cancellation/everywhere.rs"]
mod everywhere;
#[path = "../../05-async-await/tests/behaviour/task.rs"]
mod task;
#[path = "../../05-async-await/tests/cancellation/world.rs"]
mod world;

use std::cell::{Cell, RefCell};
use std::future::pending;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use async_await::oneshot;
use pinning::{Notify, TimedOut, finally, pin_projected, projection, sum_by_hand};

use everywhere::{Event, Scene, dropped_everywhere, event, followed};
use world::{HOUR, World};

type Received = oneshot::Receiver<u8>;

/// A future, and the event that makes it ready.
fn receiver(value: u8) -> (Received, Event) {
    let (sender, receiver) = oneshot::channel();
    (receiver, event(move || _ = sender.send(value)))
}

/// One that outlives every future, as if it were a `static`.
fn notify() -> &'static Notify {
    Box::leak(Box::default())
}

/// Polls once, for nobody.
fn poll<F: Future>(future: &mut Pin<Box<F>>) -> Poll<F::Output> {
    future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn a_timeout_by_hand_that_comes_and_one_that_does_not() {
    World::with(|world| {
        dropped_everywhere(2, || {
            let (receiver, sent) = receiver(1);
            let waits = async {
                assert_eq!(projection::timeout(HOUR, receiver).await, Ok(Ok(1)));
                let never = projection::timeout(HOUR, pending::<()>());
                assert_eq!(never.await, Err(TimedOut));
            };
            let events = vec![sent, world.an_hour_passes()];
            Scene::new(waits, events, world.no_timer_is_left())
        });
    });
}

#[test]
fn a_timeout_with_pin_project_that_comes_and_one_that_does_not() {
    World::with(|world| {
        dropped_everywhere(2, || {
            let (receiver, sent) = receiver(1);
            let waits = async {
                assert_eq!(pin_projected::timeout(HOUR, receiver).await, Ok(Ok(1)));
                let never = pin_projected::timeout(HOUR, pending::<()>());
                assert_eq!(never.await, Err(TimedOut));
            };
            let events = vec![sent, world.an_hour_passes()];
            Scene::new(waits, events, world.no_timer_is_left())
        });
    });
}

#[test]
fn a_future_and_then_another() {
    dropped_everywhere(2, || {
        let ((first, sent), (second, sent_then)) = (receiver(1), receiver(2));
        let first = pin_projected::Map::new(first, |value| value.expect("it is sent"));
        let both = pin_projected::Then::new(first, move |value| {
            assert_eq!(value, 1);
            second
        });
        let checked = async { assert_eq!(both.await, Ok(2)) };
        Scene::new(checked, vec![sent, sent_then], || {})
    });
}

#[test]
fn a_sum_of_two_rounds() {
    dropped_everywhere(3, || {
        let ((rounds, begins), (first, sent)) = (receiver(2), receiver(10));
        let (second, sent_then) = receiver(20);
        let mut receivers = vec![second, first];
        let rounds = async { u32::from(rounds.await.expect("it is sent")) };
        let ask = move |_| {
            let receiver = receivers.pop().expect("there are two rounds");
            async { u64::from(receiver.await.expect("it is sent")) }
        };
        let checked = async { assert_eq!(sum_by_hand(rounds, ask, |_| ()).await, 30) };
        Scene::new(checked, vec![begins, sent, sent_then], || {})
    });
}

#[test]
fn something_is_cleaned_up_once() {
    dropped_everywhere(1, || {
        let (receiver, sent) = receiver(1);
        let cleanups = Rc::new(Cell::new(0));
        let counts = Rc::clone(&cleanups);
        let work = finally(receiver, move || counts.set(counts.get() + 1));
        Scene::new(work, vec![sent], move || assert_eq!(cleanups.get(), 1))
    });
}

/// The one behind is served by what the first one has not used.
#[test]
fn a_notification_with_another_one_who_waits_for_it() {
    dropped_everywhere(1, || {
        let notify = notify();
        let second = Rc::new(RefCell::new(Box::pin(notify.notified())));
        let comes = {
            let second = Rc::clone(&second);
            move || assert_eq!(poll(&mut second.borrow_mut()), Poll::Pending)
        };
        let used = Rc::new(Cell::new(false));
        let uses = Rc::clone(&used);
        let first = async move {
            followed(notify.notified(), comes).await;
            uses.set(true);
        };
        let notified = event(|| notify.notify_one());
        Scene::new(first, vec![notified], move || {
            let served = poll(&mut second.borrow_mut()).is_ready();
            assert_eq!(served, !used.get());
            let mut third = Box::pin(notify.notified());
            assert!(poll(&mut third).is_pending(), "there was one, not two");
        })
    });
}
