//! The unsafe code of this stage, under Miri: `cargo +nightly miri test -p pinning --test sound`. It passes without
//! Miri as well, and says less then.

use std::future::{Future, pending, ready};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::thread;

use executor::{block_on, yield_now};
use pinning::{Notify, SelfReference, finally, projection, sum_by_hand};

fn cx() -> Context<'static> {
    Context::from_waker(Waker::noop())
}

#[test]
fn a_self_reference_stays_right_when_its_box_moves() {
    let value = SelfReference::boxed("howdy");
    let list = [value];
    assert_eq!(list[0].as_ref().b(), list[0].as_ref().a());
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
    let pinned: Pin<&mut _> = waiter.as_mut();
    let mut pinned = pinned;
    assert_eq!(pinned.as_mut().poll(&mut cx()), Poll::Pending);
    notify.notify_one();
    assert_eq!(pinned.poll(&mut cx()), Poll::Ready(()));
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

#[test]
fn a_waiter_leaves_while_it_is_notified_from_another_thread() {
    for _ in 0..20 {
        let notify = Arc::new(Notify::new());
        let mut first = Box::pin(notify.notified());
        let mut second = Box::pin(notify.notified());
        assert!(first.as_mut().poll(&mut cx()).is_pending());
        assert!(second.as_mut().poll(&mut cx()).is_pending());
        let theirs = Arc::clone(&notify);
        let other = thread::spawn(move || theirs.notify_one());
        drop(first);
        other.join().expect("it only notifies");
        assert_eq!(second.as_mut().poll(&mut cx()), Poll::Ready(()));
    }
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
    let cleaned = pin!(finally(yield_now(), || ()));
    assert!(cleaned.poll(&mut cx()).is_pending());
    let ask = |round: u32| async move {
        yield_now().await;
        u64::from(round)
    };
    assert_eq!(block_on(sum_by_hand(ready(4), ask, |_| ())), 6);
}
