//! What the primitives promise, and what is left of a future that is dropped.

mod sharing;
mod streams;
mod task;
