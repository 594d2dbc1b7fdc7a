//! The end of an executor while other threads wake, abort, join and spawn: nothing hangs, nothing is
//! dropped twice or not at all.

use std::future::pending;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Barrier};
use std::thread;

use executor::{CurrentThread, JoinError, Spawner, block_on, new_executor_and_spawner};

use crate::tools::{Count, Event, in_time, times};

/// What a thread does to the tasks of an executor that ends meanwhile.
type Deed = fn(&Event, &Spawner, &Count);

const DEEDS: [Deed; 4] = [
    |event, _, _| event.wake(),
    |event, _, _| drop(event.wakers()),
    |event, _, _| event.happen(),
    |_, spawner, count| {
        let one = count.one();
        drop(spawner.spawn(async move { drop(one) }));
    },
];

/// Some tasks that wait for the event, one of them for ever; each keeps a value.
fn tasks(spawner: &Spawner, event: &Event, count: &Count) -> Vec<executor::JoinHandle<()>> {
    let task = |number| {
        let (one, event) = (count.one(), event.clone());
        spawner.spawn(async move {
            let _one = one;
            event.happens().await;
            if number == 0 {
                pending::<()>().await;
            }
        })
    };
    (0..3).map(task).collect()
}

#[test]
fn other_threads_may_wake_and_spawn_while_the_executor_is_dropped() {
    in_time(|| {
        for round in 0..times(400, 8) {
            let (count, event) = (Count::default(), Event::default());
            let (mut executor, spawner) = new_executor_and_spawner();
            let handles = tasks(&spawner, &event, &count);
            executor.turn(handles.len());
            let start = Arc::new(Barrier::new(3));
            let threads = [round, round / DEEDS.len()].map(|deed| {
                let (start, event) = (Arc::clone(&start), event.clone());
                let (spawner, count) = (spawner.clone(), count.clone());
                thread::spawn(move || {
                    start.wait();
                    for _ in 0..3 {
                        DEEDS[deed % DEEDS.len()](&event, &spawner, &count);
                    }
                })
            });
            start.wait();
            executor.turn(round % 4);
            drop(executor);
            for thread in threads {
                thread.join().expect("no panic");
            }
            assert_eq!(count.get(), 0, "round {round}");
            for handle in handles {
                // Each says something, and at least the first one cannot be done.
                let _ = block_on(handle);
            }
        }
    });
}

#[test]
fn other_threads_may_join_and_abort_while_the_executor_is_dropped() {
    in_time(|| {
        for round in 0..times(400, 8) {
            let (count, event) = (Count::default(), Event::default());
            let (mut executor, spawner) = new_executor_and_spawner();
            let handles = tasks(&spawner, &event, &count);
            executor.turn(2);
            let start = Arc::new(Barrier::new(1 + handles.len()));
            let threads: Vec<_> = (handles.into_iter().enumerate())
                .map(|(number, handle)| {
                    let start = Arc::clone(&start);
                    thread::spawn(move || {
                        start.wait();
                        match (number + round) % 3 {
                            0 => drop(handle),
                            1 => {
                                handle.abort();
                                drop(block_on(handle));
                            }
                            _ => {
                                let result = block_on(handle);
                                assert!(matches!(result, Err(JoinError::Cancelled)));
                            }
                        }
                    })
                })
                .collect();
            start.wait();
            executor.turn(round % 4);
            drop(executor);
            for thread in threads {
                thread.join().expect("no panic");
            }
            assert_eq!(count.get(), 0, "round {round}");
        }
    });
}

/// The last spawner goes, and the last task ends, on another thread than that which sleeps in `run`.
#[test]
fn run_ends_whoever_comes_last() {
    in_time(|| {
        for round in 0..times(400, 8) {
            let (count, event) = (Count::default(), Event::default());
            let (mut executor, spawner) = new_executor_and_spawner();
            let handles = tasks(&spawner, &event, &count);
            handles[0].abort();
            let other = thread::spawn(move || {
                if round % 2 == 0 {
                    event.happen();
                    drop(spawner);
                } else {
                    let late = spawner.spawn(async {});
                    drop(spawner);
                    event.happen();
                    block_on(late).expect("it is run to its end");
                }
            });
            executor.run();
            other.join().expect("no panic");
            drop(executor);
            assert_eq!(count.get(), 0, "round {round}");
            assert!(handles.iter().all(executor::JoinHandle::is_finished));
        }
    });
}

/// The main future is woken from outside, the tasks too, and then all goes at once.
#[test]
fn a_runtime_may_end_while_its_tasks_are_woken() {
    in_time(|| {
        for round in 0..times(400, 8) {
            let (count, event, done) = (Count::default(), Event::default(), Event::default());
            let mut runtime = CurrentThread::new();
            let handles = tasks(&runtime.spawner(), &event, &count);
            let stop = Arc::new(AtomicBool::new(false));
            let (theirs, finish, stops) = (event.clone(), done.clone(), Arc::clone(&stop));
            let other = thread::spawn(move || {
                theirs.wake();
                finish.happen();
                while !stops.load(SeqCst) {
                    theirs.wake();
                    thread::yield_now();
                }
                drop(theirs.wakers());
            });
            runtime.block_on(done.happens());
            drop(runtime);
            stop.store(true, SeqCst);
            other.join().expect("no panic");
            drop(event.wakers());
            assert_eq!(count.get(), 0, "round {round}");
            assert!(handles.into_iter().all(|handle| block_on(handle).is_err()));
        }
    });
}

/// It goes from thread to thread between its turns, and takes its tasks along.
#[test]
fn an_executor_may_be_dropped_on_another_thread_than_it_ran_on() {
    let (count, event) = (Count::default(), Event::default());
    let (mut executor, spawner) = new_executor_and_spawner();
    let handles = tasks(&spawner, &event, &count);
    executor.turn(2);
    let mut executor = thread::spawn(move || {
        executor.turn(2);
        executor
    })
    .join()
    .expect("no panic");
    event.wake();
    executor.turn(1);
    thread::spawn(move || drop(executor))
        .join()
        .expect("no panic");
    assert_eq!(count.get(), 0);
    assert!(handles.into_iter().all(|handle| block_on(handle).is_err()));
}
