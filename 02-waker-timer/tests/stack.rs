//! One program through the layers of two stages: three tasks on a loop of a few lines, two sockets, a clock
//! that stands still, and a second thread.
//!
//! Whatever of the layers is the learner's, the program does the same. Each step waits for the one before
//! it, so the order of the trace is no matter of luck.

mod support;

use std::{
    future::poll_fn,
    io::{self, Write},
    net::{TcpListener, TcpStream},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
        mpsc::{self, Sender, TryRecvError},
    },
    task::{Context, Poll},
    thread,
};

use course::{Exercise, Recorder, grade};
use simple_future::{AndThen, Join, SimpleFuture, Socket, SocketRead};
use support::{Time, races::HOUR};
use waker_timer::{ArcWake, AtomicWaker, Compat, Delay, Notify, TimerFuture, waker};

const STACK: Exercise = Exercise {
    name: "stack",
    folder: env!("CARGO_MANIFEST_DIR"),
    stage: "02-waker-timer",
    learners: cfg!(any(
        feature = "my-atomic-waker",
        feature = "my-compat",
        feature = "my-delay",
        feature = "my-notify",
        feature = "my-raw-waker",
        feature = "my-timer",
    )),
};

#[test]
fn three_tasks_wait_for_everything_at_once() {
    grade!(STACK, lesson, |rec| {
        let time = Time::stop(rec);
        let (subject, left) = connection();
        let (verb, right) = connection();
        let heard = Notify::new();
        run(
            &time,
            vec![
                Box::pin(speaker(rec, &heard, &subject, &verb)),
                Box::pin(listener(rec, &heard, &left, &right)),
                Box::pin(keeper(rec, &heard)),
            ],
        );
        rec.note("all tasks are done");
    });
}

/// Says two words after an hour; and one more, an hour after these were heard.
async fn speaker(rec: &Recorder, heard: &Notify, mut subject: &TcpStream, mut verb: &TcpStream) {
    TimerFuture::new(HOUR).await;
    rec.note("speaker says two words");
    verb.write_all(b"are lazy").expect("a word fits");
    subject.write_all(b"futures").expect("a word fits");
    heard.notified().await;
    Delay::new(HOUR).await;
    rec.note("speaker says one more");
    subject.write_all(b"mostly").expect("a word fits");
}

/// Three futures of stage 01 in one: both words at once, and then the last one.
async fn listener(rec: &Recorder, heard: &Notify, left: &Socket, right: &Socket) {
    let both = Join::new(SocketRead::new(left), SocketRead::new(right));
    let then_one_more = AndThen::new(both, |(first, second)| {
        hear(rec, heard, &[first, second]);
        SocketRead::new(left)
    });
    let all = AndThen::new(then_one_more, |last| {
        hear(rec, heard, &[last]);
        Done
    });
    Compat::new(all).await;
}

fn hear(rec: &Recorder, heard: &Notify, words: &[io::Result<Vec<u8>>]) {
    let words = words.iter().map(|word| match word {
        Ok(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Err(error) => error.to_string(),
    });
    let words: Vec<_> = words.collect();
    rec.note(format!("listener hears {words:?}"));
    heard.notify_one();
}

/// Ready at once: the end of a chain that has nothing to give.
struct Done;

impl SimpleFuture for Done {
    type Output = ();

    fn poll(&mut self, _wake: fn()) -> simple_future::Poll<()> {
        simple_future::Poll::Ready(())
    }
}

/// First in the queue of those who wait to be notified. Passes the word on when another thread has raised a
/// flag, and waits to be notified once more.
async fn keeper(rec: &Recorder, heard: &Notify) {
    heard.notified().await;
    let flag = Arc::new(Flag::default());
    let raised = Arc::clone(&flag);
    thread::spawn(move || raised.raise());
    poll_fn(|cx| flag.poll_raised(cx)).await;
    rec.note("keeper sees the flag");
    heard.notify_one();
    heard.notified().await;
    rec.note("keeper is notified again");
}

/// A flag that one thread raises and one task waits for.
#[derive(Default)]
struct Flag {
    raised: AtomicBool,
    waker: AtomicWaker,
}

impl Flag {
    fn raise(&self) {
        self.raised.store(true, SeqCst);
        self.waker.wake();
    }

    fn poll_raised(&self, cx: &mut Context<'_>) -> Poll<()> {
        self.waker.register(cx.waker());
        if self.raised.load(SeqCst) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }
}

/// A task as its wakers see it.
struct Entry {
    /// Its place among the tasks.
    index: usize,
    /// Where woken tasks queue.
    woken: Sender<usize>,
}

impl ArcWake for Entry {
    fn wake_by_ref(entry: &Arc<Self>) {
        // Nobody listens when all tasks are done: the wake was late.
        let _ = entry.woken.send(entry.index);
    }
}

/// Runs all tasks to their end on this thread. When none is woken and somebody waits for the clock, an hour
/// passes. When nobody does, a socket or a thread has to wake: if none does, this waits for ever, and the time
/// limit says so.
fn run(time: &Time, tasks: Vec<Pin<Box<dyn Future<Output = ()> + '_>>>) {
    let (woken, queue) = mpsc::channel();
    let mut tasks: Vec<_> = tasks.into_iter().map(Some).collect();
    for index in 0..tasks.len() {
        woken.send(index).expect("the queue is here");
    }
    let mut rings = 0;
    while tasks.iter().any(Option::is_some) {
        let index = match queue.try_recv() {
            Ok(index) => index,
            Err(TryRecvError::Empty) if time.asked() > rings => {
                rings = time.asked();
                time.pass(HOUR);
                continue;
            }
            Err(_) => queue.recv().expect("a sender is here"),
        };
        let Some(task) = &mut tasks[index] else {
            continue;
        };
        let woken = woken.clone();
        let waker = waker(Arc::new(Entry { index, woken }));
        if task
            .as_mut()
            .poll(&mut Context::from_waker(&waker))
            .is_ready()
        {
            tasks[index] = None;
        }
    }
}

/// The peer's end of a connection, and ours.
fn connection() -> (TcpStream, Socket) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback address is free");
    let address = listener.local_addr().expect("it is bound");
    let peer = TcpStream::connect(address).expect("the listener listens");
    let (ours, _) = listener.accept().expect("the peer has connected");
    (
        peer,
        Socket::new(ours).expect("a stream can be made non-blocking"),
    )
}
