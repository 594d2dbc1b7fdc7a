//! Stage 01 of Async by Hand: futures over fn() wakes: not written yet.
