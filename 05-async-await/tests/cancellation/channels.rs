//! Channels: no value and no place is lost, and no waker kept.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use async_await::{TrySendError, broadcast, mpsc, next, oneshot, unbounded};

use crate::everywhere::{Scene, dropped_everywhere, event, followed};
use crate::task::Task;

/// Something of which it can be told whether it is still there.
fn value() -> (Arc<()>, impl Fn() -> bool) {
    let value = Arc::new(());
    let seen = Arc::downgrade(&value);
    (value, move || seen.strong_count() > 0)
}

#[test]
fn the_receiver_of_a_oneshot() {
    dropped_everywhere(1, || {
        let (sender, receiver) = oneshot::channel();
        let (value, is_alive) = value();
        let sends = event(move || drop(sender.send(value)));
        Scene::new(receiver, vec![sends], move || {
            assert!(
                !is_alive(),
                "received and dropped, or given back and dropped"
            );
        })
    });
}

#[test]
fn the_sender_of_a_oneshot_that_waits_for_the_end() {
    dropped_everywhere(1, || {
        let (sender, receiver) = oneshot::channel();
        let sender = Rc::new(RefCell::new(Some(sender)));
        let closed = {
            let sender = Rc::clone(&sender);
            async move {
                let mut sender = sender.borrow_mut();
                sender.as_mut().expect("it is there").closed().await;
            }
        };
        let (value, is_alive) = value();
        Scene::new(closed, vec![event(move || drop(receiver))], move || {
            let sender = sender.take().expect("it is there");
            assert!(sender.send(value).is_err(), "nobody receives");
            assert!(!is_alive());
        })
    });
}

#[test]
fn two_sends_into_a_full_channel() {
    dropped_everywhere(2, || {
        let (sender, receiver) = mpsc::channel(1);
        let (first, first_is_alive) = value();
        let (second, second_is_alive) = value();
        sender.try_send(Arc::new(())).expect("there is room");
        let receiver = Rc::new(RefCell::new(receiver));
        let sends = {
            let sender = sender.clone();
            async move {
                sender.send(first).await.expect("it is open");
                sender.send(second).await.expect("it is open");
            }
        };
        let receive = || {
            let receiver = Rc::clone(&receiver);
            event(move || drop(received(&mut receiver.borrow_mut())))
        };
        let events = vec![receive(), receive()];
        Scene::new(sends, events, move || {
            while received(&mut receiver.borrow_mut()).is_ready() {}
            assert!(
                !first_is_alive() && !second_is_alive(),
                "received, or dropped with the send"
            );
            sender
                .try_send(Arc::new(()))
                .expect("the one place is free");
            let full = sender.try_send(Arc::new(()));
            assert!(
                matches!(full, Err(TrySendError::Full(_))),
                "and there is no second"
            );
        })
    });
}

