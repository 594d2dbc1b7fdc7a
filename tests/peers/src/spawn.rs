//! Making tasks, and waiting for them.

use std::hint::black_box;
use std::time::{Duration, Instant};

use crate::runtimes::Runtime;

/// Spawns `tasks` tasks from one, then awaits every handle.
pub fn spawn_many<R: Runtime>(runtime: &mut R, tasks: u64) -> Duration {
    let (time, sum) = runtime.run(async move {
        let start = Instant::now();
        let handles: Vec<_> = (0..tasks)
            .map(|number| R::spawn(async move { black_box(number) }))
            .collect();
        let mut sum = 0;
        for handle in handles {
            sum += handle.await;
        }
        (start.elapsed(), sum)
    });
    assert_eq!(sum, tasks * (tasks - 1) / 2, "{}: every task ran", R::NAME);
    time
}

/// Each task spawns the next and ends; the last one says so.
pub fn chained_spawn<R: Runtime>(runtime: &mut R, tasks: u64) -> Duration {
    let (time, length) = runtime.run(async move {
        let start = Instant::now();
        let (done, last) = async_channel::bounded(1);
        link::<R>(tasks, 0, done);
        let length = last.recv().await.expect("the last task sends");
        (start.elapsed(), length)
    });
    assert_eq!(length, tasks, "{}: every task ran", R::NAME);
    time
}

fn link<R: Runtime>(left: u64, length: u64, done: async_channel::Sender<u64>) {
    let handle = R::spawn(async move {
        match left {
            0 | 1 => done.try_send(length + 1).expect("the receiver waits"),
            _ => link::<R>(left - 1, black_box(length + 1), done),
        }
    });
    R::detach(handle);
}
