//! Other threads, and a loop that sleeps in the selector of the system.

#[path = "support/watchdog.rs"]
mod watchdog;

use std::io::Write;
use std::net::{TcpListener, TcpStream as StdStream};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use futures::StreamExt;
use futures::channel::mpsc as channel;
use futures::io::AsyncReadExt;
use reactor::{PoolRuntime, Runtime, TcpStream, sleep};
use watchdog::Watchdog;

/// Two ends of one connection.
fn pair() -> (StdStream, StdStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let peer = StdStream::connect(listener.local_addr().unwrap()).unwrap();
    (listener.accept().unwrap().0, peer)
}

#[test]
fn a_loop_hears_every_wake_however_close_to_its_sleep() {
    let _watchdog = Watchdog::start();
    let (ask, questions) = mpsc::channel::<u32>();
    let (answer, mut answers) = channel::unbounded();
    let other = thread::spawn(move || {
        for question in questions {
            // Now and then a little later: when the loop has gone to sleep, or is about to.
            for _ in 0..question % 64 * 8 {
                std::hint::spin_loop();
            }
            answer.unbounded_send(question).unwrap();
        }
    });
    let mut runtime = Runtime::new().unwrap();
    runtime.block_on(async {
        for question in 0..5_000 {
            ask.send(question).unwrap();
            assert_eq!(answers.next().await, Some(question));
        }
    });
    drop(ask);
    other.join().unwrap();
}

#[test]
fn a_hundred_threads_bring_their_sockets_to_a_loop_that_sleeps() {
    let _watchdog = Watchdog::start();
    let mut runtime = Runtime::new().unwrap();
    let reactor = runtime.reactor().clone();
    let (done, mut all_done) = channel::unbounded();
    let threads: Vec<_> = (0..100)
        .map(|number| {
            let (reactor, spawner) = (reactor.clone(), runtime.spawner());
            let done = done.clone();
            thread::spawn(move || {
                let _entered = reactor.enter();
                let (ours, mut peer) = pair();
                let mut ours = TcpStream::from_std(ours).unwrap();
                let task = spawner.spawn(async move {
                    let mut byte = [0];
                    ours.read_exact(&mut byte).await.unwrap();
                    done.unbounded_send(()).unwrap();
                    byte[0]
                });
                peer.write_all(&[number]).unwrap();
                assert_eq!(executor::block_on(task).unwrap(), number);
            })
        })
        .collect();
    drop(done);
    runtime.block_on(async {
        let mut count = 0;
        while all_done.next().await.is_some() {
            count += 1;
        }
        assert_eq!(count, 100);
    });
    for thread in threads {
        thread.join().unwrap();
    }
    assert_eq!(reactor.sources(), 0);
}

#[test]
fn a_worker_shortens_the_sleep_of_the_reactors_thread() {
    let _watchdog = Watchdog::start();
    let runtime = PoolRuntime::new(2).unwrap();
    let reactor = runtime.reactor().clone();
    let long = runtime.spawn(sleep(Duration::from_secs(3600)));
    for _ in 0..100 {
        runtime
            .block_on(runtime.spawn(sleep(Duration::from_micros(100))))
            .unwrap();
    }
    assert!(!long.is_finished());
    drop(runtime);
    assert!(executor::block_on(long).unwrap_err().is_cancelled());
    assert_eq!(reactor.timers(), 0);
}

#[test]
fn a_pool_that_is_dropped_drops_what_waits_for_its_reactor() {
    let _watchdog = Watchdog::start();
    for _ in 0..20 {
        let runtime = PoolRuntime::new(2).unwrap();
        let reactor = runtime.reactor().clone();
        let mut peers = Vec::new();
        for _ in 0..10 {
            let (ours, peer) = pair();
            peers.push(peer);
            runtime.spawn(async {
                let mut ours = TcpStream::from_std(ours).unwrap();
                let _ = ours.read_exact(&mut [0]).await;
                sleep(Duration::from_secs(3600)).await;
            });
        }
        for peer in &mut peers[..5] {
            peer.write_all(b"x").unwrap();
        }
        drop(runtime);
        assert_eq!((reactor.sources(), reactor.timers()), (0, 0));
    }
}

#[test]
fn a_pool_may_be_dropped_by_its_own_task() {
    let _watchdog = Watchdog::start();
    let runtime = PoolRuntime::new(2).unwrap();
    let (done, is_done) = mpsc::channel();
    let handle = runtime.handle();
    handle.spawn(async move {
        sleep(Duration::from_millis(1)).await;
        drop(runtime);
        done.send(()).unwrap();
    });
    is_done.recv().unwrap();
}

#[test]
fn two_runtimes_on_two_threads_know_nothing_of_each_other() {
    let _watchdog = Watchdog::start();
    let threads = [1, 2].map(|count| {
        thread::spawn(move || {
            let mut runtime = Runtime::new().unwrap();
            let kept: Vec<_> = runtime.block_on(async {
                (0..count)
                    .map(|_| TcpStream::from_std(pair().0).unwrap())
                    .collect()
            });
            assert_eq!((runtime.reactor().sources(), kept.len()), (count, count));
        })
    });
    for thread in threads {
        thread.join().unwrap();
    }
}
