//! Four renderings of one run.
//!
//! - [`canonical`] is for comparing: every right design gives the same text.
//! - [`faithful`] is for reading beside it: the same form, with every wake of this run.
//! - [`with_calls`] is for reading alone: also what the code under test called in each poll.
//! - [`complete`] leaves nothing out, clones and drops of wakers included.

use std::{collections::BTreeMap, fmt::Write as _};

use crate::{event::Event, repeats};

/// The run as every right design leaves it.
///
/// Left out is whatever a right design may do or not do: clones and drops; calls of the grader's
/// things; wakes during a poll, after `Ready`, of an older waker, or more than one for one poll; polls
/// of a child that is still pending, but for the first; the order in which children are polled in one
/// round. A round ends with the poll that it is part of, or when the world does something. Where a
/// whole loop is under test, its tasks are such children, and no poll is recorded around them: there
/// the first wake right after an event counts.
pub fn canonical(events: &[Event]) -> String {
    compared(events, false)
}

/// The run in the form of [`canonical`], but with every wake: also those of older wakers, and those
/// that came too early, too late or too often.
pub fn faithful(events: &[Event]) -> String {
    repeats::fold(&compared(events, true))
}

/// The run as it was, without clones and drops.
pub fn with_calls(events: &[Event]) -> String {
    render(events, false)
}

/// The run as it was.
pub fn complete(events: &[Event]) -> String {
    render(events, true)
}

/// The rounds of children and polls that designs do not differ in, with the wakes that count, or with
/// all of them.
fn compared(events: &[Event], every_wake: bool) -> String {
    let mut page = Page::default();
    let mut run = Run::default();
    let mut round: Vec<(&str, &Option<String>)> = Vec::new();
    let mut seen_children = Vec::new();
    for event in events {
        match event {
            Event::PollBegins { future, waker } => {
                run.poll_begins(future, waker);
                page.poll_begins(future, waker);
            }
            Event::ChildPolled { child, ready } => {
                run.event_ahead = false;
                let first = !seen_children.contains(&child.as_str());
                if first {
                    seen_children.push(child);
                }
                if first || ready.is_some() {
                    round.push((child, ready));
                }
            }
            Event::PollEnds { future, ready } => {
                page.round(&mut round);
                run.poll_ends(future, ready.is_some());
                page.poll_ends(future, ready.as_deref());
            }
            Event::Woken { waker } => {
                let counts = run.wake_counts(waker);
                if every_wake {
                    page.round(&mut round);
                }
                if counts || every_wake {
                    page.line(&format!("wake {waker}"));
                }
            }
            Event::Noted { text } => {
                run.event_ahead = !run.has_polls;
                page.round(&mut round);
                page.line(text);
            }
            Event::Called { .. }
            | Event::Cloned { .. }
            | Event::Dropped { .. }
            | Event::ChildDropped { .. } => {}
        }
    }
    page.round(&mut round);
    page.finish()
}

fn render(events: &[Event], everything: bool) -> String {
    let mut page = Page::default();
    for event in events {
        match event {
            Event::PollBegins { future, waker } => page.poll_begins(future, waker),
            Event::PollEnds { future, ready } => page.poll_ends(future, ready.as_deref()),
            Event::ChildPolled { child, ready } => page.child(child, ready.as_deref()),
            Event::Woken { waker } => page.line(&format!("wake {waker}")),
            Event::Noted { text } => page.line(text),
            Event::Called { call } => page.line(call),
            Event::Cloned { waker } if everything => page.line(&format!("clone {waker}")),
            Event::Dropped { waker } if everything => page.line(&format!("drop {waker}")),
            Event::ChildDropped { child } if everything => {
                page.line(&format!("{child} is dropped"))
            }
            Event::Cloned { .. } | Event::Dropped { .. } | Event::ChildDropped { .. } => {}
        }
    }
    repeats::fold(&page.finish())
}

/// Which wakes a right design could not have left out.
#[derive(Default)]
struct Run {
    /// For each future that waits: its latest waker, and whether that has been woken since.
    waiting: BTreeMap<String, (String, bool)>,
    /// How many polls are under way.
    polling: usize,
    /// Whether a poll has been recorded at all. If not, it is a loop that is under test.
    has_polls: bool,
    /// Whether the world has done something to a loop, and no wake and no child's poll has come since.
    event_ahead: bool,
}

impl Run {
    fn poll_begins(&mut self, future: &str, waker: &str) {
        self.polling += 1;
        self.has_polls = true;
        self.waiting.insert(future.into(), (waker.into(), false));
    }

    fn poll_ends(&mut self, future: &str, ready: bool) {
        self.polling = self.polling.saturating_sub(1);
        if ready {
            self.waiting.remove(future);
        }
    }

    fn wake_counts(&mut self, woken: &str) -> bool {
        if std::mem::take(&mut self.event_ahead) {
            return true;
        }
        if self.polling > 0 {
            return false;
        }
        let mut counts = false;
        for (waker, done) in self.waiting.values_mut() {
            counts |= waker == woken && !*done;
            *done |= waker == woken;
        }
        counts
    }
}

