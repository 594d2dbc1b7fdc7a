//! A process with all that it starts, killed as one: a process group on Unix, a job object on Windows.

use std::{
    io,
    process::{ChildStderr, ChildStdout, Command, ExitStatus},
};

/// A running process and its descendants, except those that have left the group on purpose.
pub(crate) struct Group {
    #[cfg(unix)]
    leader: std::process::Child,
    #[cfg(windows)]
    leader: Box<dyn process_wrap::std::ChildWrapper>,
}

#[cfg(unix)]
impl Group {
    /// Starts the command as the leader of a new group.
    pub(crate) fn spawn(mut command: Command) -> io::Result<Group> {
        use std::os::unix::process::CommandExt as _;
        command.process_group(0);
        loop {
            match command.spawn() {
                Ok(leader) => return Ok(Group { leader }),
                // The file was just copied, and a process that another thread is starting still holds
                // the descriptor it was written through. It lets go when it executes.
                Err(error) if error.kind() == io::ErrorKind::ExecutableFileBusy => {
                    std::thread::sleep(std::time::Duration::from_millis(1));
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Kills whoever is left of the group. There may be nobody, so there is nothing to answer.
    pub(crate) fn kill(&mut self) {
        let Ok(leader) = libc::pid_t::try_from(self.leader.id()) else {
            return;
        };
        // SAFETY: the call takes two numbers and touches no memory of this process. A negative number
        // names a group, and this one was made by `spawn`.
        unsafe { libc::kill(-leader, libc::SIGKILL) };
    }

    /// What the leader prints; once.
    pub(crate) fn output(&mut self) -> (Option<ChildStdout>, Option<ChildStderr>) {
        (self.leader.stdout.take(), self.leader.stderr.take())
    }
}

#[cfg(windows)]
impl Group {
    /// Starts the command in a new job.
    pub(crate) fn spawn(command: Command) -> io::Result<Group> {
        let mut wrapped = process_wrap::std::CommandWrap::from(command);
        let leader = wrapped.wrap(process_wrap::std::JobObject).spawn()?;
        Ok(Group { leader })
    }

    /// Kills whoever is left in the job. There may be nobody, so there is nothing to answer.
    pub(crate) fn kill(&mut self) {
        let _ = self.leader.start_kill();
    }

    /// What the leader prints; once.
    pub(crate) fn output(&mut self) -> (Option<ChildStdout>, Option<ChildStderr>) {
        (self.leader.stdout().take(), self.leader.stderr().take())
    }
}

impl Group {
    /// How the leader ended, if it has.
    pub(crate) fn try_wait(&mut self) -> io::Result<Option<ExitStatus>> {
        self.leader.try_wait()
    }

    /// Waits for the leader's end.
    pub(crate) fn wait(&mut self) -> io::Result<ExitStatus> {
        self.leader.wait()
    }
}
