//! The contract of a socket's callback, without the thread where its timing would be in the way.
//! At most one slot at a time in this file: the eight are shared with the tests of `slots`.

use std::io::{ErrorKind, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};

use super::{Inbox, Watched, start};
use crate::{ReadableSocket, Slots, Socket, Wakes};

/// A peer, our end, and a second handle to our end.
fn connection() -> (TcpStream, TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let peer = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let ours = listener.accept().unwrap().0;
    let second = ours.try_clone().unwrap();
    (peer, ours, second)
}

/// Waits until at least so many bytes are there to be read from a non-blocking stream.
fn wait_for(stream: &TcpStream, bytes: usize) {
    let mut room = vec![0; bytes];
    while stream.peek(&mut room).unwrap_or(0) < bytes {
        std::thread::yield_now();
    }
}

#[test]
fn what_was_there_before_does_not_count_and_what_comes_after_counts_once() {
    let (mut peer, ours, stream) = connection();
    let mut watched = Watched::new(Inbox::new(ours).unwrap());
    peer.write_all(b"early").unwrap();
    wait_for(&stream, 5);

    assert!(watched.set_interest(|| {}));
    assert!(watched.take_due().is_none());

    peer.write_all(b" late").unwrap();
    wait_for(&stream, 10);
    assert!(watched.take_due().is_some());
    assert!(watched.take_due().is_none());
    assert_eq!(watched.read().unwrap(), b"early late");
}

#[test]
fn fewer_bytes_than_were_there_before_count_after_a_read() {
    let (mut peer, ours, stream) = connection();
    let mut watched = Watched::new(Inbox::new(ours).unwrap());
    peer.write_all(b"long ago").unwrap();
    wait_for(&stream, 8);
    assert!(watched.set_interest(|| {}));
    assert_eq!(watched.read().unwrap(), b"long ago");

    peer.write_all(b"now").unwrap();
    wait_for(&stream, 3);
    assert!(watched.take_due().is_some());
}

#[test]
fn more_than_one_look_can_hold_is_read_at_once() {
    let (mut peer, ours, stream) = connection();
    let mut watched = Watched::new(Inbox::new(ours).unwrap());
    let burst = vec![7; 20_000];
    peer.write_all(&burst).unwrap();
    wait_for(&stream, burst.len());
    assert_eq!(watched.read().unwrap(), burst);
    assert_eq!(watched.read().unwrap_err().kind(), ErrorKind::WouldBlock);
}

#[test]
fn the_end_of_the_stream_calls_back_and_reads_as_empty() {
    let (peer, ours, _) = connection();
    let socket = Socket::new(ours).unwrap();
    let slots = Slots::claim(1).unwrap();
    socket.set_readable_callback(slots.wake_fn(0));
    peer.shutdown(Shutdown::Write).unwrap();
    slots.sleep();
    assert!(socket.has_data_to_read());
    assert_eq!(socket.read_buf().unwrap(), b"");
}

#[test]
fn the_latest_callback_is_the_one_that_is_called() {
    static EARLIER: AtomicUsize = AtomicUsize::new(0);
    static LATEST: AtomicUsize = AtomicUsize::new(0);
    fn earlier() {
        EARLIER.fetch_add(1, Relaxed);
    }
    fn latest() {
        LATEST.fetch_add(1, Relaxed);
    }

    let (mut peer, ours, stream) = connection();
    let mut watched = Watched::new(Inbox::new(ours).unwrap());
    assert!(watched.set_interest(earlier));
    assert!(!watched.set_interest(latest), "one watcher is enough");
    peer.write_all(b"!").unwrap();
    wait_for(&stream, 1);
    watched.take_due().unwrap()();
    assert_eq!((EARLIER.load(Relaxed), LATEST.load(Relaxed)), (0, 1));
}

#[test]
fn the_watcher_ends_with_its_socket() {
    let (_peer, ours, _) = connection();
    let watched = Arc::new(Mutex::new(Watched::new(Inbox::new(ours).unwrap())));
    let watcher = start(&watched);
    drop(watched);
    watcher.join().unwrap();
}

// Elsewhere, closing with unread bytes need not reset the connection.
#[cfg(target_os = "linux")]
#[test]
fn an_error_that_a_look_met_is_told_to_the_reader() {
    let (peer, mut ours, _) = connection();
    ours.write_all(b"never read").unwrap();
    wait_for(&peer, 1);
    let socket = Socket::new(ours).unwrap();
    drop(peer);
    while !socket.has_data_to_read() {
        std::thread::yield_now();
    }
    assert!(socket.has_data_to_read());
    assert_eq!(
        socket.read_buf().unwrap_err().kind(),
        ErrorKind::ConnectionReset
    );
}
