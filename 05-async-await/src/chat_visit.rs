//! A visit to a chat: say something, and listen for a while.

use std::io;
use std::time::Duration;

use futures::SinkExt;
use futures::io::{AsyncRead, AsyncReadExt, AsyncWrite};

use crate::chat_message::{
    FromClient, FromServer, LONGEST_LINE, LONGEST_SERVER_LINE, line, message,
};
use crate::{FramedRead, FramedWrite, LinesCodec, TimeUp, work_and_listen};

/// Joins `group`, posts what is to be said there, and gives `hear` what the server says, from the first moment on: until
/// the server closes the connection, but not longer than `limit`.
///
/// To say everything first and to listen only then would be no visit: a server keeps so many messages for one who does not
/// read, and no more.
///
/// # Errors
///
/// If the connection fails, if the server says what is no message, or if the time was up before all was said.
pub async fn visit<C>(
    connection: C,
    group: &str,
    posts: impl IntoIterator<Item = String>,
    limit: Duration,
    mut hear: impl FnMut(FromServer),
) -> io::Result<()>
where
    C: AsyncRead + AsyncWrite + Unpin,
{
    let (reader, writer) = connection.split();
    let mut says = FramedWrite::new(writer, LinesCodec::new(LONGEST_LINE));
    let mut lines = FramedRead::new(reader, LinesCodec::new(LONGEST_SERVER_LINE));
    let speaks = async {
        let group = group.to_owned();
        let join = FromClient::Join {
            group: group.clone(),
        };
        says.send(line(&join).as_str()).await?;
        for message in posts {
            let group = group.clone();
            let post = FromClient::Post { group, message };
            says.send(line(&post).as_str()).await?;
        }
        Ok(())
    };
    let mut failed = None;
    let hears = |line: io::Result<String>| match line.and_then(|line| message(&line)) {
        Ok(message) => hear(message),
        Err(error) => failed = failed.take().or(Some(error)),
    };
    let spoken = match work_and_listen(limit, speaks, &mut lines, hears).await {
        Ok(spoken) => spoken,
        Err(TimeUp { output }) => output.unwrap_or_else(|| Err(io::ErrorKind::TimedOut.into())),
    };
    spoken.and(failed.map_or(Ok(()), Err))
}
