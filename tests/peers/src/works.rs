//! The works that are measured, who takes part, and what is claimed.

use std::time::Duration;

use crate::rounds::Contestant;
use crate::table::{Better, Claim};

mod echoing;
mod executors;
mod goals;
mod growing;
mod remembering;
mod timing;

/// How much is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// What the figures are about.
    Full,
    /// Enough to see that it runs.
    Quick,
    /// For tests, which are not optimised: hardly anything.
    Tiny,
}

impl Size {
    /// One of three numbers.
    fn of<T>(self, full: T, quick: T, tiny: T) -> T {
        match self {
            Self::Full => full,
            Self::Quick => quick,
            Self::Tiny => tiny,
        }
    }
}

/// One thing that is measured of a work.
#[derive(Clone, Debug)]
pub struct Figure {
    /// What the filter and the table call it.
    pub name: String,
    /// What the numbers count.
    pub unit: &'static str,
    /// Which numbers are good.
    pub better: Better,
    /// What has to be reached.
    pub claims: Vec<Claim>,
}

impl Figure {
    /// With the claims that `goals.rs` has for this name.
    pub fn new(name: impl Into<String>, unit: &'static str, better: Better) -> Self {
        let name = name.into();
        Self {
            claims: goals::of(&name),
            name,
            unit,
            better,
        }
    }
}

/// Something that all contestants do.
pub struct Work {
    /// In words.
    pub what: String,
    /// What is measured of it.
    pub figures: Vec<Figure>,
    /// Rounds that it gets at most: fewer where a round takes long, one where nothing varies.
    pub rounds: usize,
    /// Makes the contestants; nothing of them exists before.
    pub contestants: Box<dyn FnOnce() -> Vec<Contestant>>,
}

impl std::fmt::Debug for Work {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Work")
            .field("what", &self.what)
            .field("figures", &self.figures)
            .finish_non_exhaustive()
    }
}

/// All of them, in the order of the tables.
#[must_use]
pub fn all(size: Size) -> Vec<Work> {
    let mut works = executors::on_one_thread(size);
    works.extend(executors::on_a_pool(size));
    works.extend(echoing::works(size));
    works.extend(timing::works(size));
    works.extend(remembering::works(size));
    works.extend(growing::works(size));
    works
}

/// In a process that a benchmark started: does what the arguments say.
pub fn child_main(arguments: &[String]) -> std::io::Result<()> {
    match arguments.split_first() {
        Some((what, rest)) if what == "client" => crate::echo::client::main(rest),
        Some((what, rest)) if what == "idle" => crate::echo::client::idle(rest),
        Some((what, rest)) if what == "memory" => remembering::main(rest),
        _ => Err(std::io::ErrorKind::InvalidInput.into()),
    }
}

/// Nanoseconds for one of `operations`.
fn nanoseconds(time: Duration, operations: u64) -> f64 {
    time.as_secs_f64() * 1e9 / operations as f64
}

/// A contestant for each runtime, which is made once and lives through all rounds.
macro_rules! side_by_side {
    ([$($runtime:ty),+ $(,)?], $operations:expr, $run:expr) => {
        vec![$({
            let mut runtime = <$runtime as $crate::runtimes::Runtime>::new();
            $crate::rounds::Contestant::new(
                <$runtime as $crate::runtimes::Runtime>::NAME,
                move || vec![$crate::works::nanoseconds(($run)(&mut runtime), $operations)],
            )
        }),+]
    };
}
use side_by_side;
