//! Sources in a reactor, with readiness in the test's hands.

#[path = "support/fake.rs"]
mod fake;
#[path = "support/watchdog.rs"]
mod watchdog;

use std::io;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use fake::{Count, Fake, Scene, is_ready, look, waker_that};
use reactor::Direction::{Read, Write};
use reactor::{Event, IoBlocker, Reactor, Registered, Signals};

fn would_block() -> io::Result<()> {
    Err(io::ErrorKind::WouldBlock.into())
}

#[test]
fn a_new_source_is_tried_before_it_is_waited_for() {
    let _scene = Scene::set();
    let reactor = Reactor::new().unwrap();
    let source = Registered::with_reactor(Fake, &reactor).unwrap();
    let mut cx = Context::from_waker(Waker::noop());
    assert!(source.poll_io(Read, &mut cx, |_| Ok(())).is_ready());
    assert!(source.poll_io(Write, &mut cx, |_| Ok(())).is_ready());
}

#[test]
fn each_direction_wakes_its_latest_waker_and_no_other() {
    let scene = Scene::set();
    let reactor = Reactor::new().unwrap();
    let (source, id) = scene.source(&reactor);
    let wakers: Vec<_> = (0..4).map(|_| Count::new()).collect();
    for ((_, waker), direction) in wakers.iter().zip([Read, Read, Write, Write]) {
        assert!(!is_ready(&source, direction, waker));
    }
    let counts = || {
        wakers
            .iter()
            .map(|(count, _)| count.get())
            .collect::<Vec<_>>()
    };
    scene.inject(id, Signals::READABLE);
    look(&reactor);
    assert_eq!(counts(), [0, 1, 0, 0]);
    scene.inject(id, Signals::WRITABLE);
    look(&reactor);
    assert_eq!(counts(), [0, 1, 0, 1]);
}

#[test]
fn a_thousand_events_of_one_batch_wake_a_thousand_times() {
    let scene = Scene::set();
    let reactor = Reactor::new().unwrap();
    let (count, waker) = Count::new();
    let sources: Vec<_> = (0..1_000).map(|_| scene.source(&reactor)).collect();
    for (source, id) in &sources {
        assert!(!is_ready(source, Read, &waker));
        scene.inject(*id, Signals::READABLE);
    }
    look(&reactor);
    assert_eq!(count.get(), 1_000);
}

#[test]
fn an_event_between_would_block_and_its_record_is_kept() {
    let scene = Scene::set();
    let reactor = Reactor::new().unwrap();
    let (source, id) = scene.source(&reactor);
    scene.inject(id, Signals::READABLE);
    look(&reactor);
    let mut tries = 0;
    let mut cx = Context::from_waker(Waker::noop());
    let polled = source.poll_io(Read, &mut cx, |_| {
        tries += 1;
        if tries == 2 {
            return Ok(());
        }
        scene.inject(id, Signals::READABLE);
        look(&reactor);
        would_block()
    });
    assert!(polled.is_ready(), "the event is lost");
}

#[test]
fn readiness_of_one_direction_survives_would_block_of_the_other() {
    let scene = Scene::set();
    let reactor = Reactor::new().unwrap();
    let (source, id) = scene.source(&reactor);
    scene.inject(id, Signals::READABLE | Signals::WRITABLE);
    look(&reactor);
    let mut cx = Context::from_waker(Waker::noop());
    assert!(
        source
            .poll_io(Read, &mut cx, |_| would_block())
            .is_pending()
    );
    assert!(is_ready(&source, Write, Waker::noop()));
    assert!(!is_ready(&source, Read, Waker::noop()));
}

