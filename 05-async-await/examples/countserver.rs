//! 5.9, 5.13: a count server, in the design of your choice.
//!
//! ```text
//! cargo run -p async-await --example countserver -- async 127.0.0.1:10123
//! ```
//!
//! The designs are `sequential`, `threaded`, `async`, `actor` and `callbacks`. Ask it with the example
//! `countclients`, or with `nc 127.0.0.1 10123` and a line of your own. Connect with `nc` and say nothing, and ask from a
//! second terminal: all designs but the first one answer there.

use std::env;
use std::error::Error;
use std::net::{SocketAddr, TcpListener as StdListener};

use async_await::{
    countserver, countserver_actor, countserver_callbacks, countserver_sequential,
    countserver_threaded,
};
use reactor::{Runtime, TcpListener};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let design = arguments.next().unwrap_or_else(|| "async".into());
    let address = arguments.next().unwrap_or_else(|| "127.0.0.1:10123".into());
    let address: SocketAddr = address.parse()?;
    match design.as_str() {
        "sequential" => countserver_sequential::serve(announced(address)?.incoming()),
        "threaded" => countserver_threaded::serve(announced(address)?.incoming()),
        "async" => Runtime::new()?.block_on(async {
            let listener = TcpListener::bind(address)?;
            println!("counting at {}", listener.local_addr()?);
            countserver::serve(listener.incoming()).await;
            Ok::<_, Box<dyn Error>>(())
        })?,
        "actor" => Runtime::new()?.block_on(async {
            let listener = TcpListener::bind(address)?;
            println!("counting at {}", listener.local_addr()?);
            countserver_actor::serve(listener.incoming()).await;
            Ok::<_, Box<dyn Error>>(())
        })?,
        "callbacks" => {
            let listener = mio::net::TcpListener::bind(address)?;
            println!("counting at {}", listener.local_addr()?);
            countserver_callbacks::serve(listener, usize::MAX)?;
        }
        other => return Err(format!("there is no design {other:?}").into()),
    }
    Ok(())
}

fn announced(address: SocketAddr) -> Result<StdListener, Box<dyn Error>> {
    let listener = StdListener::bind(address)?;
    println!("counting at {}", listener.local_addr()?);
    Ok(listener)
}
