//! Writes the report's lines, where somebody asked for a report.

use std::{
    cell::Cell,
    fs::{File, OpenOptions},
    io::Write as _,
    sync::{Once, OnceLock},
};

use crate::report::{Line, REPORT_FILE};

/// The report's file, opened once: a line must still get through when memory has run out.
static FILE: OnceLock<Option<File>> = OnceLock::new();

thread_local! {
    /// Set while the grader itself panics: such a panic has been reported as a diagnosis.
    static FAILING: Cell<bool> = const { Cell::new(false) };
}

/// Opens the report, and has panics of the code under test written to it.
pub(crate) fn open() {
    file();
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let print = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !FAILING.get() {
                write(&Line::Panic {
                    message: panic.payload_as_str().unwrap_or("(no message)").into(),
                    location: panic
                        .location()
                        .map_or_else(String::new, ToString::to_string),
                });
            }
            // Where there is a report, it says this better; what is printed is the learner's alone.
            if file().is_none() {
                print(panic);
            }
        }));
    });
}

fn file() -> Option<&'static File> {
    FILE.get_or_init(|| {
        let path = std::env::var_os(REPORT_FILE)?;
        OpenOptions::new().create(true).append(true).open(path).ok()
    })
    .as_ref()
}

/// Appends one line, whole: threads and a sudden end cannot tear it.
pub(crate) fn write(line: &Line) {
    if file().is_some() {
        let mut text = serde_json::to_vec(line).expect("a line holds only strings");
        text.push(b'\n');
        write_raw(&text);
    }
}

/// Appends bytes without allocating.
pub(crate) fn write_raw(line: &[u8]) {
    if let Some(mut file) = file() {
        // Nobody is left to tell if the report itself cannot be written: the run then has no `Done`.
        let _ = file.write_all(line);
    }
}

/// Ends the test with a message that has been reported already.
pub(crate) fn end_test(message: &str) -> ! {
    FAILING.set(true);
    panic!("{message}");
}
