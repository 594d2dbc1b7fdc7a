//! One message of the compiler.

use std::{ops::Range, path::PathBuf};

use serde::Deserialize;

/// A message, and what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    /// The manifest of the package it is about.
    pub(crate) manifest: PathBuf,
    /// The target of that package.
    pub(crate) target: String,
    /// Whether it is an error; a warning otherwise.
    pub(crate) is_error: bool,
    /// The code of the error, or the name of the lint. Some errors have none.
    pub(crate) code: Option<String>,
    /// What is wrong, in one line.
    pub(crate) text: String,
    /// Where it points.
    pub(crate) places: Vec<Place>,
    /// What it says besides.
    pub(crate) notes: Vec<Note>,
    /// As the compiler renders it, with colours.
    pub(crate) rendered: String,
}

/// What a message says besides, with places of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Note {
    pub(crate) text: String,
    pub(crate) places: Vec<Place>,
}

/// A place in the sources. What a macro has put there counts as where the macro is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The file, with `/`.
    pub(crate) file: String,
    /// The first line, from 1.
    pub(crate) line: usize,
    /// What it covers, the innermost first: in a macro, and where that is called.
    pub(crate) stretches: Vec<Stretch>,
    /// What is to be seen there.
    pub(crate) label: Option<String>,
    /// Whether the message is about this place; others explain it.
    pub(crate) is_primary: bool,
}

/// A stretch of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    /// The file, with `/`.
    pub(crate) file: String,
    /// Where in it.
    pub(crate) bytes: Range<usize>,
}

/// A message as the compiler writes it.
#[derive(Deserialize)]
pub(crate) struct RustcMessage {
    level: String,
    message: String,
    code: Option<Code>,
    rendered: Option<String>,
    spans: Vec<Span>,
    children: Vec<Child>,
}

#[derive(Deserialize)]
struct Child {
    message: String,
    spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Code {
    code: String,
}

#[derive(Deserialize)]
struct Span {
    file_name: String,
    line_start: usize,
    byte_start: usize,
    byte_end: usize,
    label: Option<String>,
    is_primary: bool,
    expansion: Option<Expansion>,
}

#[derive(Deserialize)]
struct Expansion {
    span: Box<Span>,
}

impl Message {
    /// Takes a message over, unless it only counts others.
    pub(crate) fn of(manifest: PathBuf, target: String, message: RustcMessage) -> Option<Message> {
        let rendered = message.rendered?;
        // "aborting due to 2 previous errors" and "2 warnings emitted" count what was shown.
        let counts = message.spans.is_empty()
            && [
                "aborting due to",
                "warning emitted",
                "warnings emitted",
                "For more information about",
            ]
            .iter()
            .any(|words| rendered.contains(words));
        (!counts).then(|| Message {
            manifest,
            target,
            is_error: message.level.starts_with("error"),
            code: message.code.map(|code| code.code),
            text: message.message,
            places: message.spans.into_iter().map(place).collect(),
            notes: message.children.into_iter().map(note).collect(),
            rendered,
        })
    }

    /// The place that it is about.
    pub(crate) fn place(&self) -> Option<&Place> {
        self.places.iter().find(|place| place.is_primary)
    }

    /// Whether it is about a file whose name ends like this.
    pub(crate) fn is_in(&self, file: &str) -> bool {
        let mut places = self.places.iter().filter(|place| place.is_primary);
        places.any(|place| place.file.ends_with(file))
    }
}

fn note(child: Child) -> Note {
    Note {
        text: child.message,
        places: child.spans.into_iter().map(place).collect(),
    }
}

fn place(mut span: Span) -> Place {
    let (label, is_primary) = (span.label.take(), span.is_primary);
    let mut stretches = vec![stretch(&span)];
    while let Some(expansion) = span.expansion.take() {
        span = *expansion.span;
        stretches.push(stretch(&span));
    }
    Place {
        file: span.file_name.replace('\\', "/"),
        line: span.line_start,
        stretches,
        label,
        is_primary,
    }
}

fn stretch(span: &Span) -> Stretch {
    Stretch {
        file: span.file_name.replace('\\', "/"),
        bytes: span.byte_start..span.byte_end,
    }
}
