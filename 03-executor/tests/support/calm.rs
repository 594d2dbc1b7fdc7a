//! Waiting for something in a program of several threads, without a guess at how long it takes.
//!
//! Where every other thread of the process sleeps, and none has been up in between, what has not come
//! by then will never come: that is how a deadlock and a lost wake-up are told from a slow machine.

#![allow(dead_code, unreachable_pub)]

use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use course::Share;
use cpu_time::{ProcessTime, ThreadTime};

/// Between two looks.
const LOOK_AGAIN: Duration = Duration::from_millis(2);

/// How often in a row everybody has to be seen asleep, without having run in between; and for how long, as
/// somebody may nap. In time, because a look takes long where the machine is busy.
const SIGHTINGS: usize = 8;
const LONGEST_NAP: Duration = Duration::from_millis(100);

/// Where the system does not show what threads do: how much of the processor's time each could have had
/// meanwhile, and is taken for asleep then.
const SHARE: Duration = Duration::from_millis(200);

/// How much of the processor's time the other threads may use while somebody waits.
const MOST_WORK: Duration = Duration::from_millis(800);

/// How often a thread may get up in a process that nobody wants anything from.
const MOST_NAPS: u64 = 60;

/// What came of waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// What was waited for is there.
    Came,
    /// Every other thread sleeps: it will not come.
    Calm,
    /// It has not come, and other threads take the processor's time all the while.
    Busy,
}

/// The tests of one program take turns: each looks at all threads of the process.
pub fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits until `came` says yes, or it never will. Call it with [`alone`].
pub fn until(came: impl FnMut() -> bool) -> Wait {
    watch(came, u64::MAX)
}

/// As [`until`], where nobody has a reason to get up again and again: who does is busy, too.
pub fn quietly_until(came: impl FnMut() -> bool) -> Wait {
    watch(came, MOST_NAPS)
}

/// Waits until the other threads sleep, which are left alone: who gets up again and again is busy, too.
pub fn rest() -> Wait {
    watch(|| false, MOST_NAPS)
}

fn watch(mut came: impl FnMut() -> bool, most_naps: u64) -> Wait {
    let work = others_work();
    let (mut last, mut naps, mut still) = (None, 0, 0);
    let (mut since, mut share) = (Instant::now(), Share::default());
    loop {
        if came() {
            return Wait::Came;
        }
        if others_work().saturating_sub(work) > MOST_WORK || naps > most_naps {
            return Wait::Busy;
        }
        let now = others();
        if now.is_none() && share.take() >= SHARE {
            return if came() { Wait::Came } else { Wait::Calm };
        }
        let same = now.as_ref().is_some_and(|now| now.asleep) && now == last;
        if !same {
            (still, since) = (0, Instant::now());
        }
        still += usize::from(same);
        if still >= SIGHTINGS && since.elapsed() >= LONGEST_NAP {
            // Once more: it may have come after the first look of this round.
            return if came() { Wait::Came } else { Wait::Calm };
        }
        if let (Some(now), Some(last)) = (&now, &last) {
            naps += now.naps_since(last);
        }
        last = now;
        thread::sleep(LOOK_AGAIN);
    }
}

/// The processor's time that the other threads have used.
fn others_work() -> Duration {
    ProcessTime::now()
        .as_duration()
        .saturating_sub(ThreadTime::now().as_duration())
}

/// One look at the other threads.
#[derive(PartialEq, Eq)]
struct Others {
    asleep: bool,
    /// How often each has gone to sleep so far: equal numbers mean that it did not run in between.
    sleeps: BTreeMap<PathBuf, u64>,
}

impl Others {
    fn naps_since(&self, before: &Others) -> u64 {
        let naps = self.sleeps.iter().map(|(thread, sleeps)| {
            let before = before.sleeps.get(thread).unwrap_or(sleeps);
            sleeps.saturating_sub(*before)
        });
        naps.max().unwrap_or(0)
    }
}

/// `None` where the system does not show them.
fn others() -> Option<Others> {
    let own = fs::read_link("/proc/thread-self").ok()?;
    let mut others = Others {
        asleep: true,
        sleeps: BTreeMap::new(),
    };
    for entry in fs::read_dir("/proc/self/task").ok()? {
        let folder = entry.ok()?.path();
        if folder.file_name() == own.file_name() {
            continue;
        }
        // A thread that has just ended has nothing to read.
        let Ok(text) = fs::read_to_string(folder.join("status")) else {
            others.asleep = false;
            continue;
        };
        let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name));
        others.asleep &= field("State:")?.trim_start().starts_with('S');
        let sleeps = field("voluntary_ctxt_switches:")?.trim().parse().ok()?;
        others.sleeps.insert(folder, sleeps);
    }
    Some(others)
}
