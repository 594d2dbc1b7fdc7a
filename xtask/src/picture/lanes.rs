//! The lanes of a picture, from left to right: tasks, children, the event source.

use course::event::Event;

/// How wide a character is, with some air, in the picture's type.
const CHARACTER: usize = 8;
/// The space between a lane's text and the next lane.
const GAP: usize = 40;
/// The space on both sides of the picture.
const MARGIN: usize = 20;

/// Whose lane it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    /// A future that the grader polls; its name may be empty where there is only one.
    Task(String),
    /// A scripted child.
    Child(String),
    /// Whatever is outside: time, sockets, other threads.
    Source,
}

impl Lane {
    /// What stands above the lane.
    pub(crate) fn title(&self) -> String {
        match self {
            Lane::Task(name) if name.is_empty() => "task".into(),
            Lane::Task(name) | Lane::Child(name) => name.clone(),
            Lane::Source => "event source".into(),
        }
    }
}

/// All lanes of one picture.
#[derive(Debug)]
pub(crate) struct Lanes {
    lanes: Vec<Lane>,
    /// The lane of the latest poll with each waker.
    wakers: Vec<(String, usize)>,
    /// Where each lane's line stands.
    lines: Vec<usize>,
    /// The width of all together.
    width: usize,
}

impl Lanes {
    /// The lanes that this run needs.
    pub(crate) fn of(events: &[Event]) -> Lanes {
        let mut tasks = Vec::new();
        let mut children = Vec::new();
        for event in events {
            match event {
                Event::PollBegins { future, .. } => add(&mut tasks, Lane::Task(future.clone())),
                Event::ChildPolled { child, .. } | Event::ChildDropped { child } => {
                    add(&mut children, Lane::Child(child.clone()));
                }
                _ => {}
            }
        }
        tasks.extend(children);
        tasks.push(Lane::Source);
        let mut lanes = Lanes {
            lanes: tasks,
            wakers: Vec::new(),
            lines: Vec::new(),
            width: 0,
        };
        lanes.assign_wakers(events);
        lanes.place(events);
        lanes
    }

    fn assign_wakers(&mut self, events: &[Event]) {
        for event in events {
            if let Event::PollBegins { future, waker } = event {
                let lane = self.of_future(future);
                self.wakers.retain(|(name, _)| name != waker);
                self.wakers.push((waker.clone(), lane));
            }
        }
    }

    fn place(&mut self, events: &[Event]) {
        let mut x = MARGIN + 40;
        for (index, lane) in self.lanes.iter().enumerate() {
            let texts = events.iter().map(|event| self.text_in(index, event));
            let widest = texts.max().unwrap_or(0).max(lane.title().chars().count());
            self.lines.push(x);
            x += widest * CHARACTER + GAP;
        }
        self.width = x - GAP + MARGIN;
    }

    /// About how many characters an event needs in a lane. What happens outside a poll may be
    /// written in the source's lane, so everything that may is counted there.
    fn text_in(&self, lane: usize, event: &Event) -> usize {
        let outcome =
            |ready: &Option<String>| ready.as_ref().map_or(9, |value| value.chars().count() + 9);
        let (owner, length) = match event {
            Event::PollBegins { future, waker } => {
                (self.of_future(future), waker.chars().count() + 6)
            }
            Event::PollEnds { future, ready } => (self.of_future(future), outcome(ready)),
            Event::ChildPolled { child, ready } => (self.of_child(child), outcome(ready)),
            Event::ChildDropped { child } => (self.of_child(child), 7),
            Event::Noted { text } | Event::Called { call: text } => {
                (self.source(), text.chars().count())
            }
            Event::Woken { waker } | Event::Cloned { waker } | Event::Dropped { waker } => {
                return waker.chars().count() + 6;
            }
        };
        if owner == lane { length } else { 0 }
    }

    /// All lanes, from left to right.
    pub(crate) fn all(&self) -> Vec<Lane> {
        self.lanes.clone()
    }

    /// Where the line of a lane stands.
    pub(crate) fn line(&self, lane: usize) -> usize {
        self.lines[lane]
    }

    /// The width of all lanes.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// The lane of a future that the grader polls.
    pub(crate) fn of_future(&self, name: &str) -> usize {
        self.find(&Lane::Task(name.into()))
    }

    /// The lane of a scripted child.
    pub(crate) fn of_child(&self, name: &str) -> usize {
        self.find(&Lane::Child(name.into()))
    }

    /// The lane of the task that a waker wakes, if one was polled with it.
    pub(crate) fn of_waker(&self, waker: &str) -> Option<usize> {
        let known = self.wakers.iter().find(|(name, _)| name == waker);
        known.map(|(_, lane)| *lane)
    }

    /// The lane of the event source.
    pub(crate) fn source(&self) -> usize {
        self.lanes.len() - 1
    }

    fn find(&self, lane: &Lane) -> usize {
        self.lanes
            .iter()
            .position(|other| other == lane)
            .unwrap_or(self.source())
    }
}

fn add(lanes: &mut Vec<Lane>, lane: Lane) {
    if !lanes.contains(&lane) {
        lanes.push(lane);
    }
}