#[test]
fn a_closed_direction_stays_ready_and_the_other_does_not() {
    let scene = Scene::set();
    let reactor = Reactor::new().unwrap();
    let (source, id) = scene.source(&reactor);
    scene.inject(id, Signals::READ_CLOSED | Signals::WRITABLE);
    look(&reactor);
    for (direction, stays) in [(Read, true), (Write, false)] {
        let mut cx = Context::from_waker(Waker::noop());
        let Poll::Ready(tick) = source.poll_ready(direction, &mut cx) else {
            panic!("{direction:?} is not ready");
        };
        source.clear_ready(direction, tick);
        assert_eq!(is_ready(&source, direction, Waker::noop()), stays);
    }
}

#[test]
fn a_closed_direction_that_says_would_block_is_not_tried_in_a_circle() {
    let scene = Scene::set();
    let reactor = Reactor::new().unwrap();
    let (source, id) = scene.source(&reactor);
    scene.inject(id, Signals::READABLE | Signals::READ_CLOSED);
    look(&reactor);
    let (count, waker) = Count::new();
    let mut tries = 0;
    let polled = source.poll_io(Read, &mut Context::from_waker(&waker), |_| {
        tries += 1;
        assert!(tries < 10, "tried in a circle");
        would_block()
    });
    assert!(polled.is_pending());
    scene.inject(id, Signals::READABLE);
    look(&reactor);
    assert_eq!(count.get(), 1);
}

#[test]
fn an_operation_that_a_signal_interrupts_is_repeated() {
    let _scene = Scene::set();
    let reactor = Reactor::new().unwrap();
    let source = Registered::with_reactor(Fake, &reactor).unwrap();
    let mut results = [Err(io::ErrorKind::Interrupted.into()), Ok(7)].into_iter();
    let mut cx = Context::from_waker(Waker::noop());
    let polled = source.poll_io(Read, &mut cx, |_| results.next().unwrap());
    assert!(matches!(polled, Poll::Ready(Ok(7))));
}

#[test]
fn an_event_without_a_reason_costs_a_poll_and_nothing_else() {
    let scene = Scene::set();
    let reactor = Reactor::new().unwrap();
    let (source, id) = scene.source(&reactor);
    let (count, waker) = Count::new();
    for round in 1..4 {
        let mut cx = Context::from_waker(&waker);
        assert!(
            source
                .poll_io(Read, &mut cx, |_| would_block())
                .is_pending()
        );
        scene.inject(id, Signals::READABLE);
        look(&reactor);
        assert_eq!(count.get(), round);
    }
}

#[test]
fn events_of_nobody_are_ignored() {
    let scene = Scene::set();
    let reactor = Reactor::new().unwrap();
    let (source, id) = scene.source(&reactor);
    let (count, waker) = Count::new();
    assert!(!is_ready(&source, Read, &waker));
    for bit in 0..usize::BITS {
        scene.inject(id ^ (1 << bit), Signals::READABLE);
    }
    scene.inject(usize::MAX, Signals::READABLE);
    scene.inject(id, Signals::empty());
    look(&reactor);
    assert_eq!(count.get(), 0);
    assert!(!is_ready(&source, Read, &waker));
}

#[test]
fn a_source_gets_no_event_of_the_one_before_it() {
    let scene = Scene::set();
    let reactor = Reactor::new().unwrap();
    let (first, old) = scene.source(&reactor);
    drop(first);
    for _ in 0..1_000 {
        let (next, id) = scene.source(&reactor);
        assert_ne!(id, old);
        scene.inject(old, Signals::READABLE | Signals::READ_CLOSED);
        look(&reactor);
        assert!(!is_ready(&next, Read, Waker::noop()));
    }
    assert_eq!(reactor.sources(), 0);
}

