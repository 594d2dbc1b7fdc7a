//! Stage 03, the executor: not written yet.
