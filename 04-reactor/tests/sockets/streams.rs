//! Bytes through a connection.

use std::io;
use std::net::Shutdown;
use std::pin::pin;
use std::task::{Context, Waker};

use futures::future::join;
use futures::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use reactor::{Reactor, TcpStream};

use crate::{pair, run};

/// Bytes that are not the same at any two places near each other.
fn pattern(count: usize) -> Vec<u8> {
    (0..count)
        .map(|at| (at % 251) as u8 ^ (at / 251) as u8)
        .collect()
}

#[test]
fn eight_megabytes_reach_a_slow_reader_and_a_word_after_them_too() {
    run(async || {
        let (mut ours, mut theirs) = pair().await?;
        let sent = pattern(8 << 20);
        let writer = async {
            ours.write_all(&sent).await?;
            ours.write_all(b"end").await?;
            ours.close().await
        };
        let reader = async {
            let mut heard = Vec::new();
            let mut buf = vec![0; 10_000];
            loop {
                let count = theirs.read(&mut buf).await?;
                if count == 0 {
                    return Ok(heard);
                }
                heard.extend_from_slice(&buf[..count]);
                executor::yield_now().await;
            }
        };
        let (written, heard) = join(writer, reader).await;
        written?;
        let heard: Vec<u8> = heard.map_err(|error: io::Error| error)?;
        assert!(
            heard[..sent.len()] == sent,
            "the bytes are not those that were sent"
        );
        assert_eq!(&heard[sent.len()..], b"end");
        Ok(())
    });
}

#[test]
fn two_tasks_use_both_directions_of_one_socket_at_once() {
    run(async || {
        let (ours, theirs) = pair().await?;
        let sent = pattern(2 << 20);
        let (mut reader, mut writer) = ours.into_split();
        let echo = executor::spawn(async move {
            let copied = futures::io::copy(&theirs, &mut &theirs).await;
            (&theirs).close().await.and(copied)
        });
        let bytes = sent.clone();
        let writing = executor::spawn(async move {
            writer.write_all(&bytes).await?;
            writer.close().await
        });
        let reading = executor::spawn(async move {
            let mut heard = Vec::new();
            reader.read_to_end(&mut heard).await.map(|_| heard)
        });
        assert!(
            reading.await.unwrap()? == sent,
            "the bytes are not those that were sent"
        );
        writing.await.unwrap()?;
        assert_eq!(echo.await.unwrap()?, sent.len() as u64);
        Ok(())
    });
}

#[test]
fn half_a_message_then_silence_then_the_rest() {
    run(async || {
        let (mut ours, mut theirs) = pair().await?;
        let reading = executor::spawn(async move {
            let mut heard = [0; 8];
            theirs.read_exact(&mut heard).await.map(|()| heard)
        });
        ours.write_all(b"half").await?;
        executor::yield_now().await;
        ours.write_all(b"half").await?;
        assert_eq!(&reading.await.unwrap()?, b"halfhalf");
        Ok(())
    });
}

#[test]
fn bytes_and_the_end_may_come_before_anybody_looks() {
    run(async || {
        let (mut ours, mut theirs) = pair().await?;
        ours.write_all(b"hello").await?;
        drop(ours);
        let mut buf = [0; 64];
        assert_eq!(theirs.read(&mut buf).await?, 5);
        assert_eq!(theirs.read(&mut buf).await?, 0);
        assert_eq!(theirs.read(&mut buf).await?, 0);
        Ok(())
    });
}

#[test]
fn a_reader_that_waits_hears_of_the_end() {
    run(async || {
        let (ours, mut theirs) = pair().await?;
        let reading = executor::spawn(async move { theirs.read(&mut [0; 64]).await });
        executor::yield_now().await;
        drop(ours);
        assert_eq!(reading.await.unwrap()?, 0);
        Ok(())
    });
}

