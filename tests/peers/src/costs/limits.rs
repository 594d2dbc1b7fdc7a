//! The limits of this machine that stop processes and threads.

use std::fs;

/// One line each, where the system tells.
#[must_use]
pub fn list() -> Vec<(String, String)> {
    let mut all = Vec::new();
    #[cfg(unix)]
    for (name, resource) in [
        ("processes and threads of a user", rlimit::Resource::NPROC),
        ("open files of a process", rlimit::Resource::NOFILE),
    ] {
        if let Ok((soft, hard)) = resource.get() {
            all.push((
                format!("{name} (soft, hard)"),
                format!("{}, {}", words(soft), words(hard)),
            ));
        }
    }
    for (name, file) in [
        ("threads of the system", "/proc/sys/kernel/threads-max"),
        (
            "numbers for processes and threads",
            "/proc/sys/kernel/pid_max",
        ),
        ("mappings of a process", "/proc/sys/vm/max_map_count"),
        (
            "processes and threads of the control group",
            "/sys/fs/cgroup/pids.max",
        ),
    ] {
        if let Ok(value) = fs::read_to_string(file) {
            all.push((name.to_owned(), value.trim().to_owned()));
        }
    }
    all
}

#[cfg(unix)]
fn words(limit: u64) -> String {
    if limit == rlimit::INFINITY {
        "none".into()
    } else {
        limit.to_string()
    }
}
