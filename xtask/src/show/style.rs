//! The few styles of the command's output.

use std::fmt::Display;

use anstyle::{AnsiColor, Style};

fn paint(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}

/// Headings and names.
pub(crate) fn strong(text: impl Display) -> String {
    paint(Style::new().bold(), text)
}

/// What passes.
pub(crate) fn good(text: impl Display) -> String {
    paint(AnsiColor::Green.on_default(), text)
}

/// What does not.
pub(crate) fn bad(text: impl Display) -> String {
    paint(AnsiColor::Red.on_default().bold(), text)
}

/// What could be better.
pub(crate) fn remark(text: impl Display) -> String {
    paint(AnsiColor::Yellow.on_default(), text)
}

/// Labels and what matters less.
pub(crate) fn faint(text: impl Display) -> String {
    paint(Style::new().dimmed(), text)
}

/// A command to type.
pub(crate) fn command(text: impl Display) -> String {
    paint(AnsiColor::Cyan.on_default(), text)
}