fn received<T>(receiver: &mut mpsc::Receiver<T>) -> Poll<Option<T>> {
    receiver.poll_recv(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn a_send_with_another_one_behind_it() {
    dropped_everywhere(1, || {
        let (sender, receiver) = mpsc::channel(1);
        sender.try_send(0).expect("there is room");
        // Leaked, so that sends may live as long as they like.
        let sender: &'static _ = Box::leak(Box::new(sender));
        let (behind, next) = (
            Rc::new(Task::default()),
            Rc::new(RefCell::new(sender.send(2))),
        );
        let follows = {
            let (behind, next) = (Rc::clone(&behind), Rc::clone(&next));
            move || assert!(behind.poll(&mut *next.borrow_mut()).is_pending())
        };
        let receiver = Rc::new(RefCell::new(receiver));
        let receives = {
            let receiver = Rc::clone(&receiver);
            event(move || _ = received(&mut receiver.borrow_mut()))
        };
        Scene::new(
            followed(sender.send(1), follows),
            vec![receives],
            move || {
                let mut receiver = receiver.borrow_mut();
                // The first one may have sent: then its value is in the way.
                let before = received(&mut receiver);
                assert!(
                    behind.poll(&mut *next.borrow_mut()).is_ready(),
                    "the place was given on"
                );
                let all = [before, received(&mut receiver)];
                assert!(all.contains(&Poll::Ready(Some(2))), "{all:?}");
            },
        )
    });
}

/// What was received and what is still there is what was sent.
macro_rules! nothing_is_lost {
    ($channel:expr, $sends:expr, $receive:expr) => {
        dropped_everywhere(2, || {
            let (sender, receiver) = $channel;
            let (sender, receiver) = (Rc::new(sender), Rc::new(RefCell::new(receiver)));
            let taken = Rc::new(RefCell::new(Vec::new()));
            let receives = {
                let (receiver, taken) = (Rc::clone(&receiver), Rc::clone(&taken));
                async move {
                    let mut receiver = receiver.borrow_mut();
                    for _ in 0..2 {
                        let value = $receive(&mut *receiver).await;
                        taken.borrow_mut().push(value);
                    }
                }
            };
            let send = |number| {
                let sender = Rc::clone(&sender);
                event(move || $sends(&sender, number))
            };
            let events = vec![send(1), send(2)];
            Scene::new(receives, events, move || {
                // Until here: its end would be another event.
                let _sender = sender;
                let waker = Waker::noop();
                let mut receiver = receiver.borrow_mut();
                for number in taken.borrow().len() + 1..=2 {
                    let rest = std::pin::pin!($receive(&mut *receiver))
                        .poll(&mut Context::from_waker(waker));
                    assert_eq!(rest, Poll::Ready(number), "sent, and not received before");
                }
                let more =
                    std::pin::pin!($receive(&mut *receiver)).poll(&mut Context::from_waker(waker));
                assert_eq!(more, Poll::Pending);
                assert!(taken.borrow().iter().copied().eq(1..=taken.borrow().len()));
            })
        })
    };
}

#[test]
fn two_receives() {
    async fn receive(receiver: &mut mpsc::Receiver<usize>) -> usize {
        receiver.recv().await.expect("a sender is there")
    }
    fn send(sender: &mpsc::Sender<usize>, number: usize) {
        sender.try_send(number).expect("there is room");
    }
    nothing_is_lost!(mpsc::channel(2), send, receive);
}

#[test]
fn two_receives_without_a_limit() {
    async fn receive(receiver: &mut mpsc::Receiver<usize>) -> usize {
        receiver.recv().await.expect("a sender is there")
    }
    fn send(sender: &async_await::UnboundedSender<usize>, number: usize) {
        sender.send(number).expect("it is open");
    }
    nothing_is_lost!(unbounded(), send, receive);
}

#[test]
fn two_receives_of_what_all_hear() {
    async fn receive(receiver: &mut broadcast::Receiver<usize>) -> usize {
        receiver
            .recv()
            .await
            .expect("a sender is there, and nothing was missed")
    }
    fn send(sender: &broadcast::Sender<usize>, number: usize) {
        sender.send(number).expect("somebody hears");
    }
    fn channel() -> (broadcast::Sender<usize>, broadcast::Receiver<usize>) {
        let sender = broadcast::channel(2);
        let receiver = sender.subscribe();
        (sender, receiver)
    }
    nothing_is_lost!(channel(), send, receive);
}

/// A stream's own waker stays with the stream: it goes with it, and here the future owns it.
#[test]
fn two_values_of_a_stream() {
    dropped_everywhere(2, || {
        let (sender, mut receiver) = mpsc::channel(2);
        let both = async move { (next(&mut receiver).await, next(&mut receiver).await) };
        let sender = Rc::new(sender);
        let send = |number| {
            let sender = Rc::clone(&sender);
            event(move || _ = sender.try_send(number))
        };
        Scene::new(both, vec![send(1), send(2)], || {})
    });
}