#[test]
fn closing_ends_what_the_other_side_reads_and_may_be_repeated() {
    run(async || {
        let (mut ours, mut theirs) = pair().await?;
        ours.close().await?;
        ours.close().await?;
        assert_eq!(theirs.read(&mut [0; 8]).await?, 0);
        assert!(ours.write(b"too late").await.is_err());
        // The other direction goes on.
        theirs.write_all(b"still here").await?;
        drop(theirs);
        let mut heard = String::new();
        ours.read_to_string(&mut heard).await?;
        assert_eq!(heard, "still here");
        ours.close().await
    });
}

#[test]
fn halves_may_be_dropped_in_any_order() {
    run(async || {
        let sources = Reactor::current().sources();
        let (ours, mut theirs) = pair().await?;
        let (mut reader, writer) = ours.into_split();
        drop(writer);
        assert_eq!(
            theirs.read(&mut [0; 8]).await?,
            0,
            "nobody is left who could write"
        );
        theirs.write_all(b"to the reader").await?;
        reader.read_exact(&mut [0; 13]).await?;
        drop((reader, theirs));

        let (ours, mut theirs) = pair().await?;
        let (reader, mut writer) = ours.into_split();
        drop(reader);
        writer.write_all(b"from the writer").await?;
        theirs.read_exact(&mut [0; 15]).await?;
        drop((writer, theirs));
        assert_eq!(
            Reactor::current().sources(),
            sources,
            "a socket is still registered"
        );
        Ok(())
    });
}

#[test]
fn reading_into_nothing_is_not_the_end() {
    run(async || {
        let (mut ours, mut theirs) = pair().await?;
        ours.write_all(b"x").await?;
        assert_eq!(theirs.read(&mut []).await?, 0);
        assert_eq!(theirs.read(&mut [0; 8]).await?, 1);
        Ok(())
    });
}

#[test]
fn several_buffers_are_one_message() {
    run(async || {
        let (mut ours, mut theirs) = pair().await?;
        let parts = [io::IoSlice::new(b"one, "), io::IoSlice::new(b"two")];
        assert_eq!(ours.write_vectored(&parts).await?, 8);
        let (mut left, mut right) = ([0; 4], [0; 4]);
        let mut parts = [
            io::IoSliceMut::new(&mut left),
            io::IoSliceMut::new(&mut right),
        ];
        assert_eq!(theirs.read_vectored(&mut parts).await?, 8);
        assert_eq!((&left, &right), (b"one,", b" two"));
        Ok(())
    });
}

#[test]
fn a_dropped_stream_keeps_no_task_alive() {
    run(async || {
        let (ours, _theirs) = pair().await?;
        let task = std::sync::Arc::new(Nobody);
        let waker = Waker::from(task.clone());
        let mut cx = Context::from_waker(&waker);
        let mut reader = &ours;
        let polled = pin!(&mut reader).poll_read(&mut cx, &mut [0; 8]);
        assert!(polled.is_pending());
        drop(waker);
        assert_eq!(std::sync::Arc::strong_count(&task), 2);
        drop(ours);
        assert_eq!(std::sync::Arc::strong_count(&task), 1);
        Ok(())
    });
}

/// A task that does nothing when it is woken.
struct Nobody;

impl std::task::Wake for Nobody {
    fn wake(self: std::sync::Arc<Self>) {}
}

#[test]
fn a_stream_shows_its_addresses_and_options() {
    run(async || {
        let (ours, theirs) = pair().await?;
        assert_eq!(ours.local_addr()?, theirs.peer_addr()?);
        assert_eq!(ours.peer_addr()?, theirs.local_addr()?);
        ours.set_nodelay(true)?;
        assert!(ours.nodelay()?);
        ours.shutdown(Shutdown::Both)
    });
}

/// Streams and their halves go to tasks on other threads.
#[allow(dead_code, reason = "it is right when it compiles")]
fn streams_are_send_and_sync() {
    fn check<T: Send + Sync>() {}
    check::<TcpStream>();
    check::<reactor::ReadHalf>();
    check::<reactor::WriteHalf>();
}