#[test]
fn a_source_that_goes_while_its_event_is_in_the_batch_takes_no_other_along() {
    let scene = Scene::set();
    let reactor = Reactor::new().unwrap();
    let (first, first_id) = scene.source(&reactor);
    let (second, second_id) = scene.source(&reactor);
    let (third, third_id) = scene.source(&reactor);
    // The first one's wake drops the second, and something new takes its place.
    let (count, waker) = Count::new();
    let (second, new) = (Mutex::new(Some(second)), Arc::new(Mutex::new(None)));
    let replaces = waker_that({
        let (reactor, new) = (reactor.clone(), Arc::clone(&new));
        move || {
            drop(second.lock().unwrap().take());
            *new.lock().unwrap() = Some(Registered::with_reactor(Fake, &reactor).unwrap());
        }
    });
    assert!(!is_ready(&first, Read, &replaces));
    assert!(!is_ready(&third, Read, &waker));
    for id in [first_id, second_id, third_id, second_id] {
        scene.inject(id, Signals::READABLE);
    }
    look(&reactor);
    assert_eq!((count.get(), reactor.sources()), (1, 3));
    // What comes late for the second is nobody's.
    let new = new.lock().unwrap().take().unwrap();
    let mut cx = Context::from_waker(Waker::noop());
    assert!(new.poll_io(Read, &mut cx, |_| would_block()).is_pending());
    scene.inject(second_id, Signals::READABLE);
    look(&reactor);
    assert!(!is_ready(&new, Read, Waker::noop()));
}

#[test]
fn wakers_may_come_back_to_the_reactor() {
    let scene = Scene::set();
    let reactor = Reactor::new().unwrap();
    let (source, id) = scene.source(&reactor);
    let source = Arc::new(source);
    let (count, counting) = Count::new();
    let comes_back = waker_that({
        let (reactor, source) = (reactor.clone(), Arc::downgrade(&source));
        move || {
            let source = source.upgrade().unwrap();
            assert!(is_ready(&source, Read, Waker::noop()));
            let another = Registered::with_reactor(Fake, &reactor).unwrap();
            assert_eq!(reactor.sources(), 2);
            drop(another);
            reactor.fire_timers();
            look(&reactor);
            reactor.interrupter().wake();
            counting.wake_by_ref();
        }
    });
    assert!(!is_ready(&source, Read, &comes_back));
    scene.inject(id, Signals::READABLE);
    look(&reactor);
    assert_eq!((count.get(), reactor.sources()), (1, 1));
}

#[test]
fn a_waker_whose_drop_comes_back_meets_no_lock() {
    struct Comes(Reactor, Arc<Mutex<usize>>);

    impl Drop for Comes {
        fn drop(&mut self) {
            *self.1.lock().unwrap() += self.0.sources();
        }
    }

    let scene = Scene::set();
    let reactor = Reactor::new().unwrap();
    let (source, _) = scene.source(&reactor);
    let seen = Arc::new(Mutex::new(0));
    let hold = |comes: Comes| waker_that(move || drop(comes.1.lock()));
    // The waker in the reactor is the last of its task: first another one takes its place, ...
    let waker = hold(Comes(reactor.clone(), Arc::clone(&seen)));
    assert!(!is_ready(&source, Read, &waker));
    drop(waker);
    assert!(!is_ready(&source, Read, Waker::noop()));
    assert_eq!(*seen.lock().unwrap(), 1);
    // ... then its source goes.
    let waker = hold(Comes(reactor.clone(), Arc::clone(&seen)));
    let (other, _) = scene.source(&reactor);
    assert!(!is_ready(&other, Read, &waker));
    drop(waker);
    drop(other);
    assert_eq!(*seen.lock().unwrap(), 2);
}

#[test]
fn a_waker_that_panics_takes_no_other_along() {
    let scene = Scene::set();
    let reactor = Reactor::new().unwrap();
    let (count, counting) = Count::new();
    let panics = waker_that(|| panic!("a waker that panics, as it should in this test"));
    let sources: Vec<_> = (0..5).map(|_| scene.source(&reactor)).collect();
    for (place, (source, id)) in sources.iter().enumerate() {
        let waker = if place == 2 { &panics } else { &counting };
        assert!(!is_ready(source, Read, waker));
        scene.inject(*id, Signals::READABLE);
    }
    look(&reactor);
    assert_eq!(count.get(), 4);
}

