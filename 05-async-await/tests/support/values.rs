//! Values that are counted while they live: what is lost or kept somewhere shows.

#![allow(dead_code, unreachable_pub)]

use std::{
    cell::Cell,
    fmt,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
};

/// Makes values, and knows how many of them there are.
#[derive(Clone, Debug, Default)]
pub struct Values {
    alive: Arc<AtomicUsize>,
}

/// A value that can be sent to another thread, and nothing more: not shared, not copied.
pub struct Value {
    number: Cell<u32>,
    alive: Arc<AtomicUsize>,
    /// What its drop does besides.
    on_drop: Option<Box<dyn FnOnce() + Send>>,
}

impl Values {
    pub fn make(&self, number: u32) -> Value {
        self.alive.fetch_add(1, SeqCst);
        Value {
            number: Cell::new(number),
            alive: Arc::clone(&self.alive),
            on_drop: None,
        }
    }

    /// A value whose drop does something.
    pub fn hostile(&self, number: u32, on_drop: impl FnOnce() + Send + 'static) -> Value {
        let mut value = self.make(number);
        value.on_drop = Some(Box::new(on_drop));
        value
    }

    /// How many of them have not been dropped.
    pub fn alive(&self) -> usize {
        self.alive.load(SeqCst)
    }
}

impl Value {
    pub fn number(&self) -> u32 {
        self.number.get()
    }
}

impl Drop for Value {
    fn drop(&mut self) {
        self.alive.fetch_sub(1, SeqCst);
        if let Some(on_drop) = self.on_drop.take() {
            on_drop();
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.number())
    }
}
