//! A visitor of a chat speaks and listens at once, and goes in time.

use std::io;
use std::time::Duration;

use async_await::Shutdown;
use async_await::chat::{FromServer, Groups, serve, visit};
use reactor::{Runtime, TcpListener, TcpStream, timeout};

/// Nothing here takes this long. It is a limit to a hang, and no measure.
const LIMIT: Duration = Duration::from_secs(100);

/// Visits a server that closes as soon as the visitor has heard `most` messages. Gives what was heard.
fn heard(posts: &[&str], most: usize, limit: Duration) -> (io::Result<()>, Vec<String>) {
    let mut heard = Vec::new();
    let visited = Runtime::new().unwrap().block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
        let connection = TcpStream::connect(listener.local_addr()?).await?;
        let shutdown = Shutdown::new();
        drop(executor::spawn(serve(
            listener,
            Groups::new(),
            shutdown.clone(),
            LIMIT,
        )));
        let hear = |message| {
            let FromServer::Message { group, message } = message else {
                panic!("nothing was wrong: {message:?}");
            };
            assert_eq!(group, "rust");
            heard.push(message);
            if heard.len() == most {
                shutdown.begin();
            }
        };
        let posts = posts.iter().map(|text| text.to_string());
        let visited = timeout(LIMIT, visit(connection, "rust", posts, limit, hear)).await;
        visited.expect("it hangs")
    });
    (visited, heard)
}

#[test]
fn a_visitor_hears_what_it_says_until_the_server_closes() {
    let (visited, heard) = heard(&["one", "two", "three"], 3, Duration::MAX);
    visited.unwrap();
    assert_eq!(heard, ["one", "two", "three"]);
}

#[test]
fn a_visit_has_an_end_although_the_server_goes_on() {
    let (visited, _) = heard(&[], usize::MAX, Duration::from_millis(20));
    // The time may be up before the first word is said: the machine is free to be that slow.
    if let Err(error) = visited {
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }
}
