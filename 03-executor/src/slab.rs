//! A vector with holes: what is put in gets a number, and keeps it until it is taken out.

/// Values by number. A number is used again as soon as it is free, so the vector never has more places
/// than there were values at once.
#[derive(Debug)]
pub(crate) struct Slab<T> {
    /// Every place that was ever used. `None` is a hole, or a place that was left empty for a while.
    places: Vec<Option<T>>,
    /// The holes, the latest on top. Not a list inside the places: a pointer with its `None` is no
    /// bigger than the pointer, and a pointer or a number would be twice as big.
    holes: Vec<u32>,
}

impl<T> Slab<T> {
    pub(crate) const fn new() -> Self {
        Self {
            places: Vec::new(),
            holes: Vec::new(),
        }
    }

    /// Whether every number that was given out has come back.
    pub(crate) fn is_empty(&self) -> bool {
        self.places.len() == self.holes.len()
    }

    /// The number that comes next.
    pub(crate) fn next(&self) -> u32 {
        let new = || u32::try_from(self.places.len()).expect("four billion values do not fit");
        self.holes.last().copied().unwrap_or_else(new)
    }

    pub(crate) fn insert(&mut self, value: T) -> u32 {
        let number = self.reserve();
        *self.get_mut(number) = Some(value);
        number
    }

    /// Gives out a number, and leaves its place empty.
    pub(crate) fn reserve(&mut self) -> u32 {
        self.holes.pop().unwrap_or_else(|| {
            let number = self.next();
            self.places.push(None);
            number
        })
    }

    /// The place of this number, which must not have come back.
    pub(crate) fn get_mut(&mut self, number: u32) -> &mut Option<T> {
        &mut self.places[number as usize]
    }

    /// Takes this number back, which must not have been done before, and what is in its place.
    pub(crate) fn remove(&mut self, number: u32) -> Option<T> {
        self.holes.push(number);
        self.get_mut(number).take()
    }

    /// Takes everything out, and all numbers back.
    pub(crate) fn drain(&mut self) -> impl Iterator<Item = T> + use<T> {
        std::mem::take(self).places.into_iter().flatten()
    }
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_used_again_only_after_its_value_is_gone() {
        let mut slab = Slab::new();
        let [a, b, c] = ["a", "b", "c"].map(|value| slab.insert(value));
        assert_eq!((a, b, c), (0, 1, 2));
        assert_eq!(slab.remove(b), Some("b"));
        assert_eq!(slab.remove(a), Some("a"));
        assert_eq!(slab.next(), a);
        assert_eq!(["d", "e", "f"].map(|value| slab.insert(value)), [a, b, 3]);
        assert_eq!(slab.get_mut(c).take(), Some("c"));
        assert!(!slab.is_empty());
        assert_eq!(slab.drain().collect::<Vec<_>>(), ["d", "e", "f"]);
        assert!(slab.is_empty());
        assert_eq!(slab.reserve(), 0);
        assert!(!slab.is_empty(), "an empty place is still a place");
        assert_eq!(slab.remove(0), None);
        assert!(slab.is_empty());
    }
}
