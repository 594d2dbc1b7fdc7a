//! Connections over the loopback interface.

use std::net::{TcpListener, TcpStream};

use simple_future::Socket;

/// A peer, and our end.
pub fn connect() -> (TcpStream, Socket) {
    let (peer, ours, _) = connect_both_ways();
    (peer, ours)
}

/// A peer, our end to read from, and our end to write to.
pub fn connect_both_ways() -> (TcpStream, Socket, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback address is free");
    let address = listener.local_addr().expect("it is bound");
    let peer = TcpStream::connect(address).expect("the listener listens");
    let (ours, _) = listener.accept().expect("the peer has connected");
    let writing = ours.try_clone().expect("a stream can be cloned");
    let reading = Socket::new(ours).expect("a stream can be made non-blocking");
    (peer, reading, writing)
}
