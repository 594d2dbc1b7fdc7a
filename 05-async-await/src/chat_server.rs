//! The chat server's side of a connection.

use std::collections::HashMap;
use std::io;

use futures::io::{AsyncRead, AsyncReadExt, AsyncWrite};
use reactor::TcpListener;

use crate::chat_broadcast::{Groups, Outbound};
use crate::chat_message::{FromClient, FromServer, LONGEST_LINE, message};
use crate::{FramedRead, LinesCodec, Shutdown, next};

/// Serves a chat until the shutdown begins; then it closes all connections.
pub async fn serve(listener: TcpListener, groups: Groups, shutdown: Shutdown) {
    loop {
        match shutdown.or(listener.accept()).await {
            Some(Ok((stream, _))) => {
                // What is said is to be heard now, not with what is said next.
                let _ = stream.set_nodelay(true);
                let (groups, shutdown) = (groups.clone(), shutdown.clone());
                // From now on, not from the task's first poll: who drains must not miss it.
                let inside = shutdown.enter();
                drop(executor::spawn(async move {
                    let _inside = inside;
                    shutdown.or(talk(stream, groups)).await
                }));
            }
            // The next `accept` takes its time.
            Some(Err(_)) => {}
            None => return,
        }
    }
}

/// Does what one client says, until he goes.
///
/// # Errors
///
/// If the connection fails, or a line is too long.
pub async fn talk<S>(stream: S, groups: Groups) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let (reader, writer) = stream.split();
    let mut lines = FramedRead::new(reader, LinesCodec::new(LONGEST_LINE));
    let outbound = Outbound::new(writer);
    // With this function's end, he is in no group any more.
    let mut memberships = HashMap::new();
    while let Some(line) = next(&mut lines).await {
        let done = match message(&line?) {
            Ok(FromClient::Join { group }) => {
                let membership = memberships.entry(group);
                let group = membership.key().clone();
                membership.or_insert_with(|| groups.join(&group, &outbound));
                Ok(())
            }
            Ok(FromClient::Post { group, message }) => groups.post(&group, &message).map(drop),
            Err(error) => Err(error),
        };
        if let Err(error) = done {
            outbound.say(&FromServer::Error(error.to_string())).await?;
        }
    }
    Ok(())
}
