//! Locks and permits: what was given is given on.

use std::cell::RefCell;
use std::rc::Rc;

use async_await::{Mutex, Semaphore};

use crate::everywhere::{Scene, dropped_everywhere, event, followed};
use crate::task::Task;

/// Leaked, so that guards and permits may live as long as they like. A few bytes, in a test.
fn forever<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

#[test]
fn a_lock() {
    dropped_everywhere(1, || {
        let mutex = forever(Mutex::new(0));
        let held = mutex.try_lock().expect("nobody else is there");
        let locks = async { *mutex.lock().await += 1 };
        Scene::new(locks, vec![event(move || drop(held))], || {
            assert!(mutex.try_lock().is_some(), "the lock is free");
        })
    });
}

#[test]
fn a_lock_with_another_one_who_waits_for_it() {
    dropped_everywhere(1, || {
        let mutex = forever(Mutex::new(0));
        let held = mutex.try_lock().expect("nobody else is there");
        let (behind, next) = (
            Rc::new(Task::default()),
            Rc::new(RefCell::new(mutex.lock())),
        );
        let follows = {
            let (behind, next) = (Rc::clone(&behind), Rc::clone(&next));
            move || assert!(behind.poll(&mut *next.borrow_mut()).is_pending())
        };
        let locks = followed(mutex.lock(), follows);
        Scene::new(locks, vec![event(move || drop(held))], move || {
            let guard = behind.poll(&mut *next.borrow_mut());
            assert!(guard.is_ready(), "the lock was given on");
        })
    });
}

#[test]
fn several_permits_one_after_the_other() {
    dropped_everywhere(2, || {
        let doors = forever(Semaphore::new(4));
        let some = doors.try_acquire(3).expect("there are four");
        let one = doors.try_acquire(1).expect("there is one left");
        let enters = async {
            let _three = doors.acquire(3).await;
            let _all = doors.acquire(1).await;
        };
        let events = vec![event(move || drop(some)), event(move || drop(one))];
        Scene::new(enters, events, || assert_eq!(doors.available(), 4))
    });
}

#[test]
fn who_asks_for_many_is_in_nobodys_way_when_it_is_gone() {
    dropped_everywhere(1, || {
        let doors = forever(Semaphore::new(3));
        let held = doors.try_acquire(2).expect("there are three");
        let (behind, next) = (
            Rc::new(Task::default()),
            Rc::new(RefCell::new(doors.acquire(1))),
        );
        let follows = {
            let (behind, next) = (Rc::clone(&behind), Rc::clone(&next));
            // There is one left, and it is not for whoever comes later.
            move || assert!(behind.poll(&mut *next.borrow_mut()).is_pending())
        };
        let enters = followed(doors.acquire(3), follows);
        Scene::new(enters, vec![event(move || drop(held))], move || {
            let permit = behind.poll(&mut *next.borrow_mut());
            assert!(permit.is_ready(), "the permits were given on");
            drop(permit);
            assert_eq!(doors.available(), 3);
        })
    });
}
