//! A vector with holes: what is put in gets a number, and keeps it until it is taken out.

/// Values by number. A number is used again as soon as its value is gone, so the vector never has
/// more places than there were values at once.
#[derive(Debug)]
pub(crate) struct Slab<T> {
    /// Every place that was ever used.
    places: Vec<Place<T>>,
    /// The hole that is filled next, or the length if there is none.
    next: usize,
    /// How many values there are.
    len: usize,
}

#[derive(Debug)]
enum Place<T> {
    Full(T),
    /// A hole, with the `next` of the time when it came to be: the holes are a list.
    Hole(usize),
}

impl<T> Slab<T> {
    pub(crate) const fn new() -> Self {
        Self {
            places: Vec::new(),
            next: 0,
            len: 0,
        }
    }

    /// Whether everything that was put in has been taken out.
    pub(crate) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The number that the next [`insert`](Self::insert) gives.
    pub(crate) fn next(&self) -> usize {
        self.next
    }

    pub(crate) fn insert(&mut self, value: T) -> usize {
        let number = self.next;
        self.len += 1;
        match self.places.get_mut(number) {
            None => {
                self.places.push(Place::Full(value));
                self.next = number + 1;
            }
            Some(place) => match std::mem::replace(place, Place::Full(value)) {
                Place::Hole(next) => self.next = next,
                Place::Full(_) => unreachable!("`next` leads to a hole"),
            },
        }
        number
    }

    /// The value of this number, which must not have been taken out.
    pub(crate) fn get_mut(&mut self, number: usize) -> &mut T {
        match &mut self.places[number] {
            Place::Full(value) => value,
            Place::Hole(_) => unreachable!("only its owner knows a number, and uses it up"),
        }
    }

    /// Takes the value of this number out, which must not have been done before.
    pub(crate) fn remove(&mut self, number: usize) -> T {
        match std::mem::replace(&mut self.places[number], Place::Hole(self.next)) {
            Place::Full(value) => {
                self.next = number;
                self.len -= 1;
                value
            }
            Place::Hole(_) => unreachable!("only its owner knows a number, and uses it up"),
        }
    }

    /// Takes everything out.
    pub(crate) fn drain(&mut self) -> impl Iterator<Item = T> + use<T> {
        let places = std::mem::take(self).places;
        places.into_iter().filter_map(|place| match place {
            Place::Full(value) => Some(value),
            Place::Hole(_) => None,
        })
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
        assert_eq!(slab.remove(b), "b");
        assert_eq!(slab.remove(a), "a");
        assert_eq!(slab.next(), a);
        assert_eq!(["d", "e", "f"].map(|value| slab.insert(value)), [a, b, 3]);
        assert_eq!(*slab.get_mut(c), "c");
        assert!(!slab.is_empty());
        assert_eq!(slab.drain().collect::<Vec<_>>(), ["d", "e", "c", "f"]);
        assert!(slab.is_empty());
        assert_eq!(slab.insert("g"), 0);
        assert_eq!(slab.remove(0), "g");
        assert!(slab.is_empty());
    }
}
