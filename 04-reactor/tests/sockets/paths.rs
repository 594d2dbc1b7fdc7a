//! Sockets of Unix.

use std::io::{self, ErrorKind};
use std::path::PathBuf;

use futures::{AsyncReadExt, AsyncWriteExt};
use reactor::{Reactor, UnixListener, UnixStream};

use crate::run;

/// A path that nobody else has; the socket is removed in the end.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Self {
        let file = format!("reactor-{}-{name}", std::process::id());
        Self(std::env::temp_dir().join(file))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn a_listener_serves_those_who_know_its_path() {
    run(async || {
        let place = Place::new("serves");
        let listener = UnixListener::bind(&place.0)?;
        let echo = executor::spawn(async move {
            for _ in 0..2 {
                let (stream, _) = listener.accept().await?;
                futures::io::copy(&stream, &mut &stream).await?;
            }
            io::Result::Ok(())
        });
        for _ in 0..2 {
            let mut stream = UnixStream::connect(&place.0)?;
            stream.write_all(b"echo").await?;
            stream.close().await?;
            stream.close().await?;
            let mut heard = String::new();
            stream.read_to_string(&mut heard).await?;
            assert_eq!(heard, "echo");
        }
        echo.await.unwrap()?;
        assert_eq!(Reactor::current().sources(), 0);
        Ok(())
    });
}

#[test]
fn a_path_without_a_listener_is_an_error() {
    run(async || {
        let place = Place::new("nobody");
        let error = UnixStream::connect(&place.0).expect_err("there is no such path");
        assert_eq!(error.kind(), ErrorKind::NotFound);
        drop(UnixListener::bind(&place.0)?);
        let error = UnixStream::connect(&place.0).expect_err("nobody listens any more");
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
        Ok(())
    });
}

#[test]
fn a_megabyte_goes_through_a_pair_in_both_directions_at_once() {
    run(async || {
        let (left, right) = UnixStream::pair()?;
        let echo = executor::spawn(async move {
            futures::io::copy(&right, &mut &right).await?;
            (&right).close().await
        });
        let sent = vec![7; 1 << 20];
        let mut heard = Vec::new();
        let (mut reader, mut writer) = (&left, &left);
        let writing = async {
            writer.write_all(&sent).await?;
            writer.close().await
        };
        let reading = reader.read_to_end(&mut heard);
        let (written, read) = futures::future::join(writing, reading).await;
        written?;
        read?;
        assert!(heard == sent, "the bytes are not those that were sent");
        echo.await.unwrap()
    });
}
