//! Datagrams, from several tasks.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};

use reactor::{Reactor, UdpSocket};

use crate::{ANY, run};

#[test]
fn several_tasks_receive_on_one_socket() {
    run(async || {
        let socket = Arc::new(UdpSocket::bind(ANY)?);
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let socket = Arc::clone(&socket);
                executor::spawn(async move {
                    let mut buf = [0; 8];
                    let count = socket.recv(&mut buf).await?;
                    io::Result::Ok((count, buf[0]))
                })
            })
            .collect();
        // All of them wait by now.
        executor::yield_now().await;
        let sender = UdpSocket::bind(ANY)?;
        for number in 0..8 {
            assert_eq!(sender.send_to(&[number], socket.local_addr()?).await?, 1);
        }
        let mut heard = Vec::new();
        for task in tasks {
            let (count, number) = task.await.unwrap()?;
            assert_eq!(count, 1);
            heard.push(number);
        }
        heard.sort_unstable();
        assert_eq!(heard, [0, 1, 2, 3, 4, 5, 6, 7]);
        Ok(())
    });
}

#[test]
fn one_task_receives_while_others_send() {
    run(async || {
        let (left, right) = (
            Arc::new(UdpSocket::bind(ANY)?),
            Arc::new(UdpSocket::bind(ANY)?),
        );
        left.connect(right.local_addr()?)?;
        right.connect(left.local_addr()?)?;
        assert_eq!(left.peer_addr()?, right.local_addr()?);
        let echo = Arc::clone(&right);
        let echo = executor::spawn(async move {
            let mut buf = [0; 64];
            for _ in 0..40 {
                let count = echo.recv(&mut buf).await?;
                echo.send(&buf[..count]).await?;
            }
            io::Result::Ok(())
        });
        // One datagram of each is on its way at a time: so none has to be thrown away.
        let callers: Vec<_> = (0..4)
            .map(|number| {
                let left = Arc::clone(&left);
                executor::spawn(async move {
                    let mut buf = [0; 64];
                    for _ in 0..10 {
                        left.send(&[number; 5]).await?;
                        let (count, from) = left.recv_from(&mut buf).await?;
                        assert_eq!((count, from), (5, left.peer_addr()?));
                    }
                    io::Result::Ok(())
                })
            })
            .collect();
        for caller in callers {
            caller.await.unwrap()?;
        }
        echo.await.unwrap()
    });
}

#[test]
fn a_receiver_that_is_dropped_keeps_no_task_alive_and_takes_no_datagram() {
    run(async || {
        let socket = UdpSocket::bind(ANY)?;
        let task = Arc::new(Nobody);
        let waker = Waker::from(task.clone());
        let mut buf = [0; 8];
        {
            let mut receiving = pin!(socket.recv(&mut buf));
            let polled = receiving.as_mut().poll(&mut Context::from_waker(&waker));
            assert!(polled.is_pending());
            assert_eq!(Arc::strong_count(&task), 3);
        }
        drop(waker);
        assert_eq!(Arc::strong_count(&task), 1);

        let sender = UdpSocket::bind(ANY)?;
        sender.send_to(b"kept", socket.local_addr()?).await?;
        let (count, from) = socket.recv_from(&mut buf).await?;
        assert_eq!((&buf[..count], from), (&b"kept"[..], sender.local_addr()?));
        drop((socket, sender));
        assert_eq!(Reactor::current().sources(), 0);
        Ok(())
    });
}

/// A task that does nothing when it is woken.
struct Nobody;

impl Wake for Nobody {
    fn wake(self: Arc<Self>) {}
}

#[test]
fn a_datagram_that_is_too_long_is_an_error_and_the_socket_goes_on() {
    run(async || {
        let socket = UdpSocket::bind(ANY)?;
        let addr = socket.local_addr()?;
        assert!(socket.send_to(&vec![0; 100_000], addr).await.is_err());
        assert_eq!(socket.send_to(b"short", addr).await?, 5);
        assert_eq!(socket.recv(&mut [0; 8]).await?, 5);
        Ok(())
    });
}
