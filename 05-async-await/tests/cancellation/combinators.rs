//! Futures of futures: whoever drops the outer one drops the inner ones.

use std::cell::RefCell;
use std::rc::Rc;

use async_await::{Either, Semaphore, buffered, join, join_all, mpsc, next, oneshot, race, select};
use futures::stream::iter;

use crate::everywhere::{Event, Scene, dropped_everywhere, event};

type Received = oneshot::Receiver<u8>;

/// So many futures, and for each the event that makes it ready.
fn receivers(count: u8) -> (Vec<Received>, Vec<Event>) {
    let both = (0..count).map(|number| {
        let (sender, receiver) = oneshot::channel();
        (receiver, event(move || _ = sender.send(number)))
    });
    both.unzip()
}

fn pair() -> (Received, Received, Vec<Event>) {
    let (mut receivers, events) = receivers(2);
    let right = receivers.pop().expect("there are two");
    let left = receivers.pop().expect("there is one");
    (left, right, events)
}

#[test]
fn a_join() {
    dropped_everywhere(2, || {
        let (left, right, events) = pair();
        Scene::new(join(left, right), events, || {})
    });
}

#[test]
fn a_join_of_many() {
    dropped_everywhere(3, || {
        let (receivers, events) = receivers(3);
        Scene::new(join_all(receivers), events, || {})
    });
}

#[test]
fn a_race() {
    dropped_everywhere(1, || {
        let (left, right, mut events) = pair();
        let loser = events.remove(0);
        // Too late: nobody receives any more.
        Scene::new(race(left, right), events, loser)
    });
}

#[test]
fn a_select_whose_loser_goes_on() {
    dropped_everywhere(2, || {
        let (left, right, mut events) = pair();
        events.reverse();
        let both = async {
            match select(left, right).await {
                Either::Left(_) => unreachable!("the right one is ready first"),
                Either::Right((won, loser)) => (won, loser.await),
            }
        };
        Scene::new(both, events, || {})
    });
}

#[test]
fn a_buffered_stream() {
    dropped_everywhere(3, || {
        let (receivers, events) = receivers(3);
        let mut stream = buffered(iter(receivers), 2);
        let all = async move { while next(&mut stream).await.is_some() {} };
        Scene::new(all, events, || {})
    });
}

/// All at once: a permit, a message, a value, in a branch of a race.
#[test]
fn everything_in_everything() {
    dropped_everywhere(3, || {
        let doors: &'static Semaphore = Box::leak(Box::new(Semaphore::new(1)));
        let held = doors.try_acquire(1).expect("nobody else is there");
        let (sender, mut receiver) = mpsc::channel(1);
        let (answer, answered) = oneshot::channel::<u8>();
        let never = async {
            let _never = oneshot::channel::<()>().1.await;
            std::future::pending::<()>().await;
        };
        let inner = async move {
            let _door = doors.acquire(1).await;
            let (message, answer) = join(receiver.recv(), answered).await;
            assert_eq!((message, answer), (Some(1), Ok(2)));
        };
        let sender = Rc::new(RefCell::new(Some(sender)));
        let sends = {
            let sender = Rc::clone(&sender);
            event(move || _ = sender.borrow().as_ref().map(|sender| sender.try_send(1)))
        };
        let events = vec![
            event(move || drop(held)),
            sends,
            event(move || _ = answer.send(2)),
        ];
        Scene::new(race(never, inner), events, move || {
            assert_eq!(doors.available(), 1);
            assert_eq!(
                sender.take().map(|sender| sender.try_send(3).is_err()),
                Some(true)
            );
        })
    });
}
