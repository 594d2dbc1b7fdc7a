//! What one test may use.

use std::{env, str::FromStr, time::Duration};

use anyhow::{Context as _, bail};
use course::report::{MEMORY_LIMIT, THREAD_LIMIT};

/// The environment variable with the seconds that a test may run. Building does not count.
const TIME_LIMIT: &str = "COURSE_TIME_LIMIT";
/// The environment variable with the bytes that a test may print.
const OUTPUT_LIMIT: &str = "COURSE_OUTPUT_LIMIT";

/// The limits of one test's process.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    /// How long the process may run. The runner keeps this one.
    pub(crate) time: Duration,
    /// How many bytes it may print. The runner keeps this one.
    pub(crate) output: usize,
    /// How many bytes it may have allocated at once. The grader's allocator keeps this one.
    pub(crate) memory: u64,
    /// How many threads may live at once. The grader keeps this one.
    pub(crate) threads: u64,
}

impl Limits {
    /// The defaults, with what the environment says instead.
    pub(crate) fn from_environment() -> anyhow::Result<Limits> {
        let seconds: f64 = setting(TIME_LIMIT, 10.0)?;
        let time = Duration::try_from_secs_f64(seconds)
            .with_context(|| format!("{TIME_LIMIT}={seconds} is no number of seconds"))?;
        Ok(Limits {
            time,
            output: setting(OUTPUT_LIMIT, 1 << 20)?,
            memory: setting(MEMORY_LIMIT, 64 << 20)?,
            threads: setting(THREAD_LIMIT, 256)?,
        })
    }
}

fn setting<T: FromStr>(variable: &str, default: T) -> anyhow::Result<T> {
    let Some(value) = env::var_os(variable) else {
        return Ok(default);
    };
    match value.to_str().and_then(|value| value.parse().ok()) {
        Some(value) => Ok(value),
        None => bail!(
            "{variable}={} is no number; unset it or set a number",
            value.display()
        ),
    }
}
