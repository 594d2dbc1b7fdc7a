//! Panics of tasks: the executor catches them, and a task whose handle is dropped panics unheard.

#![allow(dead_code, unreachable_pub)]

use std::{
    panic,
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use course::Recorder;

/// What has panicked on this thread.
#[derive(Debug)]
pub struct Panics {
    messages: Arc<Mutex<Vec<String>>>,
}

impl Panics {
    /// Listens from now on.
    pub fn watch() -> Self {
        let messages: Arc<Mutex<Vec<String>>> = Arc::default();
        let (heard, home) = (Arc::clone(&messages), thread::current().id());
        let next = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if thread::current().id() == home {
                let message = info.payload_as_str().unwrap_or("(no message)").to_owned();
                heard
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(message);
            }
            next(info);
        }));
        Self { messages }
    }

    /// Ends the test if a task has come to a `todo!`: the report names the place.
    pub fn must_be_written(&self) {
        let messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        let todo = |message: &&String| {
            message.starts_with("not yet implemented") || message.starts_with("not implemented")
        };
        if let Some(message) = messages.iter().find(todo) {
            let message = message.clone();
            drop(messages);
            panic::resume_unwind(Box::new(message));
        }
    }

    /// Remarks on a task that has panicked: nobody hears it.
    pub fn advise(&self, recorder: &Recorder) {
        let messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(message) = messages.first() {
            recorder.advise(
                "task-panics",
                format!("a task has panicked: {:?}", message.lines().next()),
            );
        }
    }
}
