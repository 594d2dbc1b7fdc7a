//! What a grader reported about one run.

use std::{fs::File, io::Read as _, path::Path};

use course::{diagnosis::Diagnosis, event::Event, report::Line};

/// The most of a report that is read. A run that records more is polled without end.
pub(crate) const LONGEST: u64 = 4 << 20;

/// The lines of a report, sorted by kind.
#[derive(Debug, Default)]
pub(crate) struct Record {
    /// The canonical trace that the reference leaves, where one holds for every right design.
    pub(crate) expected: Option<String>,
    /// What happened, in order.
    pub(crate) events: Vec<Event>,
    /// What is wrong: the first thing that was noticed.
    pub(crate) diagnosis: Option<Diagnosis>,
    /// What could be better.
    pub(crate) advice: Vec<Diagnosis>,
    /// The limit that ended the process, and what was seen.
    pub(crate) limit: Option<(String, String)>,
    /// The first panic outside the grader's own assertions: its message and place.
    pub(crate) panic: Option<(String, String)>,
    /// Whether the last assertion was reached.
    pub(crate) done: bool,
}

impl Record {
    /// Reads a report. A line that was cut off by the end of the process counts for nothing.
    pub(crate) fn read(path: &Path) -> Record {
        let mut bytes = Vec::new();
        if let Ok(file) = File::open(path) {
            let _ = file.take(LONGEST).read_to_end(&mut bytes);
        }
        let mut record = Record::default();
        for line in bytes.split(|byte| *byte == b'\n') {
            if let Ok(line) = serde_json::from_slice(line) {
                record.add(line);
            }
        }
        record
    }

    fn add(&mut self, line: Line) {
        match line {
            Line::Start { expected, .. } => self.expected = expected,
            Line::Trace { event } => self.events.push(event),
            Line::Diagnosis { diagnosis } => {
                self.diagnosis.get_or_insert(diagnosis);
            }
            Line::Advice { diagnosis } => {
                if !self.advice.contains(&diagnosis) {
                    self.advice.push(diagnosis);
                }
            }
            Line::Limit { limit, seen } => {
                self.limit.get_or_insert((limit, seen));
            }
            Line::Panic { message, location } => {
                self.panic.get_or_insert((message, location));
            }
            Line::Done => self.done = true,
        }
    }
}
