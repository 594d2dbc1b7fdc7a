//! Sockets over the selector of the system: what goes in comes out, whatever the order of things.

mod beginnings;
mod datagrams;
#[cfg(unix)]
mod few_files;
#[cfg(unix)]
mod paths;
mod streams;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use reactor::{Runtime, TcpListener, TcpStream, connect};

/// Any free port of this machine.
const ANY: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// Runs `test` in a runtime of its own, and fails when it gets stuck.
fn run<F: Future<Output = io::Result<()>> + 'static>(test: impl FnOnce() -> F + Send + 'static) {
    let (done, verdict) = mpsc::channel();
    let tested = thread::spawn(move || {
        let mut runtime = Runtime::new().unwrap();
        let result = runtime.block_on(test());
        drop(done);
        result.unwrap();
        assert_eq!(runtime.reactor().timers(), 0);
    });
    // Nothing is ever sent: the sender goes when the test is done, or has panicked.
    let stuck = verdict.recv_timeout(Duration::from_secs(60))
        == Err::<(), _>(mpsc::RecvTimeoutError::Timeout);
    assert!(!stuck, "nobody wakes the tasks that wait");
    if let Err(panic) = tested.join() {
        std::panic::resume_unwind(panic);
    }
}

/// Two ends of one connection.
async fn pair() -> io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind(ANY)?;
    let ours = connect(listener.local_addr()?).await?;
    Ok((ours, listener.accept().await?.0))
}
