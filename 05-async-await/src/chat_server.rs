//! The chat server's side of a connection.

use std::collections::HashMap;
use std::io;
use std::time::Duration;

use futures::io::{AsyncRead, AsyncReadExt, AsyncWrite};
use reactor::{TcpListener, TcpStream};

use crate::budget::Budget;
use crate::chat_broadcast::Groups;
use crate::chat_message::{FromClient, FromServer, LONGEST_LINE, message};
use crate::chat_outbound::Outbound;
use crate::connections::Connections;
use crate::{FramedRead, LinesCodec, Shutdown, next, serve_connections};

/// Serves a chat until the shutdown begins. Then all connections are closed, which may take as long as `grace`.
/// Gives the number of those that were cut off after that.
pub async fn serve(
    listener: TcpListener,
    groups: Groups,
    shutdown: Shutdown,
    grace: Duration,
) -> usize {
    let end = shutdown.clone();
    let connection = |stream: TcpStream| {
        // What is said is to be heard now, not with what is said next.
        let _ = stream.set_nodelay(true);
        let (groups, shutdown) = (groups.clone(), shutdown.clone());
        async move {
            // How a talk ends is the affair of the two who had it.
            drop(shutdown.or(talk(stream, groups)).await);
        }
    };
    serve_connections(Connections::of(listener), connection, end, grace).await
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
    let mut budget = Budget::default();
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
        budget.spend_one().await;
    }
    Ok(())
}
