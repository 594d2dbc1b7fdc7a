//! 4.3: an echo server and a thousand clients, all on one thread.
//!
//! ```text
//! cargo run --release -p reactor --example echo            # 1,000 clients
//! cargo run --release -p reactor --example echo -- 100     # or as many as you like
//! ```
//!
//! Each client sends 100 messages and checks what comes back. All of them are connected before the
//! first one speaks. Two sockets a client are more than some systems grant unasked; then raise the
//! limit before, with `ulimit -n 4096`. Expect the number of threads to be 1, where the system says.

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::time::Instant;

use cpu_time::ProcessTime;
use executor::{JoinHandle, yield_now};
use futures::io::{AsyncReadExt, AsyncWriteExt, copy};
use reactor::{Runtime, TcpListener, TcpStream};

const MESSAGES: usize = 100;
const SIZE: usize = 64;

fn main() -> Result<(), Box<dyn Error>> {
    let clients = match std::env::args().nth(1) {
        Some(number) => number.parse()?,
        None => 1_000,
    };
    let mut runtime = Runtime::new()?;
    let reactor = runtime.reactor().clone();
    runtime.block_on(async {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        let address = listener.local_addr()?;
        let server = executor::spawn(serve(listener, clients));
        let mut streams = Vec::new();
        for _ in 0..clients {
            streams.push(TcpStream::connect(address).await?);
        }
        // The system has taken the calls; the server has yet to.
        while reactor.sources() < 2 * clients {
            yield_now().await;
        }
        println!("Clients: {clients}");
        println!("Sockets: {}", reactor.sources());

        let (start, cpu) = (Instant::now(), ProcessTime::now());
        let talks: Vec<_> = (streams.into_iter().enumerate())
            .map(|(number, stream)| executor::spawn(talk(stream, number)))
            .collect();
        join(talks).await?;
        let (took, cpu) = (start.elapsed(), cpu.elapsed());
        join(server.await??).await?;

        let messages = clients * MESSAGES;
        println!("Messages: {messages}, each there and back, each byte checked");
        println!("Time: {took:.1?}, CPU time: {cpu:.1?}");
        Ok::<_, Box<dyn Error>>(())
    })?;
    println!("Sockets left: {}", reactor.sources());
    print_threads();
    Ok(())
}

/// Accepts so many clients, and gives each an echo.
async fn serve(
    listener: TcpListener,
    clients: usize,
) -> io::Result<Vec<JoinHandle<io::Result<()>>>> {
    let mut echoes = Vec::new();
    for _ in 0..clients {
        let (stream, _) = listener.accept().await?;
        echoes.push(executor::spawn(async move {
            copy(&stream, &mut &stream).await.map(drop)
        }));
    }
    Ok(echoes)
}

/// One client: messages that no other client sends.
async fn talk(mut stream: TcpStream, number: usize) -> io::Result<()> {
    for round in 0..MESSAGES {
        let message: [u8; SIZE] =
            std::array::from_fn(|place| (number * 31 + round * 7 + place) as u8);
        stream.write_all(&message).await?;
        let mut answer = [0; SIZE];
        stream.read_exact(&mut answer).await?;
        assert_eq!(answer, message);
    }
    Ok(())
}

async fn join(tasks: Vec<JoinHandle<io::Result<()>>>) -> Result<(), Box<dyn Error>> {
    for task in tasks {
        task.await??;
    }
    Ok(())
}

fn print_threads() {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let threads = (status.lines()).find_map(|line| line.strip_prefix("Threads:"));
    match threads {
        Some(threads) => println!("Threads: {}", threads.trim()),
        None => println!("Threads: this system does not say"),
    }
}