#[test]
fn what_happens_inside_register_is_not_lost() {
    let scene = Scene::set();
    let reactor = Reactor::new().unwrap();
    let (manual, inside) = (scene.manual.clone(), reactor.clone());
    scene.manual.in_register(move |registered| {
        let id = registered.id;
        let signals = Signals::READABLE | Signals::READ_CLOSED;
        manual.inject(Event { id, signals });
        look(&inside);
    });
    let source = Registered::with_reactor(Fake, &reactor).unwrap();
    let mut cx = Context::from_waker(Waker::noop());
    let Poll::Ready(tick) = source.poll_ready(Read, &mut cx) else {
        panic!("the event is lost");
    };
    // Closed, says the event: so it stays ready.
    source.clear_ready(Read, tick);
    assert!(is_ready(&source, Read, Waker::noop()));
}

#[test]
fn a_dropped_source_leaves_nothing() {
    let scene = Scene::set();
    let reactor = Reactor::new().unwrap();
    let (source, id) = scene.source(&reactor);
    let (count, waker) = Count::new();
    assert!(!is_ready(&source, Read, &waker));
    assert!(!is_ready(&source, Write, &waker));
    drop(waker);
    assert_eq!(Arc::strong_count(&count), 3);
    drop(source);
    assert_eq!(Arc::strong_count(&count), 1, "a waker is left behind");
    assert_eq!((reactor.sources(), scene.manual.registered()), (0, 0));
    scene.inject(id, Signals::READABLE);
    look(&reactor);
}

#[test]
fn a_source_that_cannot_be_registered_leaves_nothing() {
    let scene = Scene::set();
    let reactor = Reactor::new().unwrap();
    let std = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    std.set_nonblocking(true).unwrap();
    let mut listener = mio::net::TcpListener::from_std(std);
    let blocker = IoBlocker::new().unwrap();
    let signals = Signals::READABLE;
    blocker
        .add_io_event_interest(&mut listener, Event { id: 1, signals })
        .unwrap();
    // Twice is once too many, in the system as in the map.
    let again = Registered::with_reactor(listener, &reactor);
    assert_eq!(again.unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    assert_eq!((reactor.sources(), scene.manual.registered()), (0, 1));
}

#[test]
fn an_io_blocker_brings_several_events_in_one_go() {
    let scene = Scene::set();
    let mut blocker = IoBlocker::new().unwrap();
    let mut sources = [Fake, Fake];
    let seen = [
        Event {
            id: 1,
            signals: Signals::READABLE,
        },
        Event {
            id: 2,
            signals: Signals::READABLE | Signals::WRITABLE,
        },
    ];
    for (source, event) in sources.iter_mut().zip(seen) {
        blocker.add_io_event_interest(source, event).unwrap();
        scene.manual.inject(event);
    }
    let mut events = Vec::new();
    blocker.block(None, &mut events).unwrap();
    assert_eq!(events, seen);
    for source in &mut sources {
        blocker.remove(source).unwrap();
    }
    assert_eq!(scene.manual.registered(), 0);
}

#[test]
fn an_io_blocker_waits_for_the_time_that_is_left() {
    let scene = Scene::set();
    let mut blocker = IoBlocker::new().unwrap();
    let mut events = Vec::new();
    (scene.manual).fail_with_interrupted(2, Duration::from_millis(300));
    let timeout = Some(Duration::from_secs(1));
    blocker.block(timeout, &mut events).unwrap();
    assert_eq!(scene.timeouts(), [1.0, 0.7, 0.4]);
    assert_eq!(scene.passed(), Duration::from_secs(1));
}

#[test]
fn without_a_reactor_the_panic_says_what_to_do() {
    let panicked = std::panic::catch_unwind(|| Registered::new(Fake).map(drop));
    let payload = panicked.unwrap_err();
    let words = payload.downcast_ref::<String>().map(String::as_str);
    let words = words.or_else(|| payload.downcast_ref::<&str>().copied());
    assert!(words.unwrap().contains("Runtime::block_on"), "{words:?}");
}
