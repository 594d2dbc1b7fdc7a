//! What is remembered about a socket between two operations. No event comes here but those of the test:
//! the selector is replaced, for the whole process.

use std::io::Write;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::task::{Context, Poll, Wake, Waker};

use futures::io::AsyncRead;
use reactor::{Event, ManualSelector, Reactor, Signals, TcpStream, selector};

/// Whether the system says with a partial read that there is no more.
const PARTIAL_IS_ALL: bool = cfg!(any(target_os = "linux", target_vendor = "apple"));

/// A task that counts its wakes.
#[derive(Default)]
struct Counted(AtomicUsize);

impl Wake for Counted {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

/// A socket whose events the test makes.
struct Scene {
    manual: ManualSelector,
    _replaced: selector::Replaced,
    reactor: Reactor,
    stream: TcpStream,
    peer: std::net::TcpStream,
    task: Arc<Counted>,
}

impl Scene {
    fn new() -> Self {
        let manual = ManualSelector::new();
        let _replaced = selector::replace(Arc::new(manual.clone()));
        let reactor = Reactor::new().unwrap();
        let _entered = reactor.enter();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let peer = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let stream = TcpStream::from_std(listener.accept().unwrap().0).unwrap();
        Self {
            manual,
            _replaced,
            reactor,
            stream,
            peer,
            task: Arc::default(),
        }
    }

    fn read(&self, room: usize) -> Poll<usize> {
        let waker = Waker::from(self.task.clone());
        let mut stream = &self.stream;
        let mut buf = vec![0; room];
        let read = Pin::new(&mut stream).poll_read(&mut Context::from_waker(&waker), &mut buf);
        read.map(|read| read.unwrap())
    }

    fn event(&self, signals: Signals) {
        let id = self.manual.registrations()[0].id;
        self.manual.inject(Event { id, signals });
        self.reactor.poll_io(None).unwrap();
    }

    fn wakes(&self) -> usize {
        self.task.0.load(SeqCst)
    }
}

#[test]
fn a_full_buffer_says_nothing_about_what_is_left() {
    let mut scene = Scene::new();
    scene.peer.write_all(b"12345678").unwrap();
    assert_eq!(scene.read(4), Poll::Ready(4));
    assert_eq!(scene.read(4), Poll::Ready(4));
    assert_eq!(scene.read(4), Poll::Pending);
}

#[test]
fn after_a_partial_read_the_next_one_waits_for_an_event_without_trying() {
    let mut scene = Scene::new();
    scene.peer.write_all(b"123").unwrap();
    assert_eq!(scene.read(64), Poll::Ready(3));
    scene.peer.write_all(b"45").unwrap();
    if PARTIAL_IS_ALL {
        assert_eq!(scene.read(64), Poll::Pending, "the socket was asked");
        scene.event(Signals::READABLE);
        assert_eq!(scene.wakes(), 1);
    }
    assert_eq!(scene.read(64), Poll::Ready(2));
}

#[test]
fn the_end_that_came_with_the_bytes_is_not_forgotten_after_a_partial_read() {
    let mut scene = Scene::new();
    assert_eq!(scene.read(64), Poll::Pending);
    scene.peer.write_all(b"hello").unwrap();
    scene.peer.shutdown(std::net::Shutdown::Write).unwrap();
    scene.event(Signals::READABLE | Signals::READ_CLOSED);
    assert_eq!(scene.read(64), Poll::Ready(5));
    assert_eq!(scene.read(64), Poll::Ready(0), "no second event comes");
}

#[test]
fn a_read_that_finds_nothing_leaves_the_other_direction_alone() {
    use futures::io::AsyncWrite;
    let scene = Scene::new();
    assert_eq!(scene.read(64), Poll::Pending);
    let mut stream = &scene.stream;
    let written = Pin::new(&mut stream).poll_write(&mut Context::from_waker(Waker::noop()), b"x");
    assert!(written.is_ready());
}

#[test]
fn an_event_that_brings_nothing_is_no_reason_to_stop_waiting() {
    let mut scene = Scene::new();
    assert_eq!(scene.read(64), Poll::Pending);
    scene.event(Signals::READABLE);
    assert_eq!(scene.read(64), Poll::Pending);
    scene.peer.write_all(b"x").unwrap();
    scene.event(Signals::READABLE);
    assert_eq!(scene.wakes(), 2);
    assert_eq!(scene.read(64), Poll::Ready(1));
}

#[test]
fn the_end_that_was_read_is_read_again_without_an_event() {
    let scene = Scene::new();
    scene.peer.shutdown(std::net::Shutdown::Write).unwrap();
    assert_eq!(scene.read(64), Poll::Ready(0));
    assert_eq!(scene.read(64), Poll::Ready(0));
}
