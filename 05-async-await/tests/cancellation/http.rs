//! A request on a real connection: nothing of it stays in the reactor.

use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use async_await::HttpClient;
use http::Request;
use reactor::Reactor;

use crate::task::Task;

/// The answer, as it comes.
const PIECES: [&str; 4] = [
    "HTTP/1.1 200 OK\r\nContent-",
    "Length: 5\r\n\r\n",
    "he",
    "llo",
];

async fn request(address: SocketAddr) {
    let client = HttpClient::connect(address).await;
    let request = Request::get("/")
        .header("host", "localhost")
        .body(Vec::new());
    let answer = (client.expect("the listener is there"))
        .request(&request.expect("it is one"))
        .await;
    assert_eq!(answer.expect("an answer").body(), b"hello");
}

#[test]
fn a_request() {
    let reactor = Reactor::new().expect("the system has a selector left");
    let _entered = reactor.enter();
    let mut polls = 0;
    while !dropped_after(polls, &reactor) {
        polls += 1;
    }
    // One wait for the connection, if at all, and one for each piece.
    assert!(polls > PIECES.len(), "dropped at {polls} points");
}

/// Whether the request was done by then.
fn dropped_after(polls: usize, reactor: &Reactor) -> bool {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("it has one");
    let (task, mut future) = (Task::default(), Box::pin(request(address)));
    let (mut connection, mut pieces) = (None, PIECES.iter());
    let mut done = false;
    for poll in 0..polls {
        let wakes = task.wakes();
        done = task.poll(&mut future).is_ready();
        if done || poll + 1 == polls {
            break;
        }
        // Whatever the request waits for comes: the connection by itself, the rest from here.
        while task.wakes() == wakes {
            let look = reactor.poll_io(Some(Duration::from_millis(1)));
            look.expect("the selector works");
            if task.wakes() > wakes {
                break;
            }
            let connection = connection.get_or_insert_with(|| {
                let (connection, _) = listener.accept().expect("the client has connected");
                connection.set_nodelay(true).expect("it is a socket");
                connection
            });
            if let Some(piece) = pieces.next() {
                connection
                    .write_all(piece.as_bytes())
                    .expect("the client reads");
            }
        }
    }
    drop(future);
    assert!(
        !task.is_kept(),
        "dropped after {polls} polls: somebody keeps its waker"
    );
    let left = (reactor.sources(), reactor.timers());
    assert_eq!(left, (0, 0), "dropped after {polls} polls");
    done
}
