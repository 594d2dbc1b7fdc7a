//! Futures with a timer in them: no timer is left in the reactor.

use async_await::{Shutdown, oneshot};
use reactor::{sleep, timeout};

use crate::everywhere::{Scene, dropped_everywhere, event};
use crate::world::{HOUR, World};

#[test]
fn two_sleeps() {
    World::with(|world| {
        dropped_everywhere(2, || {
            let sleeps = async {
                sleep(HOUR).await;
                sleep(HOUR).await;
            };
            let events = vec![world.an_hour_passes(), world.an_hour_passes()];
            Scene::new(sleeps, events, world.no_timer_is_left())
        });
    });
}

#[test]
fn a_timeout_that_comes_and_one_that_does_not() {
    World::with(|world| {
        dropped_everywhere(2, || {
            let (sender, receiver) = oneshot::channel();
            let (_silent, nothing) = oneshot::channel::<u8>();
            let waits = async {
                assert_eq!(timeout(HOUR, receiver).await, Ok(Ok(1)));
                assert!(timeout(HOUR, nothing).await.is_err());
                drop(_silent);
            };
            let events = vec![event(move || _ = sender.send(1)), world.an_hour_passes()];
            Scene::new(waits, events, world.no_timer_is_left())
        });
    });
}

#[test]
fn a_drain_that_ends_and_one_that_does_not() {
    World::with(|world| {
        for goes in [true, false] {
            dropped_everywhere(1, || {
                let shutdown = Shutdown::new();
                let inside = shutdown.enter();
                let drains = {
                    let shutdown = shutdown.clone();
                    async move { assert_eq!(shutdown.drained(HOUR).await, usize::from(!goes)) }
                };
                let (ends, stays) = match goes {
                    true => (event(move || drop(inside)), None),
                    false => (world.an_hour_passes(), Some(inside)),
                };
                let no_timer_is_left = world.no_timer_is_left();
                Scene::new(drains, vec![ends], move || {
                    no_timer_is_left();
                    assert_eq!(shutdown.inside(), usize::from(!goes));
                    drop(stays);
                })
            });
        }
    });
}

#[test]
fn the_wait_for_the_beginning_of_the_end() {
    dropped_everywhere(1, || {
        let shutdown = Shutdown::new();
        let idle = {
            let shutdown = shutdown.clone();
            async move { shutdown.or(std::future::pending::<()>()).await }
        };
        let begins = event({
            let shutdown = shutdown.clone();
            move || shutdown.begin()
        });
        Scene::new(idle, vec![begins], move || assert!(shutdown.is_begun()))
    });
}
