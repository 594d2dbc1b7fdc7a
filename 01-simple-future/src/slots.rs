//! Eight wakes that can be told apart.
//!
//! A `fn()` carries no data, so it cannot say which task it wakes. The one way out is a function of
//! its own for each task, and functions are made when the program is compiled: here eight of them,
//! by a const generic. *Asynchronous Programming in Rust* takes this limit as the reason for
//! `Waker`, which does carry data (stage 02).

use std::sync::{Condvar, Mutex, MutexGuard};

use crate::{NoSlotLeft, Wakes};

/// How many wakes there are in a process, for all loops together.
pub const SLOTS: usize = 8;

/// One function for each slot: the only thing that tells them apart is which one is called.
const WAKES: [fn(); SLOTS] = [
    wake::<0>, wake::<1>, wake::<2>, wake::<3>, wake::<4>, wake::<5>, wake::<6>, wake::<7>,
];

/// A static, because a `fn()` can reach nothing else.
static BOARD: Mutex<[Slot; SLOTS]> = Mutex::new([Slot::FREE; SLOTS]);

/// Notified at every wake. All sleepers share it, and each looks at its own slots.
static RUNG: Condvar = Condvar::new();

/// What is known about one of the eight functions.
#[derive(Clone, Copy)]
struct Slot {
    /// Whether a [`Slots`] owns it.
    claimed: bool,
    /// Whether the function was called since its owner last asked.
    woken: bool,
}

impl Slot {
    const FREE: Slot = Slot {
        claimed: false,
        woken: false,
    };
}

/// Wakes slot `N`. The flag is set before the sleeper hears of it, so the sleeper finds it set.
fn wake<const N: usize>() {
    board()[N].woken = true;
    RUNG.notify_all();
}

fn board() -> MutexGuard<'static, [Slot; SLOTS]> {
    BOARD.lock().expect("nothing panics with the board locked")
}

/// Some of the eight wakes, one for each task of a loop. Dropping it gives them back.
///
/// Several loops may run at the same time, each with its own `Slots`. A function that was given back
/// may still be called by whoever kept it. If the slot has a new owner by then, that is a spurious wake
/// for the new owner.
///
/// ```
/// use simple_future::{Slots, Wakes};
///
/// let slots = Slots::claim(2)?;
/// let wake_second = slots.wake_fn(1);
/// std::thread::spawn(wake_second);
///
/// slots.sleep();
/// assert!(!slots.take_woken(0));
/// assert!(slots.take_woken(1));
/// # Ok::<(), simple_future::NoSlotLeft>(())
/// ```
#[derive(Debug)]
pub struct Slots {
    /// The slot of each task. Which ones they are depends on what other loops have.
    owned: Vec<usize>,
}

impl Slots {
    /// Takes `tasks` slots that nobody has.
    ///
    /// # Errors
    ///
    /// [`NoSlotLeft`] if fewer are free; then none is taken.
    pub fn claim(tasks: usize) -> Result<Slots, NoSlotLeft> {
        let mut board = board();
        let mut owned: Vec<usize> = (0..SLOTS).filter(|&slot| !board[slot].claimed).collect();
        if tasks > owned.len() {
            return Err(NoSlotLeft {
                asked: tasks,
                free: owned.len(),
            });
        }
        owned.truncate(tasks);
        for &slot in &owned {
            // Also forgets a late wake for the previous owner.
            board[slot] = Slot {
                claimed: true,
                woken: false,
            };
        }
        Ok(Slots { owned })
    }
}

impl Wakes for Slots {
    /// # Panics
    ///
    /// If `task` is not below the number that was claimed; so does `take_woken`.
    fn wake_fn(&self, task: usize) -> fn() {
        WAKES[self.owned[task]]
    }

    fn take_woken(&self, task: usize) -> bool {
        let slot = self.owned[task];
        std::mem::take(&mut board()[slot].woken)
    }

    /// Never returns if no slot was claimed: nobody could wake it.
    fn sleep(&self) {
        // Looked at and waited for under one lock: a wake cannot slip in between.
        let none_woken =
            |board: &mut [Slot; SLOTS]| !self.owned.iter().any(|&slot| board[slot].woken);
        drop(
            RUNG.wait_while(board(), none_woken)
                .expect("nothing panics with the board locked"),
        );
    }
}

impl Drop for Slots {
    fn drop(&mut self) {
        let mut board = board();
        for &slot in &self.owned {
            board[slot].claimed = false;
        }
    }
}

#[cfg(test)]
mod tests;
