//! One message of the compiler.

use std::path::PathBuf;

use serde::Deserialize;

/// A message, and what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    /// The manifest of the package it is about.
    pub(crate) manifest: PathBuf,
    /// Whether it is an error; a warning otherwise.
    pub(crate) is_error: bool,
    /// As the compiler renders it, with colours.
    pub(crate) rendered: String,
    /// The files of its primary spans, with `/`.
    pub(crate) files: Vec<String>,
}

/// A message as the compiler writes it.
#[derive(Deserialize)]
pub(crate) struct RustcMessage {
    level: String,
    rendered: Option<String>,
    spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Span {
    file_name: String,
    is_primary: bool,
}

impl Message {
    /// Takes a message over, unless it only counts others.
    pub(crate) fn of(manifest: PathBuf, message: RustcMessage) -> Option<Message> {
        let rendered = message.rendered?;
        let primary = message.spans.into_iter().filter(|span| span.is_primary);
        let message = Message {
            manifest,
            is_error: message.level.starts_with("error"),
            rendered,
            files: primary
                .map(|span| span.file_name.replace('\\', "/"))
                .collect(),
        };
        // "aborting due to 2 previous errors" and "2 warnings emitted" count what was shown.
        let counts = message.files.is_empty()
            && [
                "aborting due to",
                "warning emitted",
                "warnings emitted",
                "For more information about",
            ]
            .iter()
            .any(|words| message.rendered.contains(words));
        (!counts).then_some(message)
    }
}
