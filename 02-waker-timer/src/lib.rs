//! Stage 02 of Async by Hand: wakers, timers and notifications: not written yet.