/// The text under way. A poll in which nothing happened takes one line, any other a block.
#[derive(Default)]
struct Page {
    text: String,
    /// The polls that have begun and not ended, each with whether its first line is still open.
    polls: Vec<bool>,
}

impl Page {
    fn poll_begins(&mut self, future: &str, waker: &str) {
        self.close_line();
        self.indent(self.polls.len());
        let dot = if future.is_empty() { "" } else { "." };
        let _ = write!(self.text, "{future}{dot}poll({waker})");
        self.polls.push(true);
    }

    fn poll_ends(&mut self, _future: &str, ready: Option<&str>) {
        let Some(open) = self.polls.pop() else { return };
        if !open {
            self.indent(self.polls.len());
            self.text.push(' ');
        }
        let _ = writeln!(self.text, " → {}", outcome(ready));
    }

    fn child(&mut self, child: &str, ready: Option<&str>) {
        self.line(&format!("{child} → {}", outcome(ready)));
    }

    /// The children of one round, by name.
    fn round(&mut self, round: &mut Vec<(&str, &Option<String>)>) {
        round.sort_by_key(|(child, _)| *child);
        for (child, ready) in round.drain(..) {
            self.child(child, ready.as_deref());
        }
    }

    fn line(&mut self, text: &str) {
        self.close_line();
        self.indent(self.polls.len());
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn close_line(&mut self) {
        if let Some(open) = self.polls.last_mut()
            && *open
        {
            *open = false;
            self.text.push('\n');
        }
    }

    fn indent(&mut self, depth: usize) {
        for _ in 0..depth {
            self.text.push_str("    ");
        }
    }

    /// The text so far; a poll that never ended shows as `poll(A) …`.
    fn finish(mut self) -> String {
        if let Some(true) = self.polls.pop() {
            self.text.push_str(" …\n");
        }
        self.text
    }
}

fn outcome(ready: Option<&str>) -> String {
    ready.map_or_else(|| "Pending".into(), |value| format!("Ready({value})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begins(waker: &str) -> Event {
        Event::PollBegins {
            future: String::new(),
            waker: waker.into(),
        }
    }

    fn ends(ready: Option<&str>) -> Event {
        Event::PollEnds {
            future: String::new(),
            ready: ready.map(Into::into),
        }
    }

    fn child(child: &str, ready: Option<&str>) -> Event {
        Event::ChildPolled {
            child: child.into(),
            ready: ready.map(Into::into),
        }
    }

    fn wake(waker: &str) -> Event {
        Event::Woken {
            waker: waker.into(),
        }
    }

    #[test]
    fn the_order_of_children_in_a_round_does_not_show() {
        let one = [
            begins("A"),
            child("left", None),
            child("right", None),
            ends(None),
        ];
        let other = [
            begins("A"),
            child("right", None),
            child("left", None),
            ends(None),
        ];
        assert_eq!(canonical(&one), canonical(&other));
        assert_eq!(
            canonical(&one),
            "poll(A)\n    left → Pending\n    right → Pending\n  → Pending\n"
        );
        assert_ne!(complete(&one), complete(&other));
    }

    #[test]
    fn only_the_first_wake_of_the_latest_waker_counts() {
        let run = [
            begins("A"),
            ends(None),
            begins("B"),
            ends(None),
            wake("A"),
            wake("B"),
            wake("B"),
        ];
        assert_eq!(
            canonical(&run),
            "poll(A) → Pending\npoll(B) → Pending\nwake B\n"
        );
        assert!(faithful(&run).contains("wake A"));
    }

    #[test]
    fn wakes_during_a_poll_and_after_ready_do_not_show() {
        let run = [begins("A"), wake("A"), ends(Some("()")), wake("A")];
        assert_eq!(canonical(&run), "poll(A) → Ready(())\n");
    }

    #[test]
    fn the_tasks_of_a_loop_are_sorted_between_two_events() {
        let event = Event::Noted {
            text: "night falls".into(),
        };
        let run = [
            wake("A"),
            child("b", None),
            child("a", None),
            event,
            wake("B"),
            wake("B"),
            child("b", None),
            wake("A"),
        ];
        assert_eq!(
            canonical(&run),
            "a → Pending\nb → Pending\nnight falls\nwake B\n"
        );
    }

    #[test]
    fn calls_show_where_there_is_nothing_to_compare_with() {
        let call = Event::Called {
            call: "sleep()".into(),
        };
        let run = [begins("A"), call, ends(None)];
        assert_eq!(canonical(&run), "poll(A) → Pending\n");
        assert_eq!(faithful(&run), "poll(A) → Pending\n");
        assert_eq!(with_calls(&run), "poll(A)\n    sleep()\n  → Pending\n");
    }

    #[test]
    fn a_poll_that_never_ended_shows_as_open() {
        assert_eq!(faithful(&[begins("A")]), "poll(A) …\n");
    }

    #[test]
    fn clones_show_in_the_complete_trace_alone() {
        let run = [begins("A"), Event::Cloned { waker: "A".into() }, ends(None)];
        assert_eq!(faithful(&run), "poll(A) → Pending\n");
        assert_eq!(complete(&run), "poll(A)\n    clone A\n  → Pending\n");
    }
}
