//! Who is alive: a waker of each task, found by the number that the task was given.
//!
//! A slab: numbers that have become free are given out again, so the memory is that of the most
//! tasks at one time. A free place keeps the number of the next free one, so the list of free places
//! needs no memory of its own, and a place is as big as a waker.

use std::mem;
use std::task::Waker;

/// The tasks that are alive.
pub(crate) struct Registry {
    /// One place for each number that was ever given out.
    places: Vec<Place>,
    /// The free place to be taken first; behind the last one if there is none.
    free: u32,
    /// How many numbers are given out.
    alive: usize,
}

enum Place {
    /// Free; or given out to a task that is being made, and then the number in it means nothing.
    Free(u32),
    /// A task's waker.
    Taken(Waker),
}

impl Registry {
    /// Without tasks, and without memory.
    pub(crate) const fn new() -> Self {
        Self {
            places: Vec::new(),
            free: 0,
            alive: 0,
        }
    }

    /// Whether every number has been given back.
    pub(crate) fn is_empty(&self) -> bool {
        self.alive == 0
    }

    /// Gives out a number. The task counts as alive from now on: its waker can be made only when the
    /// number is known.
    pub(crate) fn reserve(&mut self) -> u32 {
        let number = self.free;
        match self.places.get(number as usize) {
            Some(Place::Free(next)) => self.free = *next,
            Some(Place::Taken(_)) => unreachable!("a place in the list of free ones is free"),
            None => {
                self.free = number.checked_add(1).expect("memory ends before numbers do");
                self.places.push(Place::Free(self.free));
            }
        }
        self.alive += 1;
        number
    }

    /// Keeps the waker of the task that was given this number.
    pub(crate) fn fill(&mut self, number: u32, waker: Waker) {
        self.places[number as usize] = Place::Taken(waker);
    }

    /// Takes the number back, and gives the waker, to be dropped where no lock is held.
    pub(crate) fn remove(&mut self, number: u32) -> Option<Waker> {
        let place = mem::replace(&mut self.places[number as usize], Place::Free(self.free));
        self.free = number;
        self.alive -= 1;
        match place {
            Place::Taken(waker) => Some(waker),
            Place::Free(_) => None,
        }
    }

    /// Copies of all wakers: a task that is woken may come back here.
    pub(crate) fn wakers(&self) -> Vec<Waker> {
        let waker = |place: &Place| match place {
            Place::Taken(waker) => Some(waker.clone()),
            Place::Free(_) => None,
        };
        self.places.iter().filter_map(waker).collect()
    }
}
