//! How a process died that did not end by itself.

use std::process::ExitStatus;

/// What killed it, as far as the system and its last words say; `None` where nothing did.
#[cfg(unix)]
pub(crate) fn of(status: ExitStatus, stderr: &[u8]) -> Option<String> {
    use std::os::unix::process::ExitStatusExt as _;
    let signal = status.signal()?;
    if overflowed(stderr) {
        return Some("The stack overflowed: a function calls itself without end".into());
    }
    let name = match signal {
        4 => "SIGILL, an instruction that does not exist",
        6 => "SIGABRT. It gave up by itself: an abort, or a panic while another one was under way",
        8 => "SIGFPE, an impossible calculation",
        9 => "SIGKILL, somebody killed it, perhaps because the machine ran out of memory",
        11 => "SIGSEGV, an access to memory that is not its own",
        _ => return Some(format!("The process was killed by signal {signal}")),
    };
    Some(format!("The process was killed by {name}"))
}

/// Where there are no signals, a violent end shows in the status: abort and the kernel's
/// exceptions have the top bits set.
#[cfg(not(unix))]
pub(crate) fn of(status: ExitStatus, stderr: &[u8]) -> Option<String> {
    if overflowed(stderr) {
        return Some("The stack overflowed: a function calls itself without end".into());
    }
    let code = status.code()?;
    (code < 0).then(|| format!("The process was killed: status {code:#x}"))
}

fn overflowed(stderr: &[u8]) -> bool {
    String::from_utf8_lossy(stderr).contains("has overflowed its stack")
}
