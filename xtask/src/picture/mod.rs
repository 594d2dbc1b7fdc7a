//! A recorded run as a picture: a lane for each task, each child and the event source; time runs
//! from top to bottom, one row an event. The same run gives the same bytes.

use course::event::Event;

mod lanes;
mod svg;

use lanes::Lanes;
use svg::{Page, Style};

/// The height of a row, and of the space above the first one.
const ROW: usize = 28;
const TOP: usize = 76;

/// Draws the run.
pub(crate) fn draw(title: &str, events: &[Event]) -> String {
    let lanes = Lanes::of(events);
    let mut drawing = Drawing {
        page: Page::new(
            title,
            lanes.width().max(title.chars().count() * 9 + 40),
            TOP + ROW * events.len() + 16,
        ),
        lanes,
        polls: Vec::new(),
    };
    drawing.heads(events.len());
    for (index, event) in events.iter().enumerate() {
        drawing.event(event, TOP + ROW * index);
    }
    // A poll that never ended is open at the bottom.
    let bottom = TOP + ROW * events.len();
    while let Some((lane, top)) = drawing.polls.pop() {
        drawing.bar(lane, top, bottom);
    }
    drawing.page.finish()
}

struct Drawing {
    page: Page,
    lanes: Lanes,
    /// The polls under way: the lane of each, and where it begins.
    polls: Vec<(usize, usize)>,
}

impl Drawing {
    fn heads(&mut self, rows: usize) {
        for (index, lane) in self.lanes.all().iter().enumerate() {
            let x = self.lanes.line(index);
            self.page
                .line(Style::Lifeline, (x, TOP - 22), (x, TOP + ROW * rows));
            self.page.text(Style::Head, (x, TOP - 30), &lane.title());
        }
    }

    fn event(&mut self, event: &Event, y: usize) {
        match event {
            Event::PollBegins { future, waker } => {
                let lane = self.lanes.of_future(future);
                self.polls.push((lane, y));
                self.label(Style::Strong, lane, y, &format!("poll({waker})"));
            }
            Event::PollEnds { future, ready } => {
                let lane = self.lanes.of_future(future);
                if let Some((lane, top)) = self.polls.pop() {
                    self.bar(lane, top, y);
                }
                self.label(outcome_style(ready), lane, y, &outcome(ready));
            }
            Event::ChildPolled { child, ready } => {
                let (from, lane) = (self.here(), self.lanes.of_child(child));
                self.arrow(Style::Arrow, from, lane, y);
                // Where the arrow comes from the right, there is no room beside its tip.
                let above = if from > lane { 8 } else { 0 };
                self.label(outcome_style(ready), lane, y - above, &outcome(ready));
            }
            Event::Woken { waker } => self.woken(waker, y),
            Event::Noted { text } => {
                let lane = self.lanes.source();
                self.page.dot(Style::Event, (self.lanes.line(lane), y));
                self.label(Style::Event, lane, y, text);
            }
            Event::Called { call } => {
                let (from, lane) = (self.here(), self.lanes.source());
                if from != lane {
                    self.arrow(Style::Arrow, from, lane, y);
                }
                self.label(Style::Plain, lane, y, call);
            }
            Event::Cloned { waker } => {
                self.label(Style::Faint, self.here(), y, &format!("clone {waker}"))
            }
            Event::Dropped { waker } => {
                self.label(Style::Faint, self.here(), y, &format!("drop {waker}"))
            }
            Event::ChildDropped { child } => {
                let lane = self.lanes.of_child(child);
                self.label(Style::Faint, lane, y, "dropped");
            }
        }
    }

    /// A wake during a poll is the future's own; otherwise it comes from the event source.
    fn woken(&mut self, waker: &str, y: usize) {
        let from = self.here();
        let to = self.lanes.of_waker(waker).unwrap_or(from);
        if from == to {
            self.page.dot(Style::Wake, (self.lanes.line(to), y));
            self.label(Style::Wake, to, y, &format!("wake {waker}"));
            return;
        }
        self.arrow(Style::Wake, from, to, y);
        self.label(Style::Wake, from, y, &format!("wake {waker}"));
    }

    /// The lane where things happen now: the innermost poll's, or the event source's.
    fn here(&self) -> usize {
        self.polls
            .last()
            .map_or(self.lanes.source(), |(lane, _)| *lane)
    }

    fn bar(&mut self, lane: usize, top: usize, bottom: usize) {
        self.page
            .bar((self.lanes.line(lane) - 5, top), bottom - top);
    }

    fn arrow(&mut self, style: Style, from: usize, to: usize, y: usize) {
        let (from, to) = (self.lanes.line(from), self.lanes.line(to));
        // The tip stops short of the lane's line, where a bar may stand.
        let tip = if to > from { to - 7 } else { to + 7 };
        self.page.arrow(style, (from, y), (tip, y));
    }

    fn label(&mut self, style: Style, lane: usize, y: usize, text: &str) {
        self.page
            .text(style, (self.lanes.line(lane) + 12, y + 4), text);
    }
}

fn outcome(ready: &Option<String>) -> String {
    ready
        .as_ref()
        .map_or_else(|| "→ Pending".into(), |value| format!("→ Ready({value})"))
}

fn outcome_style(ready: &Option<String>) -> Style {
    if ready.is_some() {
        Style::Ready
    } else {
        Style::Plain
    }
}

#[cfg(test)]
mod tests {
    use course::event::Event;

    use super::draw;

    #[test]
    fn every_event_has_a_row_and_text_is_escaped() {
        let events = [
            Event::PollBegins {
                future: String::new(),
                waker: "A".into(),
            },
            Event::ChildPolled {
                child: "left".into(),
                ready: None,
            },
            Event::PollEnds {
                future: String::new(),
                ready: None,
            },
            Event::Noted {
                text: "peer sends <\"hello\">".into(),
            },
            Event::Woken { waker: "A".into() },
        ];
        let picture = draw("join", &events);
        for text in [
            "poll(A)",
            "→ Pending",
            "left",
            "wake A",
            "&lt;&quot;hello&quot;&gt;",
        ] {
            assert!(picture.contains(text), "{text} is missing in {picture}");
        }
        assert_eq!(picture, draw("join", &events));
    }
}
