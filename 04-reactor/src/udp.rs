//! Datagrams: a socket without connections.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use crate::waiters::{Waiter, Waiters};
use crate::{Direction, Registered};

/// A UDP socket, in the reactor that was current where it was made.
///
/// Any number of tasks may send and receive at once: each datagram goes to one of them. A future that
/// is dropped before it is ready has sent or received nothing.
///
/// ```
/// use reactor::{Runtime, UdpSocket};
///
/// Runtime::new()?.block_on(async {
///     let server = UdpSocket::bind("127.0.0.1:0".parse().unwrap())?;
///     let client = UdpSocket::bind("127.0.0.1:0".parse().unwrap())?;
///     client.connect(server.local_addr()?)?;
///     client.send(b"ping").await?;
///     let mut buf = [0; 16];
///     let (count, sender) = server.recv_from(&mut buf).await?;
///     server.send_to(&buf[..count], sender).await?;
///     assert_eq!(client.recv(&mut buf).await?, 4);
///     Ok::<(), std::io::Error>(())
/// })?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct UdpSocket {
    /// The socket.
    io: Registered<mio::net::UdpSocket>,
    /// The tasks that wait to receive.
    receivers: Arc<Waiters>,
    /// The tasks that wait to send.
    senders: Arc<Waiters>,
}

impl UdpSocket {
    /// A socket at `addr`. Port 0 stands for any that is free.
    ///
    /// # Errors
    ///
    /// What the system says.
    ///
    /// # Panics
    ///
    /// Panics if the thread has no current reactor.
    pub fn bind(addr: SocketAddr) -> io::Result<Self> {
        Ok(Self {
            io: Registered::new(mio::net::UdpSocket::bind(addr)?)?,
            receivers: Arc::default(),
            senders: Arc::default(),
        })
    }

    /// From now on, [`send`](Self::send) sends to `addr`, and only its datagrams are received. Nothing
    /// is sent by this, and nobody is asked.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn connect(&self, addr: SocketAddr) -> io::Result<()> {
        self.io.get_ref().connect(addr)
    }

    /// Sends one datagram to `target`, and gives its length.
    ///
    /// # Errors
    ///
    /// What the system says: it is too long, for one.
    pub fn send_to<'a>(
        &'a self,
        buf: &'a [u8],
        target: SocketAddr,
    ) -> impl Future<Output = io::Result<usize>> + Send + 'a {
        self.operation(Direction::Write, move |io| io.send_to(buf, target))
    }

    /// Receives one datagram, and gives its length and its sender. What `buf` has no room for is lost.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn recv_from<'a>(
        &'a self,
        buf: &'a mut [u8],
    ) -> impl Future<Output = io::Result<(usize, SocketAddr)>> + Send + 'a {
        self.operation(Direction::Read, move |io| io.recv_from(buf))
    }

    /// Sends one datagram to the address of [`connect`](Self::connect).
    ///
    /// # Errors
    ///
    /// `NotConnected` (or another word of the system for it) before `connect`; `ConnectionRefused` if
    /// the other side has said that nobody listens for an *earlier* datagram.
    pub fn send<'a>(
        &'a self,
        buf: &'a [u8],
    ) -> impl Future<Output = io::Result<usize>> + Send + 'a {
        self.operation(Direction::Write, move |io| io.send(buf))
    }

    /// Receives one datagram from the address of [`connect`](Self::connect).
    ///
    /// # Errors
    ///
    /// As with [`send`](Self::send).
    pub fn recv<'a>(
        &'a self,
        buf: &'a mut [u8],
    ) -> impl Future<Output = io::Result<usize>> + Send + 'a {
        self.operation(Direction::Read, move |io| io.recv(buf))
    }

    /// The address of this socket.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.io.get_ref().local_addr()
    }

    /// The address of [`connect`](Self::connect).
    ///
    /// # Errors
    ///
    /// `NotConnected` if there is none.
    pub fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.io.get_ref().peer_addr()
    }

    fn operation<F, R>(&self, direction: Direction, op: F) -> Operation<'_, F>
    where
        F: FnMut(&mio::net::UdpSocket) -> io::Result<R>,
    {
        let waiters = match direction {
            Direction::Read => &self.receivers,
            Direction::Write => &self.senders,
        };
        Operation {
            io: &self.io,
            direction,
            waiter: Waiter::new(waiters),
            op,
        }
    }
}

/// One datagram on its way in or out.
struct Operation<'a, F> {
    io: &'a Registered<mio::net::UdpSocket>,
    direction: Direction,
    /// The place among those who wait for the same direction.
    waiter: Waiter,
    /// What is tried.
    op: F,
}

/// `op` is not pinned: it is called by reference.
impl<F> Unpin for Operation<'_, F> {}

impl<R, F> Future for Operation<'_, F>
where
    F: FnMut(&mio::net::UdpSocket) -> io::Result<R>,
{
    type Output = io::Result<R>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // In the list before the try: the event may come right after a `WouldBlock`.
        let all = self.waiter.set_waker(cx.waker());
        let (io, direction) = (self.io, self.direction);
        io.poll_io(direction, &mut Context::from_waker(&all), &mut self.op)
    }
}
