//! 5.11: two questions that each language with `async` has answered, and not all in the same way.
//!
//! ```text
//! cargo run -p async-await --example eager_or_lazy
//! ```
//!
//! Does work begin when it is called, or when somebody waits for it? And who runs it: one loop that is
//! always there, or one that the caller has chosen? Expect the eager call to work without being awaited,
//! and the lazy one not; and two runtimes in one process, each with tasks and sockets of its own.

use std::io;
use std::net::SocketAddr;
use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

use async_await::oneshot;
use executor::JoinHandle;
use futures::io::{AsyncReadExt, AsyncWriteExt};
use reactor::{PoolRuntime, Runtime, TcpListener, TcpStream, sleep};

/// One loop for the whole program, which is there when it is first needed: as in JavaScript, whoever
/// calls has nothing to choose.
static GLOBAL: LazyLock<PoolRuntime> =
    LazyLock::new(|| PoolRuntime::new(1).expect("there is room for one more selector"));

/// Starts when it is called. What comes back is only somewhere to wait.
fn start<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    GLOBAL.spawn(future)
}

/// Works, and tells when it is done.
async fn work(name: &'static str, done: oneshot::Sender<&'static str>) {
    println!("  {name} works on {}", here());
    let _ = done.send(name);
}

fn main() -> io::Result<()> {
    println!("Called, and not awaited:");
    let mut runtime = Runtime::new()?;
    let (eager, from_eager) = oneshot::channel();
    let (lazy, from_lazy) = oneshot::channel();
    drop(start(work("the eager one", eager)));
    drop(work("the lazy one", lazy));
    for (kind, told) in [("eager", from_eager), ("lazy", from_lazy)] {
        match runtime.block_on(told) {
            Ok(_) => println!("  the {kind} one has done its work"),
            Err(_) => println!("  the {kind} one was dropped, and never began"),
        }
    }

    println!("\nThe same work, where the caller wants it:");
    runtime.block_on(on_this_runtime("in block_on"));
    let task = runtime.spawn(on_this_runtime("as a task of this thread's runtime"));
    let _ = runtime.block_on(task);
    let _ = runtime.block_on(start(on_this_runtime("as a task of the global one")));

    println!("\nTwo runtimes side by side:");
    two_runtimes()
}

async fn on_this_runtime(how: &str) {
    sleep(Duration::from_millis(1)).await;
    println!("  {how}: on {}", here());
}

/// A server on a runtime of one thread, and clients on one of another: they share nothing but the network.
fn two_runtimes() -> io::Result<()> {
    let (ready, address) = oneshot::channel();
    let server = thread::Builder::new()
        .name("the server's runtime".into())
        .spawn(move || Runtime::new()?.block_on(echo_twice(ready)))?;
    let mut clients = Runtime::new()?;
    clients.block_on(async {
        // A channel does not care who polls its ends: the wake goes from the one runtime to the other.
        let address = address.await.expect("the server has an address");
        for word in ["howdy", "partner"] {
            let mut stream = TcpStream::connect(address).await?;
            stream.write_all(word.as_bytes()).await?;
            stream.close().await?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await?;
            println!("  {answer:?} came back to {}", here());
        }
        io::Result::Ok(())
    })?;
    server.join().expect("the server does not panic")
}

/// Sends two clients back what they say.
async fn echo_twice(ready: oneshot::Sender<SocketAddr>) -> io::Result<()> {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let _ = ready.send(listener.local_addr()?);
    for _ in 0..2 {
        let (mut stream, _) = listener.accept().await?;
        let mut words = Vec::new();
        stream.read_to_end(&mut words).await?;
        println!("  {} bytes came to {}", words.len(), here());
        stream.write_all(&words).await?;
        stream.close().await?;
    }
    Ok(())
}

/// The name of this thread.
fn here() -> String {
    thread::current().name().unwrap_or("a thread").to_owned()
}
