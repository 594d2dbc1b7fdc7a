//! Stage 06, pinning: not written yet.
