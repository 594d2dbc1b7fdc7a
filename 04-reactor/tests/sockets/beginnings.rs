//! How connections begin, or do not.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use futures::future::join;
use futures::{AsyncReadExt, AsyncWriteExt, StreamExt};
use reactor::{Reactor, TcpListener, connect};

use crate::{ANY, run};

#[test]
fn a_call_that_nobody_answers_is_an_error() {
    run(async || {
        let closed = std::net::TcpListener::bind(ANY)?.local_addr()?;
        let error = connect(closed).await.expect_err("nobody listens there");
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
        assert_eq!(Reactor::current().sources(), 0);
        Ok(())
    });
}

#[test]
fn a_call_that_is_not_answered_yet_is_no_connection() {
    run(async || {
        // An address for books: a network that is there drops the call, or says that it leads nowhere.
        let nobody = SocketAddr::from(([192, 0, 2, 1], 9));
        let mut call = pin!(connect(nobody));
        let polled = call.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert!(!matches!(polled, Poll::Ready(Ok(_))));
        Ok(())
    });
}

#[test]
fn a_call_that_is_given_up_leaves_nothing_behind() {
    run(async || {
        let listener = std::net::TcpListener::bind(ANY)?;
        let mut call = Box::pin(connect(listener.local_addr()?));
        assert_eq!(
            Reactor::current().sources(),
            0,
            "it begins at the first poll"
        );
        let _ = call.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        drop(call);
        assert_eq!(Reactor::current().sources(), 0);
        Ok(())
    });
}

#[test]
fn all_callers_that_came_at_once_are_accepted() {
    run(async || {
        let listener = TcpListener::bind(ANY)?;
        let addr = listener.local_addr()?;
        let callers: Vec<_> = (0..50)
            .map(|_| std::net::TcpStream::connect(addr).unwrap())
            .collect();
        let accepted: Vec<_> = listener.incoming().take(50).collect().await;
        assert!(accepted.iter().all(|accepted| accepted.is_ok()));
        drop(callers);
        Ok(())
    });
}

#[test]
fn an_accept_that_is_dropped_loses_nobody() {
    run(async || {
        let listener = TcpListener::bind(ANY)?;
        let addr = listener.local_addr()?;
        for _ in 0..3 {
            let mut accept = pin!(listener.accept());
            let polled = accept
                .as_mut()
                .poll(&mut Context::from_waker(Waker::noop()));
            assert!(polled.is_pending());
        }
        let (caller, called) = join(connect(addr), listener.accept()).await;
        let (mut caller, (mut called, from)) = (caller?, called?);
        assert_eq!(caller.local_addr()?, from);
        caller.write_all(b"x").await?;
        called.read_exact(&mut [0]).await
    });
}

#[test]
fn a_port_that_is_taken_is_an_error() {
    run(async || {
        let listener = TcpListener::bind(ANY)?;
        let error = TcpListener::bind(listener.local_addr()?).expect_err("the port is taken");
        assert_eq!(error.kind(), ErrorKind::AddrInUse);
        assert_eq!(Reactor::current().sources(), 1);
        Ok(())
    });
}

#[test]
fn a_caller_who_has_left_in_the_queue_does_no_harm() {
    run(async || {
        let listener = TcpListener::bind(ANY)?;
        let addr = listener.local_addr()?;
        drop(std::net::TcpStream::connect(addr)?);
        let stays = std::net::TcpStream::connect(addr)?;
        // Systems differ in whether the one who left is still served.
        loop {
            let (mut called, from) = listener.accept().await?;
            if from == stays.local_addr()? {
                return called.write_all(b"x").await;
            }
            assert!(matches!(called.read(&mut [0]).await, Ok(0) | Err(_)));
        }
    });
}
