//! A benchmark starts its own program again, for what needs a process of its own.

use std::env;
use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// The first argument of a program that was started by itself.
pub const FLAG: &str = "--as-child";

/// The arguments behind [`FLAG`], in a process that was started so.
#[must_use]
pub fn arguments() -> Option<Vec<String>> {
    let mut arguments = env::args().skip(1);
    (arguments.next()? == FLAG).then(|| arguments.collect())
}

/// This program in another process, and the two pipes to it. Its standard error is ours.
#[derive(Debug)]
pub struct Again {
    /// Waited for when this goes.
    child: Child,
    /// Closed, it tells the child to end.
    input: Option<ChildStdin>,
    /// Line by line.
    output: BufReader<ChildStdout>,
}

impl Again {
    /// Starts it with these arguments.
    pub fn start(arguments: &[&str]) -> io::Result<Self> {
        let mut child = Command::new(env::current_exe()?)
            .arg(FLAG)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let output = child.stdout.take().expect("it was asked for");
        Ok(Self {
            input: child.stdin.take(),
            output: BufReader::new(output),
            child,
        })
    }

    /// Sends one line.
    pub fn say(&mut self, line: &str) -> io::Result<()> {
        let input = self.input.as_mut().expect("open until `Drop`");
        writeln!(input, "{line}")?;
        input.flush()
    }

    /// The next line, without its end.
    pub fn hear(&mut self) -> io::Result<String> {
        let mut line = String::new();
        match self.output.read_line(&mut line)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(line.trim_end().to_owned()),
        }
    }

    /// The process's number.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Again {
    fn drop(&mut self) {
        self.input = None;
        // Its end is all that is waited for; how it ended shows in what it said.
        let _ended = self.child.wait();
    }
}
