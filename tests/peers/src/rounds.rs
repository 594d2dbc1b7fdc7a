//! Measuring side by side: round by round, each in its turn.

use crate::statistics::Quartiles;

/// One of those that are compared, and how it is measured.
pub struct Contestant {
    /// As the table prints it.
    pub name: &'static str,
    /// Measures once: a number for each figure.
    pub measure: Box<dyn FnMut() -> Vec<f64>>,
}

/// What was measured of one contestant, a number a round.
#[derive(Clone, Debug)]
pub struct Measured {
    /// As the table prints it.
    pub name: &'static str,
    /// In the order of the rounds, so that two contestants can be compared within each.
    pub rounds: Vec<f64>,
}

impl Measured {
    /// The middle and the spread.
    #[must_use]
    pub fn quartiles(&self) -> Quartiles {
        Quartiles::of(&self.rounds)
    }

    /// How many times `other` this is, round by round.
    #[must_use]
    pub fn times(&self, other: &Self) -> Quartiles {
        let pairs = self.rounds.iter().zip(&other.rounds);
        let ratios: Vec<f64> = pairs.map(|(this, other)| this / other).collect();
        Quartiles::of(&ratios)
    }
}

impl Contestant {
    /// Something that is measured by calling `measure`.
    pub fn new(name: &'static str, measure: impl FnMut() -> Vec<f64> + 'static) -> Self {
        Self {
            name,
            measure: Box::new(measure),
        }
    }
}

/// Measures every contestant once a round. Each round begins with the next one, so that none always
/// comes after the same neighbour's cache and heap; the first `warm_up` rounds do not count.
///
/// Gives, for each of the `figures`, what was measured of each contestant.
pub fn run(
    mut contestants: Vec<Contestant>,
    figures: usize,
    warm_up: usize,
    rounds: usize,
) -> Vec<Vec<Measured>> {
    let nothing = |contestant: &Contestant| Measured {
        name: contestant.name,
        rounds: Vec::with_capacity(rounds),
    };
    let nothing: Vec<_> = contestants.iter().map(nothing).collect();
    let mut measured = vec![nothing; figures];
    let count = contestants.len();
    for round in 0..warm_up + rounds {
        for turn in 0..count {
            let index = (round + turn) % count;
            let results = (contestants[index].measure)();
            assert_eq!(results.len(), figures, "a number for each figure");
            if round >= warm_up {
                for (figure, result) in measured.iter_mut().zip(results) {
                    figure[index].rounds.push(result);
                }
            }
        }
    }
    measured
}

impl std::fmt::Debug for Contestant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Contestant")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, rc::Rc};

    use super::*;

    #[test]
    fn each_round_begins_with_another_one() {
        let order = Rc::new(RefCell::new(Vec::new()));
        let contestant = |name| {
            let order = Rc::clone(&order);
            Contestant::new(name, move || {
                order.borrow_mut().push(name);
                vec![0.0]
            })
        };
        run(vec![contestant("a"), contestant("b")], 1, 1, 2);
        assert_eq!(*order.borrow(), ["a", "b", "b", "a", "a", "b"]);
    }

    #[test]
    fn ratios_are_taken_within_a_round() {
        let slow = Measured {
            name: "slow",
            rounds: vec![2.0, 20.0, 6.0],
        };
        let fast = Measured {
            name: "fast",
            rounds: vec![1.0, 10.0, 2.0],
        };
        assert_eq!(slow.times(&fast).median, 2.0);
    }
}
