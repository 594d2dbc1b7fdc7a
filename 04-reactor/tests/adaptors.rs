//! What others wrote for the traits of `futures` runs on these sockets and timers as it is.

#[path = "support/watchdog.rs"]
mod watchdog;

use std::cell::RefCell;
use std::io;
use std::rc::Rc;
use std::time::Duration;

use futures::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, copy};
use futures::stream::{FuturesUnordered, StreamExt, TryStreamExt};
use futures::{FutureExt, future, select};
use reactor::{Runtime, TcpListener, TcpStream, sleep};
use watchdog::Watchdog;

fn run<F: Future<Output = io::Result<()>>>(test: F) {
    let _watchdog = Watchdog::start();
    let mut runtime = Runtime::new().unwrap();
    runtime.block_on(test).unwrap();
    assert_eq!(
        (runtime.reactor().sources(), runtime.reactor().timers()),
        (0, 0)
    );
}

async fn pair() -> io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
    let ours = TcpStream::connect(listener.local_addr()?).await?;
    Ok((ours, listener.accept().await?.0))
}

#[test]
fn copy_takes_a_stream_to_its_end() {
    run(async {
        let (mut ours, theirs) = pair().await?;
        let sender = executor::spawn(async move {
            ours.write_all(&[7; 300_000]).await?;
            ours.close().await
        });
        let mut all = Vec::new();
        assert_eq!(copy(theirs, &mut all).await?, 300_000);
        assert!(all.iter().all(|byte| *byte == 7));
        sender.await.unwrap()
    });
}

#[test]
fn lines_come_one_by_one() {
    run(async {
        let (mut ours, theirs) = pair().await?;
        ours.write_all(b"one\ntwo\nthr").await?;
        let mut lines = BufReader::new(theirs).lines();
        assert_eq!(lines.try_next().await?.as_deref(), Some("one"));
        assert_eq!(lines.try_next().await?.as_deref(), Some("two"));
        assert!(
            lines.next().now_or_never().is_none(),
            "half a line is no line"
        );
        ours.write_all(b"ee\n").await?;
        assert_eq!(lines.try_next().await?.as_deref(), Some("three"));
        drop(ours);
        assert_eq!(lines.try_next().await?, None);
        Ok(())
    });
}

#[test]
fn the_halves_of_split_read_and_write_at_once() {
    run(async {
        let (ours, theirs) = pair().await?;
        let echo = executor::spawn(async move {
            let (mut read, mut write) = theirs.split();
            copy(&mut read, &mut write).await?;
            write.close().await
        });
        let (mut read, mut write) = ours.split();
        let send = async {
            write.write_all(&[9; 2_000_000]).await?;
            write.close().await
        };
        let mut back = Vec::new();
        let (sent, received) = future::join(send, read.read_to_end(&mut back)).await;
        sent?;
        assert_eq!(received?, 2_000_000);
        echo.await.unwrap()
    });
}

#[test]
fn select_takes_what_comes_first() {
    run(async {
        let (mut ours, mut theirs) = pair().await?;
        let mut byte = [0];
        select! {
            _ = theirs.read_exact(&mut byte).fuse() => panic!("nobody has sent anything"),
            () = sleep(Duration::from_millis(1)).fuse() => {}
        }
        ours.write_all(b"x").await?;
        select! {
            read = theirs.read_exact(&mut byte).fuse() => read?,
            () = sleep(Duration::from_secs(3600)).fuse() => panic!("an hour is longer"),
        }
        assert_eq!(byte, *b"x");
        Ok(())
    });
}

#[test]
fn futures_unordered_drives_many_conversations_in_one_task() {
    run(async {
        let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
        let address = listener.local_addr()?;
        let mut clients: FuturesUnordered<_> = (0..50_u8)
            .map(|number| async move {
                let mut stream = TcpStream::connect(address).await?;
                stream.write_all(&[number]).await?;
                let mut answer = [0];
                stream.read_exact(&mut answer).await?;
                Ok::<_, io::Error>((number, answer[0]))
            })
            .collect();
        let server =
            listener
                .incoming()
                .take(50)
                .try_for_each_concurrent(None, |mut stream| async move {
                    let mut byte = [0];
                    stream.read_exact(&mut byte).await?;
                    stream.write_all(&[byte[0] + 100]).await
                });
        let ask = async {
            let mut seen = 0;
            while let Some((number, answer)) = clients.try_next().await? {
                assert_eq!(answer, number + 100);
                seen += 1;
            }
            assert_eq!(seen, 50);
            Ok(())
        };
        future::try_join(server, ask).await.map(|_| ())
    });
}

#[test]
fn futures_that_stay_on_their_thread_use_sockets_too() {
    let _watchdog = Watchdog::start();
    let mut runtime = Runtime::new().unwrap();
    let spawner = runtime.spawner();
    let heard = runtime.block_on(async {
        let heard = Rc::new(RefCell::new(String::new()));
        let (mut ours, mut theirs) = pair().await.unwrap();
        let inside = Rc::clone(&heard);
        let task = executor::spawn_local(&spawner, async move {
            let mut text = String::new();
            theirs.read_to_string(&mut text).await.unwrap();
            inside.borrow_mut().push_str(&text);
        });
        ours.write_all(b"not for other threads").await.unwrap();
        drop(ours);
        task.await.unwrap();
        heard.take()
    });
    assert_eq!(heard, "not for other threads");
    assert_eq!(runtime.reactor().sources(), 0);
}
