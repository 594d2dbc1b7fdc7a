//! Stage 05, async/.await: not written yet.
