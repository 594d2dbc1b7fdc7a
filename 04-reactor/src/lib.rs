//! Stage 04, the reactor: not written yet.
