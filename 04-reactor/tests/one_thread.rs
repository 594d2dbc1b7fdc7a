//! A thousand clients and their server, all on one thread, in a process of their own.

#[path = "support/watchdog.rs"]
mod watchdog;

use std::env;
use std::io;
use std::process::Command;

use futures::io::{AsyncReadExt, AsyncWriteExt, copy};
use reactor::{Runtime, TcpListener, TcpStream};
use watchdog::Watchdog;

const CLIENTS: usize = 1_000;

/// Set in the process that the thousand run in.
const INSIDE: &str = "A_THOUSAND_CLIENTS";

#[test]
fn a_thousand_clients_are_served_on_one_thread() {
    if env::var_os(INSIDE).is_some() {
        return talk();
    }
    // Two thousand sockets are more than many systems grant unasked.
    let this = env::current_exe().unwrap();
    let mut command = if cfg!(unix) {
        let mut shell = Command::new("sh");
        let script = "ulimit -S -n 4096 || ulimit -S -n $(ulimit -H -n); exec \"$0\" \"$@\"";
        shell.arg("-c").arg(script).arg(this);
        shell
    } else {
        Command::new(this)
    };
    let test = ["--exact", "a_thousand_clients_are_served_on_one_thread"];
    let output = command.args(test).env(INSIDE, "1").output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}");
}

fn talk() {
    let _watchdog = Watchdog::start();
    let (threads, files) = (threads(), files());
    let mut runtime = Runtime::new().unwrap();
    let reactor = runtime.reactor().clone();
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = listener.local_addr().unwrap();
        let server = executor::spawn(async move {
            let mut served = Vec::new();
            while served.len() < CLIENTS {
                let (stream, _) = listener.accept().await?;
                served.push(executor::spawn(echo(stream)));
            }
            Ok::<_, io::Error>(served)
        });
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                executor::spawn(async move {
                    let mut stream = TcpStream::connect(address).await?;
                    ask(&mut stream, client).await?;
                    Ok::<_, io::Error>(stream)
                })
            })
            .collect();
        // All of them are kept, so all are connected at the same time.
        let mut streams = Vec::new();
        for client in clients {
            streams.push(client.await.unwrap().unwrap());
        }
        assert_eq!(reactor.sources(), 2 * CLIENTS);
        for (client, stream) in streams.iter_mut().enumerate().rev() {
            ask(stream, client).await.unwrap();
        }
        assert_eq!(self::threads(), threads);
        drop(streams);
        for served in server.await.unwrap().unwrap() {
            assert_eq!(served.await.unwrap().unwrap(), 2 * 3 * 100);
        }
    });
    assert_eq!((reactor.sources(), reactor.timers()), (0, 0));
    drop((runtime, reactor));
    assert_eq!(self::files(), files);
}

async fn echo(stream: TcpStream) -> io::Result<u64> {
    copy(&stream, &mut &stream).await
}

/// Three questions of a hundred bytes, each of which is checked when it comes back.
async fn ask(stream: &mut TcpStream, client: usize) -> io::Result<()> {
    for round in 0..3 {
        let question: Vec<u8> = (0..100)
            .map(|byte| (byte * 7 + client + round) as u8)
            .collect();
        stream.write_all(&question).await?;
        let mut answer = [0; 100];
        stream.read_exact(&mut answer).await?;
        assert_eq!(answer[..], question);
    }
    Ok(())
}

/// How many threads this process has, where the system says so.
fn threads() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("Threads:"))?;
    line.trim().parse().ok()
}

/// How many files and sockets this process has open, where the system says so.
fn files() -> Option<usize> {
    Some(std::fs::read_dir("/proc/self/fd").ok()?.count())
}
