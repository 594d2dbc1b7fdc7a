//! The trace recorder of the course.
pub mod diagnosis;
pub mod event;
pub mod report;
pub mod trace;
