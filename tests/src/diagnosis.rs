//! Every misconception that a grader can name, in one place.

use serde::{Deserialize, Serialize};

/// What is wrong with a run, in the field's terms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnosis {
    /// The misconception's stable name: lower-case, hyphenated, one of [`ALL`].
    pub code: String,
    /// The name as a title.
    pub title: String,
    /// What this run did.
    pub seen: String,
    /// Why that matters.
    pub why: String,
    /// Where the course explains it: `NN-stage/README.md#section`.
    pub read: String,
}

/// A kind of mistake: everything about it that does not depend on the run.
#[derive(Clone, Copy, Debug)]
pub struct Misconception {
    /// Stable, lower-case, hyphenated.
    pub code: &'static str,
    /// One line that names it.
    pub title: &'static str,
    /// Why it matters, in one or two sentences.
    pub why: &'static str,
    /// The chapter sections that explain it, one for each stage in which it is taught, in order.
    pub read: &'static [&'static str],
}

impl Misconception {
    /// The entry with this code.
    ///
    /// # Panics
    ///
    /// If there is none: a grader may only name what is listed in [`ALL`].
    pub fn find(code: &str) -> Misconception {
        *ALL.iter()
            .find(|entry| entry.code == code)
            .unwrap_or_else(|| panic!("`{code}` is not listed in tests/src/diagnosis.rs"))
    }

    /// What was seen, together with what is known about this kind of mistake.
    ///
    /// `stage` is the folder of the exercise's stage (`02-waker-timer`): the reader is sent to that
    /// chapter where it has a section for this, and otherwise to the last one before it that has.
    pub fn seen(self, stage: &str, seen: impl Into<String>) -> Diagnosis {
        let place = self.read.iter().rev().find(|place| {
            place
                .split('/')
                .next()
                .is_some_and(|taught_in| taught_in <= stage)
        });
        Diagnosis {
            code: self.code.into(),
            title: self.title.into(),
            seen: seen.into(),
            why: self.why.into(),
            read: place
                .or(self.read.first())
                .map_or_else(String::new, |place| (*place).into()),
        }
    }
}

/// Shorthand for the table below.
const fn entry(
    code: &'static str,
    title: &'static str,
    why: &'static str,
    read: &'static [&'static str],
) -> Misconception {
    Misconception {
        code,
        title,
        why,
        read,
    }
}

