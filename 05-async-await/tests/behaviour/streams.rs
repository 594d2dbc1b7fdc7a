//! Streams, sinks and frames: ends, stalls, and what is left when the wait is given up.

use std::collections::VecDeque;
use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use crate::task::Task;
use async_await::{
    FramedRead, FramedWrite, LengthCodec, LinesCodec, buffered, filter, map, mpsc, next, oneshot,
};
use bytes::BytesMut;
use executor::block_on;
use futures::io::{AsyncRead, AsyncWrite};
use futures::stream::{iter, repeat};
use futures::{Sink, SinkExt, Stream};

/// What a source says, poll by poll. Once it has said that it is over, it must not be asked.
struct Script<T>(VecDeque<Poll<Option<T>>>);

impl<T> Script<T> {
    fn new(answers: impl IntoIterator<Item = Poll<Option<T>>>) -> Self {
        Self(answers.into_iter().collect())
    }
}

impl<T: Unpin> Stream for Script<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let answer = self.0.pop_front();
        let answer = answer.expect("asked after its end");
        if answer.is_pending() {
            cx.waker().wake_by_ref();
        }
        answer
    }
}

/// A reader that brings what it is told, piece by piece, and a writer that takes as much as it is told.
#[derive(Default)]
struct Slow {
    /// `None` is a piece that has not come yet.
    brings: VecDeque<Option<&'static [u8]>>,
    /// How much it takes, write by write; then nothing.
    takes: VecDeque<usize>,
    taken: Vec<u8>,
    flushes: usize,
    closes: usize,
}

impl AsyncRead for Slow {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        match self.brings.pop_front() {
            Some(Some(piece)) => {
                buf[..piece.len()].copy_from_slice(piece);
                Poll::Ready(Ok(piece.len()))
            }
            Some(None) => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            None => Poll::Ready(Ok(0)),
        }
    }
}

impl AsyncWrite for Slow {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let Some(most) = self.takes.pop_front() else {
            return Poll::Pending;
        };
        let count = most.min(buf.len());
        self.taken.extend_from_slice(&buf[..count]);
        Poll::Ready(Ok(count))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.flushes += 1;
        if self.flushes == 1 {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Ok(()))
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.closes += 1;
        if self.closes == 1 {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Ok(()))
    }
}

#[test]
fn what_is_filtered_out_stalls_nothing_and_the_end_stays_the_end() {
    let ready = |number| Poll::Ready(Some(number));
    let source = Script::new([
        ready(1),
        ready(2),
        Poll::Pending,
        ready(3),
        ready(4),
        Poll::Ready(None),
    ]);
    let mut even = map(filter(source, |number| number % 2 == 0), |number| {
        number * 10
    });
    let task = Task::default();
    assert_eq!(task.poll(&mut pin!(next(&mut even))), ready(20));
    // The source wakes; the filter has nothing to add.
    assert!(task.poll(&mut pin!(next(&mut even))).is_pending());
    assert_eq!(task.wakes(), 1);
    assert_eq!(task.poll(&mut pin!(next(&mut even))), ready(40));
    assert_eq!(task.poll(&mut pin!(next(&mut even))), Poll::Ready(None));
    assert_eq!(task.poll(&mut pin!(next(&mut even))), Poll::Ready(None));
}

#[test]
fn a_flood_that_nobody_wants_lets_others_run() {
    let mut none = filter(repeat(1), |_| false);
    let task = Task::default();
    assert!(task.poll(&mut pin!(next(&mut none))).is_pending());
    assert_eq!(task.wakes(), 1);
}

#[test]
fn so_many_run_at_once_and_come_in_order() {
    let (senders, receivers): (Vec<_>, Vec<_>) = (0..3).map(|_| oneshot::channel()).unzip();
    let mut outputs = buffered(iter(receivers), 2);
    let mut senders = senders.into_iter();
    let (mut first, second, third) = (senders.next(), senders.next(), senders.next());
    let task = Task::default();
    let mut poll = || task.poll(&mut pin!(next(&mut outputs)));
    assert!(poll().is_pending());
    second.unwrap().send(2).unwrap();
    assert!(poll().is_pending(), "the first comes first");
    first.take().unwrap().send(1).unwrap();
    assert_eq!(poll(), Poll::Ready(Some(Ok(1))));
    assert_eq!(poll(), Poll::Ready(Some(Ok(2))));
    assert!(poll().is_pending());
    drop(third);
    assert_eq!(poll(), Poll::Ready(Some(Err(oneshot::Closed))));
    assert_eq!(poll(), Poll::Ready(None));
    assert_eq!(poll(), Poll::Ready(None));
}

#[test]
fn never_more_than_so_many_have_begun() {
    let begun = std::cell::Cell::new(0);
    let futures = (0..10).map(|_| {
        begun.set(begun.get() + 1);
        std::future::pending::<()>()
    });
    let mut outputs = buffered(iter(futures), 3);
    let task = Task::default();
    for _ in 0..3 {
        assert!(task.poll(&mut pin!(next(&mut outputs))).is_pending());
    }
    assert_eq!(begun.get(), 3);
}

