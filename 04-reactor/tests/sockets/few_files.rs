//! A server that has run out of file descriptors.

use std::env;
use std::fs::File;
use std::io;
use std::net::TcpStream;
use std::process::Command;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use reactor::{Reactor, TcpListener};
use waker_timer::{ManualClock, clock};

use crate::ANY;

const NAME: &str = "few_files::a_server_without_descriptors_pauses_and_then_serves_its_callers";

#[test]
fn a_server_without_descriptors_pauses_and_then_serves_its_callers() {
    // The limit holds for a whole process: here is another one.
    if env::var_os("FEW_FILES").is_some() {
        return serve().unwrap();
    }
    let limited = Command::new("sh")
        .args(["-c", "ulimit -n 64 && exec \"$@\"", "sh"])
        .arg(env::current_exe().unwrap())
        .args(["--exact", NAME, "--test-threads", "1"])
        .env("FEW_FILES", "yes")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&limited.stdout);
    assert!(limited.status.success(), "{said}");
    assert!(
        said.contains("1 passed"),
        "the test has another name: {said}"
    );
}

fn serve() -> io::Result<()> {
    let time = Arc::new(ManualClock::new());
    let _replaced = clock::replace(time.clone());
    let reactor = Reactor::new()?;
    let _entered = reactor.enter();
    let mut cx = Context::from_waker(Waker::noop());

    let listener = TcpListener::bind(ANY)?;
    let callers = [(); 3].map(|()| TcpStream::connect(listener.local_addr().unwrap()).unwrap());
    let mut hoard = Vec::new();
    while let Ok(file) = File::open("/dev/null") {
        hoard.push(file);
    }

    for _ in 0..3 {
        let Poll::Ready(Err(error)) = listener.poll_accept(&mut cx) else {
            panic!("accepted without a descriptor");
        };
        // EMFILE: the same number on all Unix systems.
        assert_eq!(error.raw_os_error(), Some(24), "{error}");
        assert!(
            listener.poll_accept(&mut cx).is_pending(),
            "tried again at once"
        );
        time.advance(Duration::from_millis(49));
        reactor.fire_timers();
        assert!(
            listener.poll_accept(&mut cx).is_pending(),
            "tried again too soon"
        );
        time.advance(Duration::from_millis(1));
        reactor.fire_timers();
    }

    drop(hoard);
    for _ in &callers {
        let Poll::Ready(accepted) = listener.poll_accept(&mut cx) else {
            panic!("a caller was forgotten");
        };
        accepted?;
    }
    assert!(listener.poll_accept(&mut cx).is_pending());
    assert_eq!(reactor.timers(), 0);
    Ok(())
}
