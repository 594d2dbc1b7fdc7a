//! What the figures depend on: compiler, processor, system, and how busy it was.

use std::process::Command;
use std::{env, fs, thread};

/// One line each.
#[must_use]
pub fn describe() -> String {
    let cores = thread::available_parallelism().map_or(0, usize::from);
    format!(
        "{}\n{}, {cores} cores\n{}\n{}",
        output_of("rustc", &["--version"]).unwrap_or_else(|| "rustc: unknown".into()),
        processor().unwrap_or_else(|| env::consts::ARCH.into()),
        system().unwrap_or_else(|| env::consts::OS.into()),
        load(),
    )
}

/// How many threads wanted to run, on average over the last minute, where the system counts.
#[must_use]
pub fn load() -> String {
    let counted = fs::read_to_string("/proc/loadavg").ok();
    let minute = counted.and_then(|text| text.split(' ').next().map(str::to_owned));
    minute.map_or_else(
        || "load: not known on this system".into(),
        |load| format!("load {load} (average of the last minute)"),
    )
}

fn processor() -> Option<String> {
    if cfg!(target_os = "macos") {
        return output_of("sysctl", &["-n", "machdep.cpu.brand_string"]);
    }
    if cfg!(windows) {
        return env::var("PROCESSOR_IDENTIFIER").ok();
    }
    let text = fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(": ")?.1.to_owned())
}

fn system() -> Option<String> {
    if cfg!(windows) {
        return output_of("cmd", &["/C", "ver"]);
    }
    output_of("uname", &["-srm"])
}

fn output_of(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}
