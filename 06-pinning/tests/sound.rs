//! The unsafe code of this stage, under Miri: `cargo +nightly miri test -p pinning --test sound`. It passes without
//! Miri as well, and says less then.
//!
//! Miri sees a race of two threads in any order of theirs, unless something has put one before the other. So that a lock alone
//! can do that, a thread says that it is done by [`Flag`], which orders nothing.

use std::future::{Future, pending, ready};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::task::{Context, Poll, Waker};
use std::thread;

use executor::{block_on, yield_now};
use pinning::{Notified, Notify, SelfReference, finally, projection, sum_by_hand};

/// What a thread tells another, and what puts nothing before anything.
#[derive(Default)]
struct Flag(AtomicBool);

impl Flag {
    fn set(&self) {
        self.0.store(true, Relaxed);
    }

    fn is_set(&self) -> bool {
        self.0.load(Relaxed)
    }

    fn wait(&self) {
        while !self.is_set() {
            thread::yield_now();
        }
    }
}

/// Sets a flag when it is dropped, by a panic as well: nobody is to wait for ever.
struct AtLast<'a>(&'a Flag);

impl Drop for AtLast<'_> {
    fn drop(&mut self) {
        self.0.set();
    }
}

fn cx() -> Context<'static> {
    Context::from_waker(Waker::noop())
}

#[test]
fn a_self_reference_stays_right_when_its_box_moves() {
    let value = SelfReference::boxed("howdy");
    let list = [value];
    assert_eq!(list[0].pointer(), list[0].address_of_a());
    assert_eq!(list[0].as_ref().b(), "howdy");
    let mut value = pin!(SelfReference::new("hello"));
    value.as_mut().init();
    value.as_mut().init();
    assert_eq!(value.as_ref().b(), "hello");
}

#[test]
fn waiters_leave_from_everywhere() {
    for leaves in 0..5 {
        let notify = Notify::new();
        let mut waiting: Vec<_> = (0..5).map(|_| Box::pin(notify.notified())).collect();
        for waiter in &mut waiting {
            assert_eq!(waiter.as_mut().poll(&mut cx()), Poll::Pending);
        }
        drop(waiting.remove(leaves));
        for waiter in &mut waiting {
            notify.notify_one();
            assert_eq!(waiter.as_mut().poll(&mut cx()), Poll::Ready(()));
        }
    }
}

#[test]
fn a_waiter_is_notified_while_its_future_is_borrowed() {
    let notify = Notify::new();
    let mut waiter = Box::pin(notify.notified());
    // The first poll puts it into the list; no later one may claim it for itself.
    for _ in 0..2 {
        assert_eq!(waiter.as_mut().poll(&mut cx()), Poll::Pending);
    }
    let borrowed: Pin<&mut _> = waiter.as_mut();
    notify.notify_one();
    assert_eq!(borrowed.poll(&mut cx()), Poll::Ready(()));
}

#[test]
fn threads_take_turns() {
    let (ping, pong) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (theirs, answer) = (Arc::clone(&ping), Arc::clone(&pong));
    let other = thread::spawn(move || {
        for _ in 0..10 {
            block_on(theirs.notified());
            answer.notify_one();
        }
    });
    for _ in 0..10 {
        ping.notify_one();
        block_on(pong.notified());
    }
    other.join().expect("it only takes turns");
}

/// Two wait, and another thread notifies the first of them, before or after this one does `what` with it.
fn with_the_first(notified_first: bool, what: impl FnOnce(&mut Pin<Box<Notified<'_>>>)) {
    let (notify, go, done) = (Notify::new(), Flag::default(), Flag::default());
    let [mut first, mut second] = [Box::pin(notify.notified()), Box::pin(notify.notified())];
    assert!(first.as_mut().poll(&mut cx()).is_pending());
    assert!(second.as_mut().poll(&mut cx()).is_pending());
    thread::scope(|scope| {
        scope.spawn(|| {
            go.wait();
            let _done = AtLast(&done);
            notify.notify_one();
        });
        let go = AtLast(&go);
        if notified_first {
            drop(go);
            done.wait();
            what(&mut first);
        } else {
            what(&mut first);
            drop(go);
            done.wait();
        }
        drop(first);
    });
    notify.notify_one();
    assert_eq!(second.as_mut().poll(&mut cx()), Poll::Ready(()));
}

#[test]
fn a_waiter_is_polled_after_another_thread_has_notified_it() {
    with_the_first(true, |first| {
        assert_eq!(first.as_mut().poll(&mut cx()), Poll::Ready(()));
    });
}

#[test]
fn a_waiter_is_polled_before_another_thread_notifies_it() {
    with_the_first(false, |first| {
        assert_eq!(first.as_mut().poll(&mut cx()), Poll::Pending);
    });
}

#[test]
fn a_waiter_leaves_after_another_thread_has_notified_it() {
    with_the_first(true, |_leaves| ());
}

#[test]
fn a_neighbour_leaves_before_another_thread_notifies() {
    let (notify, go, done) = (Notify::new(), Flag::default(), Flag::default());
    let waiting = [(); 3].map(|()| {
        let mut waiter = Box::pin(notify.notified());
        assert!(waiter.as_mut().poll(&mut cx()).is_pending());
        waiter
    });
    let [first, second, mut third] = waiting;
    thread::scope(|scope| {
        scope.spawn(|| {
            go.wait();
            let _done = AtLast(&done);
            notify.notify_one();
        });
        let go = AtLast(&go);
        drop(first);
        drop(go);
        done.wait();
        drop(second);
    });
    assert_eq!(third.as_mut().poll(&mut cx()), Poll::Ready(()));
}

#[test]
fn projections_by_hand_borrow_what_they_say() {
    let mut timeout = Box::pin(projection::Timeout::new(
        async {
            let text = String::from("howdy");
            let borrowed = &text;
            yield_now().await;
            borrowed.len()
        },
        pending(),
    ));
    assert!(timeout.as_mut().poll(&mut cx()).is_pending());
    assert!(timeout.as_mut().get_pin_mut().poll(&mut cx()).is_ready());
    assert_eq!(timeout.polls(), 1);
    let cleaned = Flag::default();
    let mut finally = Box::pin(finally(yield_now(), || cleaned.set()));
    assert!(finally.as_mut().poll(&mut cx()).is_pending());
    assert!(!cleaned.is_set());
    drop(finally);
    assert!(cleaned.is_set());
    let ask = |round: u32| async move {
        yield_now().await;
        u64::from(round)
    };
    assert_eq!(block_on(sum_by_hand(ready(4), ask, |_| ())), 6);
}
