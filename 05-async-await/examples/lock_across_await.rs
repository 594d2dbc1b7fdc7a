//! 5.5: a lock that is held across an await: two tasks, one thread, one lock.
//!
//! ```text
//! cargo run -p async-await --example lock_across_await
//! ```
//!
//! Both tasks do the same: they lock, wait for a while, and count. With the mutex of std the second one stops the thread on
//! which the first would unlock, and nothing on that thread runs any more, not even a time limit: another thread
//! has to look after it. With a lock that tasks wait for, the second one waits, and the thread goes on.
//!
//! That lock can be held up as well: by a future that is given the lock and that nobody polls. But then only the
//! tasks stop that wait for it, and a time limit works.

use std::future::poll_fn;
use std::io;
use std::pin::pin;
use std::rc::Rc;
use std::sync::{self, mpsc};
use std::task::Poll;
use std::thread;
use std::time::Duration;

use async_await::Mutex;
use executor::spawn_local;
use reactor::{Runtime, sleep, timeout};

/// How long each task keeps the lock.
const A_WHILE: Duration = Duration::from_millis(10);
/// When nobody has heard of them by then, they are stuck.
const LIMIT: Duration = Duration::from_secs(1);

fn main() -> io::Result<()> {
    println!("a mutex of std, held across an await:");
    let (tell, heard) = mpsc::channel();
    // Never joined: it ends with the program.
    thread::spawn(move || tell.send(on_one_thread(sync::Mutex::new(0), with_the_mutex_of_std)));
    match heard.recv_timeout(LIMIT) {
        Ok(count) => println!("  both are through, and the count is {}", count?),
        Err(_) => println!("  after {LIMIT:?} none is through: the thread stands still"),
    }

    println!("a mutex that tasks wait for:");
    let count = on_one_thread(Mutex::new(0), with_a_mutex_for_tasks)?;
    println!("  both are through, and the count is {count}");

    println!("the same, behind a future that nobody polls:");
    Runtime::new()?.block_on(async {
        let mutex = Mutex::new(0);
        match timeout(LIMIT, behind_a_future_that_nobody_polls(&mutex)).await {
            Ok(()) => println!("  it was let in"),
            Err(_) => {
                println!("  after {LIMIT:?} it still waits; the thread runs, as this line shows")
            }
        }
    });
    Ok(())
}

/// Runs two of these tasks on this thread, and gives the count.
fn on_one_thread<L, F>(lock: L, task: fn(Rc<L>) -> F) -> io::Result<u32>
where
    F: Future<Output = u32> + 'static,
{
    let mut runtime = Runtime::new()?;
    let (lock, spawner) = (Rc::new(lock), runtime.spawner());
    let tasks = [(); 2].map(|()| spawn_local(&spawner, task(lock.clone())));
    runtime.block_on(async {
        let mut count = 0;
        for task in tasks {
            count = task.await.expect("no task panics");
        }
        Ok(count)
    })
}

#[allow(clippy::await_holding_lock, reason = "that is what is shown")]
async fn with_the_mutex_of_std(count: Rc<sync::Mutex<u32>>) -> u32 {
    let mut count = count.lock().expect("nobody panics");
    sleep(A_WHILE).await;
    *count += 1;
    *count
}

async fn with_a_mutex_for_tasks(count: Rc<Mutex<u32>>) -> u32 {
    let mut count = count.lock().await;
    sleep(A_WHILE).await;
    *count += 1;
    *count
}

/// Waits for a lock that was handed to an earlier future of its own.
async fn behind_a_future_that_nobody_polls(mutex: &Mutex<u32>) {
    let guard = mutex.lock().await;
    let mut earlier = pin!(mutex.lock());
    // Once, as a `select` does whose other side is ready: from here on it stands in the queue.
    poll_fn(|cx| Poll::Ready(earlier.as_mut().poll(cx).is_ready())).await;
    drop(guard);
    // `drop(earlier)` would help, and so would `earlier.await`.
    let _guard = mutex.lock().await;
}
