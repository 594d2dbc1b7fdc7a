//! Frames in both directions: a wait that is given up loses no byte and doubles none.

use std::cell::RefCell;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use async_await::{FramedRead, FramedWrite, LinesCodec, next};
use futures::io::{AsyncRead, AsyncWrite};
use futures::{SinkExt, sink::Sink};

use crate::everywhere::{Scene, dropped_everywhere, event};
use crate::task::Task;

/// A wire in memory: bytes that have come, and room for bytes that go. Clones are the same wire.
#[derive(Clone, Default)]
struct Wire(Rc<RefCell<State>>);

#[derive(Default)]
struct State {
    came: Vec<u8>,
    room: usize,
    went: Vec<u8>,
    waker: Option<Waker>,
}

impl Wire {
    fn brings(&self, bytes: &str) {
        self.0.borrow_mut().came.extend_from_slice(bytes.as_bytes());
        self.wake();
    }

    fn has_room_for(&self, bytes: usize) {
        self.0.borrow_mut().room += bytes;
        self.wake();
    }

    fn wake(&self) {
        let waker = self.0.borrow_mut().waker.take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// As a socket's waker stays in its reactor until the next poll.
    fn forget_waker(&self) {
        self.0.borrow_mut().waker = None;
    }

    fn wait<T>(&self, cx: &Context<'_>) -> Poll<T> {
        self.0.borrow_mut().waker = Some(cx.waker().clone());
        Poll::Pending
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        let mut state = self.0.borrow_mut();
        if state.came.is_empty() {
            drop(state);
            return self.wait(cx);
        }
        let count = buf.len().min(state.came.len());
        buf[..count].copy_from_slice(&state.came[..count]);
        state.came.drain(..count);
        Poll::Ready(Ok(count))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let mut state = self.0.borrow_mut();
        if state.room == 0 {
            drop(state);
            return self.wait(cx);
        }
        let count = buf.len().min(state.room);
        state.room -= count;
        state.went.extend_from_slice(&buf[..count]);
        Poll::Ready(Ok(count))
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// The future's waker goes when the future goes, and the wire stays.
struct Leaves(Wire);

impl Drop for Leaves {
    fn drop(&mut self) {
        self.0.forget_waker();
    }
}

#[test]
fn a_frame_that_comes_in_pieces() {
    dropped_everywhere(3, || {
        let wire = Wire::default();
        let reader = Rc::new(RefCell::new(FramedRead::new(
            wire.clone(),
            LinesCodec::new(100),
        )));
        let line = {
            let (reader, leaves) = (Rc::clone(&reader), Leaves(wire.clone()));
            async move {
                let _leaves = leaves;
                let line = next(&mut *reader.borrow_mut()).await;
                assert_eq!(line.expect("not the end").expect("no error"), "howdy");
                *reader.borrow_mut() = FramedRead::new(Wire::default(), LinesCodec::new(100));
            }
        };
        let brings = |bytes: &'static str| {
            let wire = wire.clone();
            event(move || wire.brings(bytes))
        };
        let events = vec![brings("ho"), brings("wd"), brings("y\n")];
        Scene::new(line, events, move || {
            let mut reader = reader.borrow_mut();
            match Task::default().poll(&mut Box::pin(next(&mut *reader))) {
                Poll::Ready(Some(Ok(line))) => assert_eq!(line, "howdy"),
                // It was received before: this is the other reader.
                other => assert!(other.is_pending(), "{other:?}"),
            }
        })
    });
}

#[test]
fn a_message_that_goes_in_pieces() {
    dropped_everywhere(3, || {
        let wire = Wire::default();
        let writer = Rc::new(RefCell::new(FramedWrite::new(
            wire.clone(),
            LinesCodec::new(100),
        )));
        let sends = {
            let (writer, leaves) = (Rc::clone(&writer), Leaves(wire.clone()));
            async move {
                let _leaves = leaves;
                writer.borrow_mut().send("howdy").await.expect("no error");
            }
        };
        let takes = |bytes| {
            let wire = wire.clone();
            event(move || wire.has_room_for(bytes))
        };
        let events = vec![takes(2), takes(3), takes(1)];
        Scene::new(sends, events, move || {
            // Whatever was begun is finished by the next flush, once.
            wire.has_room_for(100);
            let mut writer = writer.borrow_mut();
            let mut cx = Context::from_waker(Waker::noop());
            let flushed = Sink::<&str>::poll_flush(Pin::new(&mut *writer), &mut cx);
            assert!(matches!(flushed, Poll::Ready(Ok(()))));
            let went = wire.0.borrow().went.clone();
            assert!(went.is_empty() || went == b"howdy\n", "{went:?}");
        })
    });
}
