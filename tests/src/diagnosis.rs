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
            "03-executor/README.md#a-task-is-what-a-waker-wakes",
            "04-reactor/README.md#who-waits-for-what",
            "05-async-await/README.md#exercises",
            "06-pinning/README.md#exercises",
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
            "03-executor/README.md#what-comes-back",
            "04-reactor/README.md#who-waits-for-what",
            "05-async-await/README.md#exercises",
            "06-pinning/README.md#exercises",
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
            "03-executor/README.md#what-comes-back",
            "04-reactor/README.md#a-socket-as-a-future",
            "05-async-await/README.md#one-value-once",
            "06-pinning/README.md#exercises",
        ],
    ),
    entry(
        "swallowed-wake",
        "A child's wake does not reach the task",
        "Each child has to be polled with the wake that the combinator itself was given: it is the \
         only way in which the child can have the task polled again.",
        &[
            "01-simple-future/README.md#both-at-once",
            "05-async-await/README.md#one-after-the-other-or-both",
        ],
    ),
    entry(
        "overwritten-wake",
        "One waiter's wake overwrites another's",
        "Everyone who waits has a wake of their own. A place with room for one, shared by several \
         waiters, keeps the wake that came last, and the others sleep for ever.",
        &[
            "01-simple-future/README.md#a-socket-that-calls-back",
            "02-waker-timer/README.md#the-bridge",
            "04-reactor/README.md#reader-and-writer",
            "05-async-await/README.md#exercises",
        ],
    ),
    entry(
        "wake-before-flag",
        "Wakes before the event can be seen",
        "Who is woken may poll at once, on another thread, before `wake` returns. It has to \
         find the event then: set the flag first, then wake.",
        &[
            "02-waker-timer/README.md#flag-first-then-wake",
            "03-executor/README.md#what-comes-back",
            "05-async-await/README.md#exercises",
        ],
    ),
    entry(
        "wakes-under-lock",
        "Wakes while it holds its own lock",
        "A wake is somebody else's code. It may poll the future on the spot, and that poll \
         wants the same lock: the thread waits for itself. Collect, release, wake.",
        &["02-waker-timer/README.md#never-wake-under-a-lock"],
    ),
    entry(
        "drops-under-lock",
        "Drops a waker or a future while it holds its own lock",
        "The drop of a future is somebody else's code, which may want the same lock; and the last waker \
         of a task takes the task's future with it. Take it out, release, drop.",
        &[
            "02-waker-timer/README.md#never-wake-under-a-lock",
            "03-executor/README.md#run-until-the-work-is-done",
            "04-reactor/README.md#leaving",
        ],
    ),
    entry(
        "polls-under-lock",
        "Polls a future while it holds its own lock",
        "A poll is somebody else's code. It may wake its task on the spot, and that wake \
         wants the same lock: the thread waits for itself.",
        &[
            "02-waker-timer/README.md#never-wake-under-a-lock",
            "03-executor/README.md#a-task-is-what-a-waker-wakes",
        ],
    ),
    entry(
        "dead-waker",
        "The waker does not reach its task",
        "A waker is a pointer to one task. Whoever holds it knows nothing else of the task: if the \
         wake does not arrive there, it arrives nowhere.",
        &["02-waker-timer/README.md#four-functions-and-a-pointer"],
    ),
    entry(
        "weak-ordering",
        "Woken, and the event cannot be seen yet",
        "A wake says `look again`. What was written before the wake has to be visible to the task \
         that was woken: that takes Release on the one side and Acquire on the other.",
        &[
            "02-waker-timer/README.md#register-against-wake",
            "04-reactor/README.md#woken-while-asleep",
        ],
    ),
    entry(
        "lost-permit",
        "A notification that nobody waited for is lost",
        "Whoever is about to wait comes too late for it, and sleeps for ever. One notification \
         is kept as a permit, for whoever waits next.",
        &["02-waker-timer/README.md#one-permit"],
    ),
    entry(
        "swallowed-notification",
        "A notification ends with the waiter that got it",
        "A waiter can be dropped between its wake and its next poll. The notification in its hands \
         belongs to the next one who waits, or has to be stored again.",
        &[
            "02-waker-timer/README.md#dropping-is-cancelling",
            "06-pinning/README.md#a-list-through-the-futures",
        ],
    ),
    entry(
        "address-as-identity",
        "Takes a future's address for its name",
        "A future that is `Unpin` may be moved between two polls, and another one may come to \
         lie where it was. Who has to be found again needs a number of its own.",
        &["02-waker-timer/README.md#the-bridge"],
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
            "04-reactor/README.md#a-socket-as-a-future",
            "05-async-await/README.md#exercises",
        ],
    ),
    entry(
        "looks-now-and-then",
        "Asks now and then instead of being woken",
        "Between two looks a task sleeps although it could go on, and where nothing happens it is woken for nothing. \
         Who changes what others wait for wakes them: keep their wakers.",
        &[
            "01-simple-future/README.md#pending-is-a-promise",
            "02-waker-timer/README.md#poll-wait-wake",
            "05-async-await/README.md#one-value-once",
        ],
    ),
    entry(
        "blocking-poll",
        "Blocks inside poll",
        "All tasks of a thread share it. While one poll waits, no other task of that thread can \
         run: answer Pending, and be woken.",
        &[
            "01-simple-future/README.md#pending-is-a-promise",
            "04-reactor/README.md#a-socket-as-a-future",
            "05-async-await/README.md#one-after-the-other-or-both",
        ],
    ),
    entry(
        "wait-per-poll",
        "One more wait with every poll",
        "A future does not choose how often it is polled. What a wait costs (a thread, a \
         place in a heap) must be paid once, however many polls there are.",
        &["02-waker-timer/README.md#a-delay-in-three-steps"],
    ),
    entry(
        "keeps-task-alive",
        "Keeps a task alive: the waker stays behind",
        "A waker owns a reference to its task. A future that is dropped while its waker stays \
         behind keeps the whole task, and all that belongs to it, in memory.",
        &[
            "02-waker-timer/README.md#dropping-is-cancelling",
            "03-executor/README.md#what-comes-back",
            "04-reactor/README.md#leaving",
            "05-async-await/README.md#dropped-in-the-middle",
            "06-pinning/README.md#exercises",
        ],
    ),
    entry(
        "never-returns",
        "Does not come back",
        "Something waits that must not: a loop until something changes, a sleep, a lock that this \
         thread holds already (nobody can lock a std Mutex twice), or a wake that nobody will send.",
        &[
            "01-simple-future/README.md#exercises",
            "02-waker-timer/README.md#exercises",
            "03-executor/README.md#exercises",
            "04-reactor/README.md#exercises",
            "05-async-await/README.md#exercises",
            "06-pinning/README.md#exercises",
        ],
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
            "03-executor/README.md#what-comes-back",
            "04-reactor/README.md#who-waits-for-what",
            "05-async-await/README.md#exercises",
            "06-pinning/README.md#exercises",
        ],
    ),
    entry(
        "never-ready",
        "Pending although its event has happened",
        "A wake only leads to another poll. That poll has to find what happened, and answer Ready.",
        &[
            "01-simple-future/README.md#pending-is-a-promise",
            "03-executor/README.md#what-comes-back",
            "04-reactor/README.md#edges-not-levels",
            "05-async-await/README.md#exercises",
            "06-pinning/README.md#exercises",
        ],
    ),
    entry(
        "wrong-value",
        "Not what was promised",
        "What is checked stands at the head of the exercise's file, point by point; whoever uses this relies on it.",
        &[
            "01-simple-future/README.md#exercises",
            "02-waker-timer/README.md#exercises",
            "03-executor/README.md#what-comes-back",
            "04-reactor/README.md#exercises",
            "05-async-await/README.md#exercises",
            "06-pinning/README.md#exercises",
        ],
    ),
    entry(
        "polled-after-ready",
        "A finished future was polled again",
        "After Ready a future may panic, hang or do its work twice. Whoever polls it has to \
         remember that it is finished.",
        &[
            "01-simple-future/README.md#after-ready",
            "03-executor/README.md#a-task-is-what-a-waker-wakes",
            "05-async-await/README.md#one-after-the-other-or-both",
            "06-pinning/README.md#exercises",
        ],
    ),
    entry(
        "dropped-pending",
        "Dropped a future that was still pending",
        "To drop a future is to cancel it: what it had done so far is lost, and it can never be \
         ready. What answers Pending has to be kept for the next poll.",
        &[
            "01-simple-future/README.md#one-after-the-other",
            "02-waker-timer/README.md#dropping-is-cancelling",
            "05-async-await/README.md#dropped-in-the-middle",
            "06-pinning/README.md#exercises",
        ],
    ),
    entry(
        "lost-output",
        "An output was thrown away",
        "A future gives its output once. Whoever polls a future must have a place for what comes, \
         or leave it alone.",
        &[
            "01-simple-future/README.md#the-first-of-two",
            "05-async-await/README.md#exercises",
        ],
    ),
    entry(
        "wrong-bias",
        "Another bias than the one that was promised",
        "When several futures are ready in the same poll, the order of polling decides which of \
         them wins. A caller may rely on an order that is promised.",
        &[
            "01-simple-future/README.md#the-first-of-two",
            "05-async-await/README.md#exercises",
            "06-pinning/README.md#exercises",
        ],
    ),
    entry(
        "not-concurrent",
        "One after the other instead of both at once",
        "A future that has never been polled has not begun. Its work does not overlap with \
         the other's, and its wake is registered nowhere.",
        &[
            "01-simple-future/README.md#both-at-once",
            "05-async-await/README.md#one-after-the-other-or-both",
        ],
    ),
    entry(
        "not-awaited",
        "Called, and never awaited",
        "To call an async function makes a future, and runs nothing of it. It runs when it is awaited, joined or \
         spawned, and what is dropped instead has never begun.",
        &["05-async-await/README.md#nothing-runs-until-it-is-polled"],
    ),
    entry(
        "one-poll-late",
        "One poll too late",
        "A poll goes on as far as it can: what is ready by then is taken, and what comes next is begun. Who wakes himself \
         instead, and puts it off, is polled once more for nothing, and lets everybody else go first.",
        &[
            "05-async-await/README.md#one-after-the-other-or-both",
            "05-async-await/README.md#two-downloads-one-thread",
        ],
    ),
    entry(
        "late-error",
        "An error waits for somebody else",
        "When one part has failed, the whole has: what the others bring is of no use any more. Whoever waits for \
         them nevertheless may wait long, and for nothing.",
        &["05-async-await/README.md#two-downloads-one-thread"],
    ),
    entry(
        "allocates",
        "Allocates memory",
        "A combinator holds its children in its own fields, so that a whole tree of futures is one \
         value. That is what makes Rust's futures cheap.",
        &[
            "01-simple-future/README.md#both-at-once",
            "05-async-await/README.md#two-downloads-one-thread",
            "06-pinning/README.md#exercises",
        ],
    ),
    entry(
        "eager",
        "Does its work before the first poll",
        "Futures are lazy: whoever makes one decides later whether, when and where it runs.",
        &[
            "01-simple-future/README.md#nothing-happens-until-you-poll",
            "03-executor/README.md#a-task-is-what-a-waker-wakes",
            "04-reactor/README.md#a-socket-as-a-future",
            "05-async-await/README.md#nothing-runs-until-it-is-polled",
            "06-pinning/README.md#exercises",
        ],
    ),
    entry(
        "late-start",
        "The time runs from the first poll",
        "When it is polled is not the future's choice. A duration is counted from the moment \
         at which its owner asked for it.",
        &["02-waker-timer/README.md#a-timer-that-wakes"],
    ),
    entry(
        "bypassed-seam",
        "Goes past the course's own module",
        "The course's `clock` and `sync` are there so that a test can put its own in their place: an \
         hour then passes in no time, and another thread comes exactly between two steps. What goes \
         past them, no test can reach.",
        &[
            "02-waker-timer/README.md#a-timer-that-wakes",
            "04-reactor/README.md#woken-while-asleep",
        ],
    ),
    entry(
        "piled-permits",
        "Permits pile up",
        "A permit says `something happened`, not how often. With several of them, waiters run long \
         after there is nothing left to do.",
        &[
            "02-waker-timer/README.md#one-permit",
            "06-pinning/README.md#a-list-through-the-futures",
        ],
    ),
    entry(
        "doubled-notification",
        "One notification lets two waiters through",
        "Whoever comes out of the wait relies on having been chosen alone. What one waiter \
         has used up is not there for another.",
        &[
            "02-waker-timer/README.md#one-permit",
            "06-pinning/README.md#a-list-through-the-futures",
        ],
    ),
    entry(
        "unfair-order",
        "A later waiter is served first",
        "Waiters are served in the order in which they came. Otherwise one that is always \
         overtaken waits for ever.",
        &[
            "02-waker-timer/README.md#one-permit",
            "05-async-await/README.md#a-lock-that-waits",
            "06-pinning/README.md#a-list-through-the-futures",
        ],
    ),
    entry(
        "wakes-too-many",
        "Wakes waiters that were not notified",
        "With a thousand waiters, one notification would be a thousand polls, and all but one of \
         them for nothing. Wake the one that is served.",
        &[
            "02-waker-timer/README.md#one-permit",
            "04-reactor/README.md#who-waits-for-what",
            "05-async-await/README.md#a-lock-that-waits",
        ],
    ),
    // References, and threads that share memory.
    entry(
        "uncounted-clone",
        "A waker without a reference of its own",
        "Each waker stands for one reference to its task. If a clone takes none, the task is freed \
         while the clone still points to it: a use after free.",
        &["02-waker-timer/README.md#four-functions-and-a-pointer"],
    ),
    entry(
        "leaked-reference",
        "A reference that is never given back",
        "A waker that is woken by value, or dropped, is gone, and its reference has to go with it. \
         Otherwise the task, and all that it owns, stays in memory for ever.",
        &[
            "02-waker-timer/README.md#four-functions-and-a-pointer",
            "03-executor/README.md#a-task-is-what-a-waker-wakes",
        ],
    ),
    entry(
        "over-released",
        "A reference is given back that was not to be",
        "The count then says one less than there are pointers. The task is freed while one of them \
         still leads to it: a use after free.",
        &["02-waker-timer/README.md#four-functions-and-a-pointer"],
    ),
    entry(
        "not-thread-safe",
        "Works on one thread only",
        "A `Waker` is Send and Sync: anybody may clone, wake and drop it on any thread. What it points \
         to has to bear that.",
        &[
            "02-waker-timer/README.md#four-functions-and-a-pointer",
            "06-pinning/README.md#exercises",
        ],
    ),
    entry(
        "data-race",
        "Two threads in one place at once",
        "If two threads touch a value, one of them writes, and nothing orders the two, anything can \
         be read. It is undefined behaviour, on every machine, however seldom it shows.",
        &["02-waker-timer/README.md#register-against-wake"],
    ),
    entry(
        "deadlock",
        "Nobody can go on",
        "There is an order of the threads' steps in which each waits for something that only \
         the others could do. On a real machine it comes up one day.",
        &[
            "02-waker-timer/README.md#register-against-wake",
            "06-pinning/README.md#exercises",
        ],
    ),
    // Loops that run tasks.
    entry(
        "never-polled",
        "Waits for a task that was never polled",
        "A future does nothing before its first poll, and until then it has nobody's wake. Whoever \
         runs a task has to make the first step.",
        &[
            "01-simple-future/README.md#who-calls-poll",
            "03-executor/README.md#run-until-the-work-is-done",
            "06-pinning/README.md#exercises",
        ],
    ),
    entry(
        "polled-unwoken",
        "Polls a task that nobody has woken",
        "A wake says which task can go on. Polling the others as well costs a poll for each task \
         at each event, and finds nothing.",
        &[
            "01-simple-future/README.md#who-calls-poll",
            "03-executor/README.md#run-until-the-work-is-done",
            "06-pinning/README.md#exercises",
        ],
    ),
    entry(
        "busy-loop",
        "Keeps looking instead of sleeping",
        "A loop with nothing to do has to give the processor back: it sleeps, and a wake ends the \
         sleep.",
        &[
            "01-simple-future/README.md#who-calls-poll",
            "03-executor/README.md#a-loop-that-sleeps",
            "04-reactor/README.md#one-loop",
        ],
    ),
    entry(
        "woken-not-polled",
        "Woken, and not polled",
        "A task that was woken can go on, and will not say so a second time. If it is not polled, it \
         waits for ever.",
        &[
            "01-simple-future/README.md#who-calls-poll",
            "03-executor/README.md#a-task-is-what-a-waker-wakes",
        ],
    ),
    entry(
        "lost-in-poll",
        "A wake during the poll was forgotten",
        "A task can be woken while it is being polled, for something that this poll has looked past \
         already. Forget the old wake before the poll: whoever does so after it forgets the new one.",
        &[
            "01-simple-future/README.md#who-calls-poll",
            "03-executor/README.md#queued-once",
        ],
    ),
    entry(
        "mixed-up-wakes",
        "Polled with another task's wake",
        "Which wake is called is all that tells a loop who can go on. Each task has to keep the same \
         one for its whole life, also when others before it are finished.",
        &["01-simple-future/README.md#who-calls-poll"],
    ),
    entry(
        "ends-early",
        "Returned before the tasks were done",
        "That nothing can go on just now does not mean that nothing ever will: a pending task is \
         waiting for its wake.",
        &[
            "01-simple-future/README.md#who-calls-poll",
            "03-executor/README.md#run-until-the-work-is-done",
            "03-executor/README.md#a-loop-that-sleeps",
        ],
    ),
    entry(
        "never-ends",
        "Waits although all tasks are done",
        "Only a task's wake ends the sleep. With no task left there is nobody to call one.",
        &[
            "01-simple-future/README.md#who-calls-poll",
            "03-executor/README.md#run-until-the-work-is-done",
        ],
    ),
    // Tasks and their handles.
    entry(
        "queued-twice",
        "Queued twice",
        "One place in the queue is enough: the poll that it leads to sees all that happened until \
         then. A second one is a poll for nothing, and two threads would hold the same task.",
        &["03-executor/README.md#queued-once"],
    ),
    entry(
        "queued-unwoken",
        "Queued although nobody has woken it",
        "A task is queued by its spawn and by its wakes. One that queues itself after each poll \
         never lets the thread sleep.",
        &["03-executor/README.md#queued-once"],
    ),
    entry(
        "polled-concurrently",
        "Two threads poll one future at once",
        "A poll has the future for itself: it gets `Pin<&mut Self>`. While one thread polls, another one \
         that comes for the same task has to wait, or to leave it a sign.",
        &["03-executor/README.md#a-task-is-what-a-waker-wakes"],
    ),
    entry(
        "keeps-future",
        "Keeps a future that is over",
        "Wakers live on anywhere and for any time, some of them inside the future itself. A task that is \
         over, or cancelled, drops its future at once, and with it the sockets and locks in it.",
        &["03-executor/README.md#a-task-is-what-a-waker-wakes"],
    ),
    entry(
        "escaped-panic",
        "A task's panic takes the executor along",
        "A panic is the affair of the task and of whoever waits for it. Let loose, it ends the thread, \
         and with it all the other tasks that run there.",
        &["03-executor/README.md#what-comes-back"],
    ),
    entry(
        "ignored-abort",
        "Aborted, and goes on",
        "`abort` promises that the task comes to an end: no poll begins after it, and the future is dropped \
         without waiting for a wake that may never come.",
        &["03-executor/README.md#what-comes-back"],
    ),
    entry(
        "dropped-by-abort",
        "The future is dropped in the call of `abort`",
        "Whoever aborts may be on any thread, hold any lock, or be the task itself, in the middle of its \
         poll. A future is dropped where it is polled: by the executor.",
        &["03-executor/README.md#what-comes-back"],
    ),
    entry(
        "silent-end",
        "A task is over, and its handle does not hear of it",
        "A task ends in one of four ways: with its output, by a panic, by an abort, with its executor. \
         Whoever waits for it waits for each of them.",
        &["03-executor/README.md#what-comes-back"],
    ),
    entry(
        "forgets-the-end",
        "Forgets that the task is over",
        "When the result was given out its place is empty, as it was before there was one. Whoever asks for the end \
         has to be able to tell the two apart: the task is over for good.",
        &["03-executor/README.md#what-comes-back"],
    ),
    entry(
        "aborts-in-drop",
        "A dropped handle takes its task along",
        "Whoever spawns a task and lets the handle go wants the task to be done, and not to wait for it. To \
         drop a handle is to detach the task; to end it there is `abort`.",
        &["03-executor/README.md#what-comes-back"],
    ),
    entry(
        "result-replaced",
        "A result was replaced after the end",
        "A task ends once. An abort, a wake or a drop that comes after that changes nothing.",
        &["03-executor/README.md#what-comes-back"],
    ),
    // Threads that block.
    entry(
        "eaten-token",
        "Somebody else used up the thread's token",
        "A thread has one park token, and everybody on it may use it: a lock, a channel, a `println!`. \
         Whoever sleeps by `park` keeps a flag of their own beside it, and sleeps only while the flag is down.",
        &["03-executor/README.md#a-loop-that-sleeps"],
    ),
    entry(
        "lost-before-sleep",
        "A wake between the look and the sleep is lost",
        "To see that nobody has woken and to fall asleep has to be one step: under one lock that the \
         wake takes too, or with a token that the wake leaves behind.",
        &[
            "03-executor/README.md#a-loop-that-sleeps",
            "04-reactor/README.md#woken-while-asleep",
        ],
    ),
    entry(
        "sleeps-on-work",
        "Goes to sleep with ready tasks in its queue",
        "Each of them has woken the thread once, long ago, and nobody will do it again. A `turn` that used up its budget \
         says nothing about what is left: ask `has_ready` before you sleep.",
        &["03-executor/README.md#run-until-the-work-is-done"],
    ),
    entry(
        "left-to-the-other",
        "Each leaves it to the other to wake the thread",
        "Only who brings the first task need wake a thread that sleeps. Who is the first is known under the lock, \
         with the push: when the lock is free, another one may have come, and neither of them finds itself the first.",
        &["03-executor/README.md#run-until-the-work-is-done"],
    ),
    entry(
        "early-wake",
        "A wake that comes before the sleep is forgotten",
        "A wake can come during the poll, or just after it. A `Condvar` reaches only who waits already; for who comes \
         later there has to be a flag. The wake sets it, `park` looks at it before it sleeps, and takes it away when it has \
         found it, not before.",
        &["03-executor/README.md#a-loop-that-sleeps"],
    ),
    entry(
        "old-wake-stays",
        "The old wake is never taken away",
        "A wake ends one sleep. If `park` returns and leaves the flag as it is, each later `park` returns at once, and \
         the loop around it polls without end: take the wake away when it is found.",
        &["03-executor/README.md#a-loop-that-sleeps"],
    ),
    entry(
        "wakes-the-maker",
        "Wakes the thread that made the parker",
        "Who sleeps is the thread that calls `park`, and that need not be the one that called `new`. Note the thread in \
         `park`, or sleep on something that wants no thread's name: a `Condvar`.",
        &["03-executor/README.md#a-loop-that-sleeps"],
    ),
    entry(
        "spurious-return",
        "Takes every end of a sleep for a wake",
        "`Condvar::wait` and `thread::park` may return for no reason at all. What says that somebody has \
         woken is the flag: look at it in a loop.",
        &["03-executor/README.md#a-loop-that-sleeps"],
    ),
    entry(
        "nested-executor",
        "An executor inside an executor",
        "The inner one puts the thread to sleep, and with it every task of the outer one: also the task that was to \
         wake it. It has to be refused, with words that say so.",
        &["03-executor/README.md#a-loop-that-sleeps"],
    ),
    entry(
        "stays-entered",
        "The thread counts as blocked after a panic",
        "A panic leaves a function without its last lines. What has to be undone in any case is undone \
         by a guard, in its `Drop`.",
        &["03-executor/README.md#a-loop-that-sleeps"],
    ),
    entry(
        "swallowed-panic",
        "A panic has disappeared",
        "Whoever started the work has to learn that it failed: a panic is passed on, or given out as an error.",
        &[
            "03-executor/README.md#a-loop-that-sleeps",
            "03-executor/README.md#what-comes-back",
        ],
    ),
    // Threads that share work.
    entry(
        "idle-worker",
        "A worker sleeps while a task could run",
        "A pool is worth its threads if any idle one takes whatever is ready. A lock that is held while a \
         task runs, or a queue that only one thread looks into, makes tasks wait for each other that have \
         nothing to do with each other.",
        &["03-executor/README.md#many-threads"],
    ),
    entry(
        "no-start",
        "Tasks on a thread that was not set up",
        "What a task may use on its thread (a reactor, a place to spawn on) has to be there before the \
         first poll: `start` is called once on each worker, before any task.",
        &["03-executor/README.md#many-threads"],
    ),
    entry(
        "no-context",
        "The thread does not say where tasks are spawned",
        "`executor::spawn` asks the thread on which it is called. Whoever runs tasks on a thread says so \
         there first, with `context::set`.",
        &["03-executor/README.md#many-threads"],
    ),
    entry(
        "endless-shutdown",
        "The end waits for itself",
        "Threads that sleep have to be told of the end, all of them, before anybody waits for them; and a \
         thread that waits for its own end waits for ever.",
        &["03-executor/README.md#many-threads"],
    ),
    entry(
        "threads-left",
        "Threads stay behind",
        "A thread that nobody will give anything to do any more has to end. Who drops a pool may rely on \
         its threads being gone, and what they use with them.",
        &[
            "03-executor/README.md#many-threads",
            "03-executor/README.md#work-that-blocks",
        ],
    ),
    entry(
        "forgotten-task",
        "The executor is gone, and a task is still there",
        "A task that waits lies in no queue: only its wakers know of it, wherever they are. Whoever wants \
         to drop all tasks at the end has to keep a list of them from the beginning; and what a wake brings after the end \
         has to be dropped, not queued.",
        &[
            "03-executor/README.md#run-until-the-work-is-done",
            "03-executor/README.md#many-threads",
        ],
    ),
    entry(
        "queued-after-the-end",
        "Queues tasks after the end",
        "When the executor is gone, nobody looks into its queue: what is spawned or woken then has to be dropped at once. \
         That goes for the wakes by which the end itself reaches the tasks that wait, too: mark the end first, then wake.",
        &["03-executor/README.md#run-until-the-work-is-done"],
    ),
    entry(
        "works-on",
        "Goes on working after the end",
        "Dropping an executor is cancelling its tasks. What is in a poll comes to the end of that poll; \
         nothing else is begun.",
        &["03-executor/README.md#many-threads"],
    ),
    entry(
        "leaked-task",
        "Finished tasks stay in memory",
        "A runtime runs for months, and its tasks come and go. Whoever keeps a list of tasks takes each \
         of them off when it is over.",
        &[
            "03-executor/README.md#run-until-the-work-is-done",
            "03-executor/README.md#many-threads",
        ],
    ),
    entry(
        "runs-inline",
        "Runs on the thread of the caller",
        "That thread has other tasks to run. Work that was handed to other threads has to run there.",
        &[
            "03-executor/README.md#many-threads",
            "03-executor/README.md#work-that-blocks",
        ],
    ),
    entry(
        "runs-under-lock",
        "Calls a closure while it holds its own lock",
        "What a closure does is somebody else's affair, and it may take an hour. Whoever wants the lock \
         meanwhile, to hand over the next one, waits as long; and the closure itself may be one of them.",
        &["03-executor/README.md#work-that-blocks"],
    ),
    entry(
        "over-the-bound",
        "More threads than allowed",
        "A thread costs memory and the system has only so many. A thousand calls at once must not be a \
         thousand threads: what is over the bound waits in a queue.",
        &["03-executor/README.md#work-that-blocks"],
    ),
    entry(
        "thread-per-call",
        "A new thread for every call",
        "To start a thread takes longer than most of the work that is handed over. A thread that has \
         finished takes the next call, if one comes soon.",
        &["03-executor/README.md#work-that-blocks"],
    ),
    entry(
        "blocking-call",
        "The call waits until somebody has time for it",
        "Whoever hands work over is a task on an executor's thread, and all other tasks of that thread wait with it. \
         What is over the bound goes into a queue, and the call returns.",
        &[
            "03-executor/README.md#work-that-blocks",
            "05-async-await/README.md#one-client-that-does-not-read",
        ],
    ),
    entry(
        "stopped-work",
        "Work that was handed over is not done",
        "Nobody can stop a closure from outside, and nobody should half do it: once handed over it runs, \
         whether its future is polled, dropped or forgotten.",
        &["03-executor/README.md#work-that-blocks"],
    ),
    entry(
        "does-not-yield",
        "Does not let the others run",
        "An executor gets its thread back only when a poll returns. A task that says it yields has to answer \
         Pending, and to be woken, so that it stands at the end of the queue.",
        &["03-executor/README.md#let-the-others-run"],
    ),
    entry(
        "starvation",
        "A ready task waits for ever",
        "A task that wakes itself in each poll is always ready. Who is ready already goes first: the order of \
         the queue is all that lets the others run.",
        &["03-executor/README.md#who-runs-next"],
    ),
    entry(
        "over-budget",
        "Polls more tasks than it was allowed to",
        "Between two turns somebody else has a turn: a main future, the timers, the sockets. The budget says how \
         many polls they wait for at most.",
        &["03-executor/README.md#run-until-the-work-is-done"],
    ),
    entry(
        "full-queue",
        "Waits for room in a queue that only it can empty",
        "An executor puts tasks into its queue itself: whenever a task that it polls wakes or spawns another. If \
         the queue is full, a `send` that blocks waits for a `recv` on the same thread.",
        &["03-executor/README.md#the-queue-that-filled-itself"],
    ),
    entry(
        "panics-when-full",
        "Panics because the queue is full",
        "Whoever wakes a task knows nothing of its queue, and can do nothing for it: the panic ends somebody \
         else's work, and the wake is lost with it. With one place for each task a queue needs no bound.",
        &["03-executor/README.md#the-queue-that-filled-itself"],
    ),
    entry(
        "wrong-thread",
        "A future that stays ran on another thread",
        "What is not Send may be touched by its own thread alone: an `Rc` counts without care for anybody \
         else. A task can travel; the future that it stands for cannot.",
        &["03-executor/README.md#futures-that-stay"],
    ),
    entry(
        "held-list",
        "Runs somebody else's code while its own list is borrowed",
        "A poll and a drop are somebody else's code. They may spawn, and that wants the same list: a \
         `RefCell` panics then. Take the future out, let the list go, and poll or drop after that.",
        &["03-executor/README.md#futures-that-stay"],
    ),
    entry(
        "cancelled-by-drop",
        "Dropping the handle ended the task",
        "A handle is for whoever wants to know how the task ends. Who does not drops it, and the task goes on: that \
         is what was promised here.",
        &["03-executor/README.md#what-comes-back"],
    ),
    entry(
        "second-worker",
        "A second thread has taken the wake, and done nothing with it",
        "Whoever takes a task from the queue takes its wake too. If another thread is polling the task just then, \
         the wake has to wait for the end of that poll, or to be left to whoever polls: it must not be dropped.",
        &["03-executor/README.md#queued-once"],
    ),
    // Events of the operating system.
    entry(
        "lost-edge",
        "An event is forgotten",
        "The selector says once that a source has become ready. Whatever comes while nobody waits, or between \
         a `WouldBlock` and the moment at which it is written down, has to be remembered: it is not said again.",
        &["04-reactor/README.md#who-waits-for-what"],
    ),
    entry(
        "waits-untried",
        "Waits before anything was tried",
        "What is ready already makes no event. Try first, and wait only after `WouldBlock`.",
        &["04-reactor/README.md#edges-not-levels"],
    ),
    entry(
        "lost-end",
        "The other side has closed, and that is forgotten",
        "A closed direction does not block any more: each call succeeds or fails at once, for ever. Its last event \
         may be all that is ever heard of it, so it makes the direction ready, and nothing takes that back.",
        &["04-reactor/README.md#who-waits-for-what"],
    ),
    entry(
        "clears-too-much",
        "Forgets the readiness of the other direction",
        "A read that says `WouldBlock` says nothing about writing. Whoever waits to write for an event that \
         has been and gone waits for ever.",
        &["04-reactor/README.md#reader-and-writer"],
    ),
    entry(
        "reused-id",
        "A number means two sources",
        "Events come in batches, and one of a source that is gone may still be on its way. If a new source \
         has its number by then, the event is taken for the new one's.",
        &["04-reactor/README.md#who-waits-for-what"],
    ),
    entry(
        "left-behind",
        "Something of what is gone stays behind",
        "Connections come and go for months. What each one leaves behind (a descriptor, an interest, a place in \
         the map, a waker) adds up.",
        &[
            "04-reactor/README.md#leaving",
            "05-async-await/README.md#exercises",
            "06-pinning/README.md#exercises",
        ],
    ),
    entry(
        "takes-anothers-waker",
        "Takes somebody else's waker along",
        "One place for a waker is enough, but it may be another's by now: of a read that was polled later. Who leaves \
         takes out what is his own, and nothing else. A number for each read, kept beside its waker, says whose it is.",
        &["04-reactor/README.md#leaving"],
    ),
    entry(
        "clones-under-lock",
        "Clones a waker under the map's lock",
        "A waker is somebody else's code, its `clone` too. What is handed over by value can be moved: into its \
         place, and out of it.",
        &["04-reactor/README.md#who-waits-for-what"],
    ),
    // Sockets.
    entry(
        "used-up-edge",
        "Waits for an event that has been",
        "Events are edges: the system says once that something has changed, and not again before it was used \
         up. What is left in the socket makes no event of its own: try first, and wait only after `WouldBlock`.",
        &["04-reactor/README.md#edges-not-levels"],
    ),
    entry(
        "lost-bytes",
        "Bytes have disappeared",
        "A stream gives each byte once, and takes each byte once. What was taken out of it has to be handed on, \
         and what it did not take has to be offered again.",
        &[
            "04-reactor/README.md#bytes-in-bytes-out",
            "05-async-await/README.md#exercises",
        ],
    ),
    entry(
        "reads-on",
        "Reads on after a read that gave something",
        "One read, one answer. What the next read would find, an error or the end, has no place beside the bytes, and is \
         lost if it is taken out with them. Leave it where it is: the next future reads it.",
        &["04-reactor/README.md#a-socket-as-a-future"],
    ),
    entry(
        "wrong-close",
        "Closes too little, or too much",
        "`close` ends what this side sends: the other one reads to the end, and may still answer. To do it again, or \
         where the connection is gone, is no mistake.",
        &[
            "04-reactor/README.md#bytes-in-bytes-out",
            "05-async-await/README.md#exercises",
            "06-pinning/README.md#exercises",
        ],
    ),
    entry(
        "taken-for-connected",
        "Takes an event for a connection",
        "A socket becomes writable when the call is decided, one way or the other, and sometimes for nothing. What \
         became of it says the socket: `take_error` why it failed, `peer_addr` whether there is somebody.",
        &["04-reactor/README.md#connecting-and-accepting"],
    ),
    entry(
        "callers-error",
        "One caller's error is given as the listener's",
        "Who has left again before he was served is his own affair. A server that takes that for an error of the \
         listener stops for everybody.",
        &[
            "04-reactor/README.md#connecting-and-accepting",
            "05-async-await/README.md#exercises",
        ],
    ),
    entry(
        "lost-connection",
        "A connection was taken, and given to nobody",
        "What `accept` of the system has given is out of its queue. If it is not handed on, the caller waits for an \
         answer of somebody who does not know of him.",
        &["04-reactor/README.md#connecting-and-accepting"],
    ),
    entry(
        "fatal-interrupt",
        "Takes an interruption for an error",
        "A call of the system can be interrupted by a signal, and has done nothing then. It is called again, as if \
         nothing had been.",
        &["04-reactor/README.md#ask-once-for-all"],
    ),
    entry(
        "needless-interrupt",
        "Calls the system although nobody sleeps",
        "Most wakes come from the loop itself, while it is awake, and it will look anyway before it sleeps. To ring the \
         selector's bell takes a call of the system, which is dearer than all the rest of a wake.",
        &["04-reactor/README.md#woken-while-asleep"],
    ),
    // Streams and sinks.
    entry(
        "polled-after-end",
        "A stream was asked after its end",
        "`None` is the last word of a stream. Asked once more it may panic, begin anew, or say `None` at once \
         for ever, and a loop around it takes a whole processor. Whoever asks has to remember the end.",
        &["05-async-await/README.md#values-one-after-the-other"],
    ),
    entry(
        "end-forgotten",
        "The end does not stay the end",
        "Whoever waits for a stream may ask it again after its end, a loop with several sources does. Pending \
         would be a promise of more, and another value is one out of nowhere.",
        &[
            "05-async-await/README.md#values-one-after-the-other",
            "06-pinning/README.md#exercises",
        ],
    ),
    entry(
        "false-hint",
        "A `size_hint` that is not true",
        "Callers make room by it, or stop at the count that it gives. Who leaves values out, or cannot know how many come, \
         has 0 for a lower bound; the default (0 and no upper bound) is always true.",
        &["05-async-await/README.md#values-one-after-the-other"],
    ),
    entry(
        "ends-too-early",
        "Ends before its source",
        "A value that is not wanted is no end, and neither is a source that has nothing yet. Whoever reads stops at \
         `None`, and what comes after it is never read.",
        &["05-async-await/README.md#values-one-after-the-other"],
    ),
    entry(
        "reads-ahead",
        "Takes more than it was asked for",
        "What is not asked for stays where it is: in the channel, in the socket, at the sender. That is all the \
         back-pressure that there is, and what was taken out too early is lost with whoever took it.",
        &["05-async-await/README.md#values-one-after-the-other"],
    ),
    entry(
        "lost-item",
        "A value was taken and not given",
        "A future may be dropped whenever it is Pending. What it has taken out of a stream or a channel by then is \
         gone: take it in the poll that gives it, or keep it where it outlives the future.",
        &["05-async-await/README.md#values-one-after-the-other"],
    ),
    entry(
        "cancel-unsafe",
        "Not cancel-safe: what it had read went with the future",
        "A race drops the future that loses, wherever it is just waiting. Its local variables go with it, and with them \
         every byte that it had taken out of the connection: the next read begins in the middle.",
        &["05-async-await/README.md#dropped-in-the-middle"],
    ),
    entry(
        "closure-order",
        "The closure is called at another time, or with other values",
        "A closure may count, write, or keep what it sees. It sees each value once, in the order in which they come, \
         and not before somebody asks for them.",
        &["05-async-await/README.md#values-one-after-the-other"],
    ),
    entry(
        "hogs-the-thread",
        "One poll goes on for as long as there is something",
        "A loop that throws values away is right, and usually short. A source that always has one more keeps the \
         thread from all other tasks: after a while, wake yourself and answer Pending.",
        &["05-async-await/README.md#values-one-after-the-other"],
    ),
    // Timers.
    entry(
        "early-timer",
        "A timer fires before its time",
        "Who sleeps for a second relies on a second having passed, to the last nanosecond of it. What is not due yet \
         stays: if times are rounded, they are rounded up.",
        &["04-reactor/README.md#timers-without-threads"],
    ),
    entry(
        "not-the-earliest",
        "Something else comes before the earliest timer",
        "The loop sleeps until the time that it is told, and everything that is due before that is late. `BinaryHeap` \
         gives out the largest: `Reverse` turns that round. And a timer that comes last may be the first.",
        &["04-reactor/README.md#timers-without-threads"],
    ),
    entry(
        "deadline-mismatch",
        "`next_deadline` and `fire` do not agree",
        "The loop sleeps until `next_deadline`, and calls `fire` with just that time. If nothing is due then, it goes round \
         again, and does not sleep. What is due exactly now is due, and a deadline that is rounded is rounded up.",
        &["04-reactor/README.md#timers-without-threads"],
    ),
    entry(
        "stale-deadline",
        "Gets up for a timer that is gone",
        "Most timers are cancelled before their time. If each of them leaves its time behind, the loop gets \
         up as often for nothing.",
        &["04-reactor/README.md#timers-without-threads"],
    ),
    entry(
        "fires-again",
        "A timer that is gone is still there",
        "A timer ends once: it fires, or it is removed. Whoever comes after that with its key has to learn that it is \
         over, or he waits for a wake that will not come.",
        &["04-reactor/README.md#timers-without-threads"],
    ),
    entry(
        "wrong-waker",
        "Another waker than the timer's own",
        "Wakers go in and out by value, each with its timer: what comes out is what the latest call has put in. The \
         owner drops it, or wakes it, when no lock is held any more.",
        &["04-reactor/README.md#timers-without-threads"],
    ),
    entry(
        "reused-key",
        "An old key leads to another timer",
        "When a timer has fired, its owner still has the key, and its place may be another one's by then. A number \
         that no other timer has tells the two apart.",
        &["04-reactor/README.md#timers-without-threads"],
    ),
    entry(
        "wrong-count",
        "Counts timers that are gone, or forgets some",
        "What `len` counts are the timers that can still fire. Who drops a sleep looks there whether anything has \
         stayed behind.",
        &["04-reactor/README.md#timers-without-threads"],
    ),
    entry(
        "cancelled-stays",
        "A timer that is gone keeps its place",
        "A time limit is set for every request, and cancelled a moment later. If its place is free only when its time \
         comes, a busy server keeps those of the whole last hour.",
        &["04-reactor/README.md#timers-without-threads"],
    ),
    entry(
        "restarted-timeout",
        "Waits longer than it was told",
        "What has been waited before a signal came is gone. Whoever waits the whole time again, each time, \
         comes back late, and with a signal every second never.",
        &["04-reactor/README.md#ask-once-for-all"],
    ),
    entry(
        "early-return",
        "Comes back before its time, with nothing",
        "A caller that has to wait asks again at once, and again: a processor is busy with waiting.",
        &["04-reactor/README.md#ask-once-for-all"],
    ),
    entry(
        "swallowed-error",
        "An error of the system has disappeared",
        "A source that is not looked after makes no events, and whoever waits for one waits for ever. The caller has to \
         learn of it: give the error on.",
        &[
            "04-reactor/README.md#ask-once-for-all",
            "05-async-await/README.md#exercises",
            "06-pinning/README.md#states-as-types",
        ],
    ),
    // The loop.
    entry(
        "oversleeps",
        "Sleeps past the next timer",
        "Nothing but the time limit of the sleep tells the loop that a timer is due. It is the time that is left until \
         the earliest one, asked for anew before each sleep.",
        &["04-reactor/README.md#one-loop"],
    ),
    entry(
        "looks-when-idle",
        "Waits for a quiet moment that never comes",
        "Tasks that wake each other are always ready, and a main future that wakes itself is always woken. So a turn of \
         tasks has a bound; and whether something is ready or not, timers and `done` have their turn after it, and the \
         sockets after a few rounds at the latest.",
        &["04-reactor/README.md#one-loop"],
    ),
    entry(
        "sleeps-undone",
        "Sleeps without having asked whether all is done",
        "What `done` waits for may have come about in this very round, by a task or a timer, and then nobody will wake the \
         loop for it. Ask `done` after these, and before the sleep.",
        &["04-reactor/README.md#one-loop"],
    ),
    entry(
        "call-per-poll",
        "A call of the system for each poll",
        "To ask the selector costs as much as to poll several tasks. It has to be asked now and then, not after every \
         task: a round of tasks shares one call.",
        &["04-reactor/README.md#one-loop"],
    ),
    // HTTP.
    entry(
        "waits-for-the-close",
        "Waits for the end of the connection, not of the answer",
        "An answer ends where its head says, and the connection stays open for the next request. Whoever reads until \
         the server closes waits until one of them loses patience.",
        &["05-async-await/README.md#one-request-one-answer"],
    ),
    entry(
        "one-read-one-message",
        "Takes one read for one message",
        "A stream of bytes has no seams: a read gives what is there just then, a byte or half a message. Only the \
         message itself says where it ends.",
        &["05-async-await/README.md#one-request-one-answer"],
    ),
    entry(
        "cut-short",
        "Takes a part for the whole",
        "A connection can end in the middle of a message: a server crashes, a proxy gives up. Half a file that counts as \
         a whole one is found out much later, by somebody else.",
        &["05-async-await/README.md#one-request-one-answer"],
    ),
    entry(
        "interim-answer",
        "Takes a notice for the answer",
        "An answer with a status of 100 to 199 says that the real one is still to come. Whoever takes it for that \
         gets each later answer one request too late.",
        &["05-async-await/README.md#one-request-one-answer"],
    ),
    entry(
        "used-connection",
        "Goes on with a connection that has served",
        "What comes next on it is the end, or the answer to somebody else's question. A client cannot tell that from \
         its own: it has to know beforehand that the connection is of no more use.",
        &["05-async-await/README.md#one-request-one-answer"],
    ),
    entry(
        "thrown-away-connection",
        "Gives up a connection that could serve again",
        "To connect takes a round trip at least, and three with encryption. An answer that was read to its last byte \
         leaves its connection as it was before the request.",
        &["05-async-await/README.md#one-request-one-answer"],
    ),
    entry(
        "zero-write",
        "Goes on where a write takes nothing",
        "A write that takes no byte at all is no progress and no promise: nobody will wake, and the next one takes nothing, \
         too. It is an error: `WriteZero`.",
        &["05-async-await/README.md#ready-then-send"],
    ),
    entry(
        "sends-in-start",
        "`start_send` asks the writer",
        "`start_send` only queues: it is given no waker, and a writer that has to wait would wake nobody. The polls write.",
        &["05-async-await/README.md#ready-then-send"],
    ),
    entry(
        "not-flushed",
        "What was written is not flushed",
        "A writer may keep what it is given until there is enough of it to be worth a call, or a packet. Whoever \
         waits for an answer to it waits for what was never sent: flush first.",
        &[
            "05-async-await/README.md#ready-then-send",
            "05-async-await/README.md#one-request-one-answer",
            "06-pinning/README.md#exercises",
        ],
    ),
    // Channels.
    entry(
        "silent-close",
        "One side is gone, and the other does not hear of it",
        "Both sides of a channel may go away at any time, and whoever waits for the one that went waits for \
         ever. Its end is an answer too: it wakes all who wait, and they find it.",
        &[
            "05-async-await/README.md#one-value-once",
            "05-async-await/README.md#many-values-and-back-pressure",
        ],
    ),
    entry(
        "lost-value",
        "A value was lost",
        "What a channel has taken arrives, as long as somebody receives. What it has not taken goes back to the \
         caller, who may try elsewhere.",
        &[
            "05-async-await/README.md#one-value-once",
            "05-async-await/README.md#many-values-and-back-pressure",
            "06-pinning/README.md#exercises",
        ],
    ),
    entry(
        "leaked-value",
        "A value that nobody can receive is kept",
        "A value may hold a lock, a connection, or the sender of an answer that somebody waits for. When its \
         receiver is gone, it goes too.",
        &[
            "05-async-await/README.md#one-value-once",
            "05-async-await/README.md#many-values-and-back-pressure",
        ],
    ),
    entry(
        "no-back-pressure",
        "Takes more than there is room for",
        "A fast producer has to wait for a slow consumer. If it need not, what lies between the two grows until \
         memory is full.",
        &["05-async-await/README.md#many-values-and-back-pressure"],
    ),
    entry(
        "lost-room",
        "Room that nobody can use any more",
        "A place that was given to a sender belongs to the next one if that sender is dropped. A place that is \
         lost never comes back: with the last of them, everybody waits for ever.",
        &["05-async-await/README.md#many-values-and-back-pressure"],
    ),
    entry(
        "sent-by-cancelled",
        "A send that was cancelled has sent",
        "Whoever drops a future before it is ready may do the same again: with a deadline, for example. What it \
         had already done would then be done twice.",
        &[
            "05-async-await/README.md#many-values-and-back-pressure",
            "05-async-await/README.md#dropped-in-the-middle",
        ],
    ),
    // Locks that tasks wait for.
    entry(
        "lost-lock",
        "The lock is lost with a waiter that is gone",
        "Waits are dropped all the time: by a time limit, by a race that another one wins. If the lock goes to one that \
         is gone, or stays with it, it is never open again, and everybody else waits for ever.",
        &["05-async-await/README.md#a-lock-that-waits"],
    ),
    entry(
        "place-left",
        "Who gives up keeps its place",
        "Under a time limit tasks give up and come back, again and again. A queue that keeps those who are gone grows \
         as long as somebody works, and whoever unlocks has to look through all of them.",
        &["05-async-await/README.md#a-lock-that-waits"],
    ),
    entry(
        "lock-across-await",
        "A lock of threads is held across an await",
        "While a task waits, its thread runs others. One of those asks for the same lock, the thread stops, and with \
         it the task that would unlock. A lock that is held across an await has to be one that tasks wait for.",
        &["05-async-await/README.md#a-lock-across-an-await"],
    ),
    entry(
        "futurelock",
        "Waits behind a future that it does not poll any more",
        "A future that stands in a queue keeps its place as long as it lives, also if nobody polls it. When its turn comes \
         it is given the lock, and does nothing with it. Go on polling it, or drop it, before you ask yourself.",
        &["05-async-await/README.md#a-lock-across-an-await"],
    ),
    entry(
        "mixed-lines",
        "Two tasks write at the same time",
        "At each await another task may run. What has to stay together, and takes more than one await, needs a lock that \
         is kept from its beginning to its end.",
        &["05-async-await/README.md#a-lock-across-an-await"],
    ),
    entry(
        "half-written",
        "Given up in the middle",
        "A future can be dropped at every await, and what it has done so far stays done. Whoever is in the middle of \
         something that has to be whole must be let finish.",
        &["05-async-await/README.md#a-lock-across-an-await"],
    ),
    entry(
        "not-send",
        "Cannot move to another thread",
        "A thread pool goes on with a task on any of its threads, and what the task keeps across an await goes along. An \
         `Rc`, an `Arc<RefCell>` (two threads could borrow at once), a guard of std's mutex and a `Box<dyn Error>` may not.",
        &["05-async-await/README.md#what-a-task-carries"],
    ),
    // Loops that wait for several things.
    entry(
        "restarted-deadline",
        "Each turn has a deadline of its own",
        "A time limit that begins anew whenever something happens is none: whoever sends a byte a second keeps the loop \
         for ever. Make the timer before the loop, and poll the same one in each turn.",
        &["05-async-await/README.md#the-first-of-two"],
    ),
    entry(
        "starved-branch",
        "A branch that is always ready keeps the others waiting",
        "A race that polls in a fixed order and begins anew with each turn never comes to the second one, as long as the \
         first has something. What must not wait goes first.",
        &["05-async-await/README.md#the-first-of-two"],
    ),
    // What the compiler rejects, and ways round it.
    entry(
        "borrowed-too-long",
        "Borrowed from what ends sooner",
        "A future runs later than the call that makes it, and what that call owns is gone by then. What the \
         future uses it has to own, or to share with an owner that lives as long.",
        &["05-async-await/README.md#borrow-or-own"],
    ),
    entry(
        "missing-move",
        "An async block that borrows its surroundings",
        "Like a closure, an async block borrows what it uses unless it says `move`. A task lives on when the \
         function around its block has returned.",
        &["05-async-await/README.md#borrow-or-own"],
    ),
    entry(
        "used-after-move",
        "Given away, and used again",
        "What was moved into one future is gone for everybody else. Where several need it, each gets an owner of \
         its own: a clone, or an `Arc`.",
        &["05-async-await/README.md#borrow-or-own"],
    ),
    entry(
        "unsafe-way-out",
        "Promised instead of mended",
        "`unsafe` turns off the check, and what was wrong stays wrong: the value still changes threads, or \
         still ends too soon. Now it is found out at run time, or never.",
        &[
            "05-async-await/README.md#what-a-task-carries",
            "06-pinning/README.md#a-list-through-the-futures",
        ],
    ),
    entry(
        "leaked-for-ever",
        "Leaked to live long enough",
        "What is leaked lives for ever, so it can be borrowed for ever: and each call leaves one more behind. \
         What a task needs goes when the task goes.",
        &["05-async-await/README.md#borrow-or-own"],
    ),
    entry(
        "accepted-program",
        "The compiler accepts it",
        "The program is to be rejected. What the compiler lets pass breaks no rule, however odd it looks.",
        &["06-pinning/README.md#what-the-compiler-says"],
    ),
    entry(
        "other-error",
        "Rejected with another error",
        "The program is to break one rule and no other: then the compiler has one thing to say, and the code \
         names the rule.",
        &["06-pinning/README.md#what-the-compiler-says"],
    ),
    entry(
        "other-reason",
        "Rejected for another reason",
        "One code stands for a whole family of errors. The words and the place say which rule was broken.",
        &["06-pinning/README.md#what-the-compiler-says"],
    ),
    entry(
        "not-smallest",
        "More than the error needs",
        "A small program shows what an error is about. Leave out whatever the error does not need.",
        &["06-pinning/README.md#what-the-compiler-says"],
    ),
    // Servers.
    entry(
        "head-of-line",
        "One client keeps the others waiting",
        "Who is slow, silent or gone is one client of many. Where one task waits for him, with the listener, a lock or \
         the others' messages in its hands, everybody waits.",
        &[
            "05-async-await/README.md#one-server-many-designs",
            "05-async-await/README.md#one-client-that-does-not-read",
        ],
    ),
    entry(
        "no-answer",
        "A client gets no answer",
        "He has said all that he has to say, and waits. If nothing else happens, he waits for ever.",
        &["05-async-await/README.md#one-server-many-designs"],
    ),
    entry(
        "lost-update",
        "A change is lost: two have seen the same value",
        "At each `await` others run, and on other threads at any moment. What was read before is old by then, and written \
         back it undoes what they did. Read and write in one step, under one lock or in one atomic, with no `await` in between.",
        &["05-async-await/README.md#one-server-many-designs"],
    ),
    entry(
        "skipped-number",
        "A number that nobody has got",
        "What is counted are requests. A client that connects may leave before he asks: take the number when there is \
         somebody to give it to.",
        &["05-async-await/README.md#one-server-many-designs"],
    ),
    entry(
        "stops-serving",
        "One error ends it for everybody",
        "Clients vanish, connections break, descriptors run out, every day. Each of that is the affair of one \
         connection: its task ends, and the server goes on.",
        &[
            "05-async-await/README.md#one-server-many-designs",
            "05-async-await/README.md#one-client-that-does-not-read",
        ],
    ),
    entry(
        "no-limit",
        "Memory without a limit",
        "What others send, and what they do not take, grows as long as they like. Each line and each queue needs a \
         limit, and an answer to what lies beyond it.",
        &[
            "05-async-await/README.md#one-server-many-designs",
            "05-async-await/README.md#one-client-that-does-not-read",
        ],
    ),
    entry(
        "other-limit",
        "Another limit than the one that is promised",
        "A limit is a part of the protocol: both sides count on it. One that is larger costs memory for each client that \
         keeps within it, and one that is smaller sends away who did nothing wrong.",
        &["05-async-await/README.md#one-server-many-designs"],
    ),
    entry(
        "silent-loss",
        "Messages are lost, and nobody is told",
        "Who reads too slowly for his queue has to miss something. Told how many, he can ask for them, or show a gap. \
         Not told, he takes what he has for all there is.",
        &["05-async-await/README.md#one-client-that-does-not-read"],
    ),
    entry(
        "loses-the-newest",
        "Keeps the old messages, and loses the new ones",
        "Who wakes up wants to know how things are now. A full queue that takes nothing more keeps what is worth least.",
        &["05-async-await/README.md#one-client-that-does-not-read"],
    ),
    entry(
        "loses-too-much",
        "Loses messages that could have been kept",
        "A limit is a promise, too: who is no further behind than that misses nothing.",
        &["05-async-await/README.md#one-client-that-does-not-read"],
    ),
    entry(
        "joins-too-late",
        "In the group only after a poll",
        "To spawn a task is to queue it. What has to be so when the call returns is done by the call itself, and what \
         comes of it is moved into the task.",
        &["05-async-await/README.md#one-client-that-does-not-read"],
    ),
    entry(
        "hears-after-leaving",
        "Has left, and still hears everything",
        "To drop a `JoinHandle` is to let the task go on. What is to end with its owner has to be aborted in the owner's \
         `Drop`, or to find out by itself.",
        &["05-async-await/README.md#one-client-that-does-not-read"],
    ),
    entry(
        "task-panics",
        "A task panics where a client is at fault",
        "The executor catches it, and nobody looks at the handle, so it does no harm here. But a client can have it \
         printed as often as he likes, and a lock that is held then is poisoned: give the error on with `?`.",
        &["05-async-await/README.md#one-server-many-designs"],
    ),
    // The end of a server.
    entry(
        "no-pause",
        "Asks again at once after an error",
        "Where a system has no descriptors left, each accept fails, and at once, until somebody goes. Who asks again without \
         a pause takes a whole processor for it, and does so inside one poll, where nobody else of the thread has a turn.",
        &["05-async-await/README.md#an-orderly-end"],
    ),
    entry(
        "not-the-tests-time",
        "Looks at another clock than the one that its timers have",
        "The clock of the tests is that of `sleep` and `timeout`: it moves when the test says so, and `Instant` does not. \
         One `timeout` around the whole wait needs no look at a clock.",
        &["05-async-await/README.md#an-orderly-end"],
    ),
    entry(
        "lets-in-after-the-end",
        "Lets somebody in after the end has begun",
        "Whoever is let in has to be served, and the end waits for him. If the door is looked at first, a crowd that keeps \
         coming puts the end off for ever.",
        &["05-async-await/README.md#an-orderly-end"],
    ),
    entry(
        "door-left-open",
        "Whoever calls after the end is left waiting",
        "As long as the listener is there, the system takes calls for it, and the callers wait for an answer that \
         nobody will give. When it is gone they are refused at once, and can try elsewhere.",
        &["05-async-await/README.md#an-orderly-end"],
    ),
    entry(
        "cut-off-early",
        "Throws out who is being served",
        "A request that was accepted may have done its work already. If the answer is lost, the client does not know \
         that, and asks again. The grace is there for just those.",
        &["05-async-await/README.md#an-orderly-end"],
    ),
    entry(
        "waits-for-idle",
        "Waits for connections on which nothing happens",
        "Clients keep connections open without a word. They are told of the end while they wait for a request, or each \
         end takes as long as the grace.",
        &["05-async-await/README.md#an-orderly-end"],
    ),
    entry(
        "outlives-the-grace",
        "A connection outlives the grace",
        "Some requests never end. When the time is over their futures have to be dropped, or the server hangs, and what \
         they hold is never given back.",
        &["05-async-await/README.md#an-orderly-end"],
    ),
    entry(
        "miscounted",
        "Counts somebody who has gone, or misses somebody who is there",
        "A task can end at any await: its future is dropped, or it panics. No line of code behind that await runs then, \
         but each `Drop` does. So what counts has to be a value that lives as long as the work, from its very beginning.",
        &[
            "05-async-await/README.md#dropped-in-the-middle",
            "05-async-await/README.md#an-orderly-end",
        ],
    ),
    // What may not move.
    entry(
        "dangling-pointer",
        "The pointer leads to where the value was",
        "Every move changes the address: a return, a box, an assignment. A pointer that was set before the last move \
         leads to memory that is used for something else by now; to follow it is undefined behaviour, and may well print the right thing.",
        &["06-pinning/README.md#a-pointer-into-itself"],
    ),
    entry(
        "unset-pointer",
        "No pointer",
        "The value points to itself only once its pointer is set, which can be done when it is pinned and not before.",
        &["06-pinning/README.md#a-pointer-into-itself"],
    ),
    entry(
        "still-movable",
        "Pinned, and movable all the same",
        "For a type that is Unpin, a Pin is an ordinary reference: safe code gets a &mut from it and moves the value away.",
        &[
            "06-pinning/README.md#a-pointer-into-itself",
            "06-pinning/README.md#an-unpin-that-lies",
        ],
    ),
    entry(
        "needlessly-pinned",
        "Pinned without a reason",
        "A type is Unpin if all its fields are. One that is not although they are cannot be used where something has to be moved, and there is no reason for it.",
        &["06-pinning/README.md#from-the-pin-to-a-field"],
    ),
    entry(
        "wasted-room",
        "Room for what is never there",
        "A future that has two others one after the other needs room for one of them: that is what an enum is. Every byte is paid for by each task that has such a future.",
        &["06-pinning/README.md#projection-without-unsafe"],
    ),
    entry(
        "cleanup-too-early",
        "Cleaned up too early",
        "A cleanup relies on the end of what it cleans up after: a file that is deleted while it is open, a lock that is given back while the guard's owner lives.",
        &["06-pinning/README.md#dropped-where-it-lies"],
    ),
    entry(
        "forgotten-cleanup",
        "Not cleaned up",
        "A future ends in more than one way: it is ready, it is dropped in the middle, it panics. What is to be done at its end has to be done in each.",
        &["06-pinning/README.md#dropped-where-it-lies"],
    ),
    entry(
        "doubled-cleanup",
        "Cleaned up twice",
        "What is given back twice is given to two: a permit, a place in a list, a descriptor's number.",
        &["06-pinning/README.md#dropped-where-it-lies"],
    ),
    entry(
        "other-steps",
        "Not what the function does",
        "A state machine by hand is right if nobody can tell it from the function: every effect, every poll of what is awaited, in the same order.",
        &["06-pinning/README.md#what-the-compiler-makes-of-async"],
    ),
    entry(
        "effect-twice",
        "Done again with each poll",
        "What comes before an await happens once, however often the await is polled: whoever goes on in a state must not begin it anew.",
        &["06-pinning/README.md#what-the-compiler-makes-of-async"],
    ),
    entry(
        "grows-the-stack",
        "Deeper with each round",
        "A poll that calls itself to go on needs another piece of the stack for each step, and as many steps as are ready are taken in one poll. A loop around the `match` takes them in one place.",
        &["06-pinning/README.md#what-the-compiler-makes-of-async"],
    ),
    entry(
        "early-link",
        "In the list before it is pinned",
        "A future that was just made is about to be moved: to the caller, into a variable, into a box. A pointer to it is wrong after the next of these moves. At the first poll it is pinned.",
        &["06-pinning/README.md#a-list-through-the-futures"],
    ),
    entry(
        "dangling-node",
        "A list that leads to what is gone",
        "A list of pointers holds nobody alive. Each future has to take itself out before its memory is gone, in its Drop, and tell both neighbours and the list.",
        &["06-pinning/README.md#a-list-through-the-futures"],
    ),
    entry(
        "broken-list",
        "A broken list",
        "A list is right if it does what a queue does, whoever leaves from wherever. A link that is forgotten shows much later, and somewhere else.",
        &["06-pinning/README.md#a-list-through-the-futures"],
    ),
    entry(
        "wrong-turn-compiles",
        "A wrong turn compiles",
        "A state that is a type is worth the trouble only if it forbids something: what is not a step must have no method there, and who has gone on must not be able to go back.",
        &["06-pinning/README.md#states-as-types"],
    ),
    entry(
        "missing-turn",
        "A step is missing",
        "Each state has the methods that the picture of the conversation shows: without one of them, it cannot go on from there.",
        &["06-pinning/README.md#states-as-types"],
    ),
    entry(
        "kept-too-long",
        "Dropped too late, or not at all",
        "What a future holds (a lock, a connection, memory) is held until it is dropped. What is over is dropped where it lies, before \
         what comes next begins.",
        &["06-pinning/README.md#exercises"],
    ),
    entry(
        "needless-box",
        "Allocates what could lie in place",
        "A future can have others in itself, and each box costs an allocation and a pointer to follow. To do without is what pinning is good for.",
        &["06-pinning/README.md#exercises"],
    ),
    entry(
        "skips-one",
        "One of many was not polled",
        "Each of them is pending until it is polled, and it was woken for that. Where one is taken out of the list, the next one stands in its place.",
        &["06-pinning/README.md#two-places-to-stay"],
    ),
    entry(
        "copied-pointer",
        "A copy points into the original",
        "A pointer into a value is right in that value only. A copy of it is a pointer to somebody else, who may go at any time, and safe code can make one.",
        &["06-pinning/README.md#exercises"],
    ),
    entry(
        "moved-while-pinned",
        "Moved after it was pinned",
        "From its first poll on, a future may have pointers into itself, or be pointed to by others: it must stay where it is. \
         A move that changes nothing today is undefined behaviour with the next future.",
        &["06-pinning/README.md#from-the-pin-to-a-field"],
    ),
    entry(
        "dropped-elsewhere",
        "Moved to be dropped",
        "What is pinned is dropped where it lies: its destructor may have to take it out of a list that points there. \
         `take()` and `replace` move it first; `Pin::set` drops it in its place.",
        &["06-pinning/README.md#dropped-where-it-lies"],
    ),
    // About the exercise itself.
    entry(
        "unfinished",
        "Not written yet",
        "A part of the skeleton that still says `todo!` was reached.",
        &[
            "01-simple-future/README.md#exercises",
            "02-waker-timer/README.md#exercises",
            "03-executor/README.md#exercises",
            "04-reactor/README.md#exercises",
            "05-async-await/README.md#exercises",
            "06-pinning/README.md#exercises",
        ],
    ),
    entry(
        "panicked",
        "Panicked",
        "`poll` may be called again after every Pending, and nobody here polls after Ready. The usual \
         cause is an `unwrap` of something that an earlier poll has taken.",
        &[
            "01-simple-future/README.md#pending-is-a-promise",
            "02-waker-timer/README.md#poll-wait-wake",
            "03-executor/README.md#a-task-is-what-a-waker-wakes",
            "04-reactor/README.md#exercises",
            "05-async-await/README.md#exercises",
            "06-pinning/README.md#exercises",
        ],
    ),
    entry(
        "no-prediction",
        "Nothing predicted yet",
        "Write one line for each thing that you expect to happen, in order.",
        &[
            "01-simple-future/README.md#exercises",
            "02-waker-timer/README.md#exercises",
            "03-executor/README.md#exercises",
            "04-reactor/README.md#exercises",
            "05-async-await/README.md#exercises",
            "06-pinning/README.md#exercises",
        ],
    ),
    entry(
        "wrong-prediction",
        "Not the run that happens",
        "Whoever can say at every line why just this comes next has understood the run. Follow it by hand up to this \
         place.",
        &[
            "01-simple-future/README.md#both-at-once",
            "02-waker-timer/README.md#poll-wait-wake",
            "03-executor/README.md#who-runs-next",
            "04-reactor/README.md#edges-not-levels",
            "05-async-await/README.md#exercises",
            "06-pinning/README.md#exercises",
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
            "03-executor/README.md#exercises",
            "04-reactor/README.md#exercises",
            "05-async-await/README.md#exercises",
            "06-pinning/README.md#exercises",
        ],
    ),
];