#[test]
fn a_receiver_is_a_stream_that_ends_with_its_senders() {
    let (sender, receiver) = mpsc::channel(4);
    for number in 0..4 {
        sender.try_send(number).unwrap();
    }
    drop(sender);
    let mut odd = filter(receiver, |number| number % 2 == 1);
    block_on(async {
        assert_eq!(next(&mut odd).await, Some(1));
        assert_eq!(next(&mut odd).await, Some(3));
        assert_eq!(next(&mut odd).await, None);
    });
}

#[test]
fn half_a_frame_survives_the_wait_that_is_given_up() {
    let reader = Slow {
        brings: [
            Some(&b"hal"[..]),
            None,
            Some(b"f\nan"),
            Some(b"d"),
            Some(b""),
        ]
        .into(),
        ..Slow::default()
    };
    let mut lines = FramedRead::new(reader, LinesCodec::new(80));
    let task = Task::default();
    // `next` is dropped with half of the line read.
    assert!(task.poll(&mut pin!(next(&mut lines))).is_pending());
    block_on(async {
        assert_eq!(next(&mut lines).await.unwrap().unwrap(), "half");
        assert_eq!(next(&mut lines).await.unwrap().unwrap(), "and");
        assert!(next(&mut lines).await.is_none());
        assert!(next(&mut lines).await.is_none());
    });
}

#[test]
fn frames_come_out_of_single_bytes_and_a_part_of_one_is_an_error() {
    let mut bytes = BytesMut::new();
    use async_await::Encoder;
    let mut codec = LengthCodec::new(100);
    for message in [&b"one"[..], b"", b"three"] {
        codec.encode(message, &mut bytes).unwrap();
    }
    let all: &'static [u8] = bytes.to_vec().leak();
    let reader = Slow {
        brings: all[..all.len() - 1].chunks(1).map(Some).collect(),
        ..Slow::default()
    };
    let mut messages = FramedRead::new(reader, codec);
    block_on(async {
        assert_eq!(next(&mut messages).await.unwrap().unwrap(), "one");
        assert_eq!(next(&mut messages).await.unwrap().unwrap(), "");
        let error = next(&mut messages).await.unwrap().unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
        assert!(next(&mut messages).await.is_none());
    });
}

#[test]
fn what_is_too_long_is_an_error_before_it_has_come() {
    let endless = Slow {
        brings: [Some(&[b'x'; 50][..]), Some(&[b'x'; 50]), None].into(),
        ..Slow::default()
    };
    let mut lines = FramedRead::new(endless, LinesCodec::new(60));
    let error = block_on(next(&mut lines)).unwrap().unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    let gigabytes = Slow {
        brings: [Some(&[0xff; 4][..]), None].into(),
        ..Slow::default()
    };
    let mut messages = FramedRead::new(gigabytes, LengthCodec::new(60));
    let error = block_on(next(&mut messages)).unwrap().unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidData);
}

#[test]
fn a_line_may_be_as_long_as_it_may_be_and_end_in_two_ways() {
    let reader = &b"12345\r\n12345\n12345"[..];
    let mut lines = FramedRead::new(reader, LinesCodec::new(5));
    block_on(async {
        for _ in 0..3 {
            assert_eq!(next(&mut lines).await.unwrap().unwrap(), "12345");
        }
        assert!(next(&mut lines).await.is_none());
    });
}

#[test]
fn a_line_may_have_no_limit() {
    let mut lines = FramedRead::new(&b"12345"[..], LinesCodec::new(usize::MAX));
    assert_eq!(block_on(next(&mut lines)).unwrap().unwrap(), "12345");
}

#[test]
fn a_sink_has_no_room_while_nobody_takes() {
    let mut sink = FramedWrite::<_, _, str>::new(Slow::default(), LinesCodec::new(10_000));
    let task = Task::default();
    let waker = task.waker();
    let mut cx = Context::from_waker(&waker);
    let line = "x".repeat(999);
    let mut sent = 0;
    while Pin::new(&mut sink).poll_ready(&mut cx).is_ready() {
        Pin::new(&mut sink).start_send(line.as_str()).unwrap();
        sent += 1;
        assert!(sent < 100, "it always has room");
    }
    assert_eq!(sink.buffered(), sent * 1_000);
    assert!(sink.buffered() < 8 * 1024 + 1_000);
}

#[test]
fn flush_and_close_reach_the_writer_when_it_is_ready() {
    let mut writer = Slow {
        takes: [2, 1, 100].into(),
        ..Slow::default()
    };
    let mut sink = FramedWrite::new(&mut writer, LinesCodec::new(80));
    block_on(async {
        sink.feed("howdy").await.unwrap();
        sink.close().await.unwrap();
        sink.close().await.unwrap();
    });
    drop(sink);
    assert_eq!(writer.taken, b"howdy\n");
    assert!(writer.flushes > 1 && writer.closes > 1);
}

#[test]
fn a_writer_that_takes_nothing_is_an_error() {
    let writer = Slow {
        takes: [0].into(),
        ..Slow::default()
    };
    let mut sink = FramedWrite::new(writer, LinesCodec::new(80));
    let error = block_on(sink.send("howdy")).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::WriteZero);
}