/// Every misconception, by theme.
pub const ALL: &[Misconception] = &[
    // Wakes that do not arrive.
    entry(
        "lost-wakeup",
        "Lost wake-up",
        "A future that answers Pending has promised to have its task woken when it can go on. \
         If nobody wakes it, the task sleeps for ever.",
        &[
            "01-simple-future/README.md#pending-is-a-promise",
            "02-waker-timer/README.md#poll-wait-wake",
        ],
    ),
    entry(
        "stale-waker",
        "Stale waker",
        "Between two polls a future can move to another task. Only the waker of the latest poll \
         is sure to reach the task that owns it.",
        &[
            "01-simple-future/README.md#a-socket-that-calls-back",
            "02-waker-timer/README.md#the-waker-can-change",
        ],
    ),
    entry(
        "check-then-register",
        "Checked, then registered",
        "An event that comes between the check and the registration finds nobody to wake. \
         Register first, then check once more.",
        &[
            "01-simple-future/README.md#a-socket-that-calls-back",
            "02-waker-timer/README.md#register-then-check-again",
        ],
    ),
    entry(
        "swallowed-wake",
        "A child's wake does not reach the task",
        "Each child has to be polled with the wake that the combinator itself was given: it is the \
         only way in which the child can have the task polled again.",
        &["01-simple-future/README.md#both-at-once"],
    ),
    entry(
        "overwritten-wake",
        "One waiter's wake overwrites another's",
        "Everyone who waits has a wake of their own. A place with room for one, shared by several \
         waiters, keeps the wake that came last, and the others sleep for ever.",
        &["01-simple-future/README.md#a-socket-that-calls-back"],
    ),
    // Wakes and polls that are not wanted.
    entry(
        "busy-wake",
        "Wakes itself while nothing has happened",
        "A wake says `poll me, something changed`. A future that wakes itself instead of waiting \
         for its event is polled over and over, and takes a whole processor.",
        &[
            "01-simple-future/README.md#pending-is-a-promise",
            "02-waker-timer/README.md#a-delay-in-three-steps",
        ],
    ),
    entry(
        "blocking-poll",
        "Blocks inside poll",
        "All tasks of a thread share it. While one poll waits, no other task of that thread can \
         run: answer Pending, and be woken.",
        &["01-simple-future/README.md#pending-is-a-promise"],
    ),
    // Wrong answers.
    entry(
        "early-ready",
        "Ready before its event",
        "A poll may come at any time and for any reason. Only the event makes a future ready, \
         never the number of polls.",
        &[
            "01-simple-future/README.md#pending-is-a-promise",
            "02-waker-timer/README.md#spurious-polls-are-normal",
        ],
    ),
    entry(
        "never-ready",
        "Pending although its event has happened",
        "A wake only leads to another poll. That poll has to find what happened, and answer Ready.",
        &["01-simple-future/README.md#pending-is-a-promise"],
    ),
    entry(
        "wrong-value",
        "Ready with the wrong value",
        "The output is what the chapter's contract says, in its order.",
        &[
            "01-simple-future/README.md#exercises",
            "02-waker-timer/README.md#exercises",
        ],
    ),
    entry(
        "polled-after-ready",
        "A finished future was polled again",
        "After Ready a future may panic, hang or do its work twice. Whoever polls it has to \
         remember that it is finished.",
        &["01-simple-future/README.md#after-ready"],
    ),
    entry(
        "dropped-pending",
        "Dropped a future that was still pending",
        "To drop a future is to cancel it: what it had done so far is lost, and it can never be \
         ready. What answers Pending has to be kept for the next poll.",
        &[
            "01-simple-future/README.md#one-after-the-other",
            "02-waker-timer/README.md#dropping-is-cancelling",
        ],
    ),
    entry(
        "lost-output",
        "An output was thrown away",
        "A future gives its output once. Whoever polls a future must have a place for what comes, \
         or leave it alone.",
        &["01-simple-future/README.md#the-first-of-two"],
    ),
    entry(
        "wrong-bias",
        "Another bias than the one that was promised",
        "When several futures are ready in the same poll, the order of polling decides which of \
         them wins. A caller may rely on an order that is promised.",
        &["01-simple-future/README.md#the-first-of-two"],
    ),
    entry(
        "not-concurrent",
        "One after the other instead of both at once",
        "A future that has never been polled has not begun. Its work does not overlap with \
         the other's, and its wake is registered nowhere.",
        &["01-simple-future/README.md#both-at-once"],
    ),
    entry(
        "allocates",
        "Allocates memory",
        "A combinator holds its children in its own fields, so that a whole tree of futures is one \
         value. That is what makes Rust's futures cheap.",
        &["01-simple-future/README.md#both-at-once"],
    ),
    entry(
        "eager",
        "Does its work before the first poll",
        "Futures are lazy: whoever makes one decides later whether, when and where it runs.",
        &["01-simple-future/README.md#nothing-happens-until-you-poll"],
    ),
    // About the exercise itself.
    entry(
        "unfinished",
        "Not written yet",
        "A part of the skeleton that still says `todo!` was reached.",
        &[
            "01-simple-future/README.md#exercises",
            "02-waker-timer/README.md#exercises",
        ],
    ),
    entry(
        "panicked",
        "Panicked",
        "The contract gives no reason to panic here.",
        &[
            "01-simple-future/README.md#exercises",
            "02-waker-timer/README.md#exercises",
        ],
    ),
    entry(
        "no-prediction",
        "Nothing predicted yet",
        "Write one line for each thing that you expect to happen, in order.",
        &[
            "01-simple-future/README.md#exercises",
            "02-waker-timer/README.md#exercises",
        ],
    ),
    entry(
        "wrong-prediction",
        "The run went another way",
        "Find out at this line which future is polled, by whom it was woken, and what it found.",
        &[
            "01-simple-future/README.md#both-at-once",
            "02-waker-timer/README.md#poll-wait-wake",
        ],
    ),
    entry(
        "different-trace",
        "The run differs from the lesson's",
        "All rules hold, and yet the run is not the one that the chapter describes. Compare the two \
         traces line by line.",
        &[
            "01-simple-future/README.md#exercises",
            "02-waker-timer/README.md#exercises",
        ],
    ),
];
