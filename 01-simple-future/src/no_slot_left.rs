//! The ninth task: there is no function left to wake it with.

use std::error::Error;
use std::fmt;

use crate::SLOTS;

/// There were not enough of the eight wakes.
///
/// ```
/// use simple_future::{SLOTS, Slots};
///
/// let refused = Slots::claim(SLOTS + 1).unwrap_err();
/// assert_eq!(refused.asked, 9);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSlotLeft {
    /// How many were asked for.
    pub asked: usize,
    /// How many were free at that moment. Other loops may have had the rest.
    pub free: usize,
}

impl fmt::Display for NoSlotLeft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let NoSlotLeft { asked, free } = self;
        write!(
            f,
            "{asked} tasks need {asked} wakes, and {free} of {SLOTS} are free: a fn() cannot say which task \
             it wakes, so every task needs a function of its own, and functions cannot be made at run time. \
             A Waker carries that knowledge as data (stage 02)."
        )
    }
}

impl Error for NoSlotLeft {}
