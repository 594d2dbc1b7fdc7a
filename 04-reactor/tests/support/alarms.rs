//! Timers with a name each, and the rules for when they fire.

use std::{
    sync::Arc,
    task::{Wake, Waker},
    time::{Duration, Instant},
};

use course::Recorder;
use reactor::{TimerKey, Timers};

/// How late a timer may be.
pub const LATE: Duration = Duration::from_millis(10);

/// The structure under test, the time, and which timers there are.
pub struct Alarms {
    recorder: Recorder,
    pub timers: Timers,
    pub start: Instant,
    now: Instant,
    alarms: Vec<Alarm>,
    /// Whether one was removed: it may have left its time behind.
    removed: bool,
}

struct Alarm {
    name: String,
    when: Instant,
    /// Where its waker points: no two wakers that are alive point to one place.
    waker: Waker,
    /// Whether it can still fire.
    there: bool,
}

/// A waker that wakes nobody.
struct Nobody(#[allow(dead_code, reason = "so that each has an address of its own")] u8);

impl Wake for Nobody {
    fn wake(self: Arc<Self>) {}
}

fn a_waker() -> Waker {
    Waker::from(Arc::new(Nobody(0)))
}

impl Alarms {
    pub fn new(recorder: &Recorder) -> Self {
        // Not the present: who asks the system for the time, and not the caller, is a fortnight early.
        let start = Instant::now() + Duration::from_secs(14 * 24 * 3600);
        Alarms {
            recorder: recorder.clone(),
            timers: Timers::new(start),
            start,
            now: start,
            alarms: Vec::new(),
            removed: false,
        }
    }

    /// Sets a timer, so long after the start.
    pub fn set(&mut self, name: impl Into<String>, after: Duration) -> TimerKey {
        let name = name.into();
        (self.recorder).note(format!("{name} is set, for {after:?} after the start"));
        self.set_at(name, self.start + after)
    }

    /// Sets a timer, without a note.
    pub fn set_at(&mut self, name: String, when: Instant) -> TimerKey {
        let waker = a_waker();
        self.alarms.push(Alarm {
            name,
            // One that is past is due now, and no earlier than others that are.
            when: when.max(self.now),
            waker: waker.clone(),
            there: true,
        });
        self.timers.insert(when, waker)
    }

    /// Exchanges the waker of a timer that is there.
    ///
    /// Fails with `wrong-waker`.
    pub fn change(&mut self, name: &str, key: &TimerKey) {
        self.recorder.note(format!("{name} gets another waker"));
        let new = a_waker();
        let set = self.timers.set_waker(key, new.clone());
        let alarm = self.alarm(name);
        let old = std::mem::replace(&mut alarm.waker, new);
        match set {
            Ok(waker) if waker.data() == old.data() => {}
            Ok(_) => self.recorder.fail(
                "wrong-waker",
                format!("`set_waker` for {name} has given back another waker than the one that was there"),
            ),
            Err(_) => self.recorder.fail(
                "wrong-waker",
                format!("{name} has not fired, and `set_waker` has refused the new waker"),
            ),
        }
    }

    /// Takes out a timer that is there.
    ///
    /// Fails with `wrong-waker`.
    pub fn remove(&mut self, name: &str, key: TimerKey) {
        self.recorder.note(format!("{name} is removed"));
        let removed = self.timers.remove(key);
        let alarm = self.alarm(name);
        alarm.there = false;
        match removed {
            Some(waker) if waker.data() == alarm.waker.data() => {}
            Some(_) => self.recorder.fail(
                "wrong-waker",
                format!("`remove` of {name} has given back a waker that is not {name}'s latest"),
            ),
            None => self.recorder.fail(
                "wrong-waker",
                format!("{name} has not fired, and `remove` has given back no waker"),
            ),
        }
        self.removed = true;
    }

    /// Makes it so much time after the start, and fires.
    ///
    /// Fails with `early-timer`, `lost-wakeup`, `fires-again`, `wrong-waker` or `not-the-earliest`.
    pub fn at(&mut self, after: Duration) {
        (self.recorder).note(format!("it is {after:?} after the start"));
        self.fire(self.start + after);
    }

    /// As [`at`](Self::at), without a note. Tells how many have fired.
    pub fn fire(&mut self, now: Instant) -> usize {
        self.now = now;
        let mut fired = Vec::new();
        self.timers.fire(now, &mut fired);
        let mut before: Option<(String, Instant)> = None;
        for waker in &fired {
            let (name, when) = self.fires(waker);
            if let Some((before, later)) = &before
                && *later > when + LATE
            {
                let (later, when) = (self.after(*later), self.after(when));
                self.recorder.fail(
                    "not-the-earliest",
                    format!(
                        "{before}, due at {later:?}, came before {name}, which was due at {when:?}"
                    ),
                );
            }
            before = Some((name, when));
        }
        self.must_miss_none();
        fired.len()
    }

    /// The rules for one that fires. Tells its name and its time.
    fn fires(&mut self, waker: &Waker) -> (String, Instant) {
        let mine = |alarm: &&mut Alarm| alarm.waker.data() == waker.data();
        let Some(alarm) = self.alarms.iter_mut().find(mine) else {
            self.recorder.fail(
                "wrong-waker",
                "`fire` has given a waker that no timer had any more",
            );
        };
        let (name, when) = (alarm.name.clone(), alarm.when);
        let there = std::mem::replace(&mut alarm.there, false);
        self.recorder.note(format!("{name} fires"));
        if !there {
            self.recorder.fail(
                "fires-again",
                format!("{name} has fired before, or was removed, and now it fires"),
            );
        }
        if when > self.now {
            let (when, now) = (self.after(when), self.after(self.now));
            self.recorder.fail(
                "early-timer",
                format!("{name} is due {when:?} after the start, and has fired at {now:?}"),
            );
        }
        (name, when)
    }

    fn must_miss_none(&self) {
        let overdue = |alarm: &&Alarm| alarm.there && alarm.when + LATE <= self.now;
        if let Some(alarm) = self.alarms.iter().find(overdue) {
            let (name, when, now) = (&alarm.name, self.after(alarm.when), self.after(self.now));
            self.recorder.fail_reading(
                "timers-without-threads",
                "lost-wakeup",
                format!(
                    "{name} was due {when:?} after the start; it is {now:?}, and `fire` has not given its waker"
                ),
            );
        }
    }

    /// The rules for `next_deadline`, `len` and `is_empty`.
    ///
    /// Fails with `not-the-earliest`, `deadline-mismatch` or `wrong-count`; advises `stale-deadline`.
    pub fn must_know_what_is_next(&self) {
        self.must_count();
        let there = self.alarms.iter().filter(|alarm| alarm.there);
        let earliest = there.min_by_key(|alarm| alarm.when);
        let deadline = self.timers.next_deadline();
        let expected = earliest.map_or("there is none".into(), |alarm| {
            let when = self.after(alarm.when);
            format!("the earliest timer is {}, due at {when:?}", alarm.name)
        });
        let said = deadline.map(|deadline| self.after(deadline));
        let seen = format!("{expected}, and `next_deadline` says {said:?}");
        let early = match (earliest, deadline) {
            (None, None) => false,
            (None, Some(_)) => true,
            (Some(_), None) => self.recorder.fail("not-the-earliest", seen),
            (Some(alarm), Some(deadline)) if deadline > alarm.when + LATE => {
                self.recorder.fail("not-the-earliest", seen)
            }
            // What is past is due now, however it is put.
            (Some(alarm), Some(deadline)) => deadline < alarm.when && alarm.when > self.now,
        };
        if early && self.removed {
            self.recorder.advise("stale-deadline", seen);
        } else if early {
            self.recorder.fail(
                "deadline-mismatch",
                format!("{seen}: who gets up then finds nothing, and looks again and again"),
            );
        }
    }

    fn must_count(&self) {
        let there = self.alarms.iter().filter(|alarm| alarm.there).count();
        let (len, is_empty) = (self.timers.len(), self.timers.is_empty());
        if len != there || is_empty != (there == 0) {
            self.recorder.fail(
                "wrong-count",
                format!(
                    "timers that can still fire: {there}; `len` says {len}, and `is_empty` says {is_empty}"
                ),
            );
        }
    }

    fn alarm(&mut self, name: &str) -> &mut Alarm {
        let alarm = self.alarms.iter_mut().find(|alarm| alarm.name == name);
        alarm.expect("the grader has set it")
    }

    /// How long after the start.
    fn after(&self, when: Instant) -> Duration {
        when.saturating_duration_since(self.start)
    }
}
