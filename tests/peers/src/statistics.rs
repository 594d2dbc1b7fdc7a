//! What is left of many measurements: the middle and the spread.

use std::fmt;

/// The quartiles of some measurements.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quartiles {
    /// A quarter lies below.
    pub low: f64,
    /// Half lies below.
    pub median: f64,
    /// Three quarters lie below.
    pub high: f64,
}

impl Quartiles {
    /// Of at least one measurement.
    #[must_use]
    pub fn of(measurements: &[f64]) -> Self {
        let mut sorted = measurements.to_vec();
        sorted.sort_by(f64::total_cmp);
        Self {
            low: at(&sorted, 0.25),
            median: at(&sorted, 0.5),
            high: at(&sorted, 0.75),
        }
    }
}

/// The value at a fraction of the way, between its two neighbours if need be.
fn at(sorted: &[f64], fraction: f64) -> f64 {
    let place = fraction * (sorted.len() - 1) as f64;
    let (below, above) = (
        sorted[place.floor() as usize],
        sorted[place.ceil() as usize],
    );
    below + (above - below) * place.fract()
}

/// A number with three or four digits that mean something.
#[derive(Clone, Copy, Debug)]
pub struct Short(pub f64);

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.0.abs() {
            size if size >= 1000.0 => thousands(self.0),
            size if size >= 100.0 => format!("{:.0}", self.0),
            size if size >= 10.0 => format!("{:.1}", self.0),
            _ => format!("{:.2}", self.0),
        };
        f.pad(&text)
    }
}

/// Without a fraction, and with a comma after every three digits.
#[must_use]
pub fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_number_lies_between_two() {
        let quartiles = Quartiles::of(&[4.0, 1.0, 3.0, 2.0]);
        assert_eq!(quartiles.median, 2.5);
        assert_eq!((quartiles.low, quartiles.high), (1.75, 3.25));
    }

    #[test]
    fn numbers_are_printed_with_the_digits_that_count() {
        let printed = [0.5, 12.34, 123.4, 1234.5, 1_234_567.0].map(|it| Short(it).to_string());
        assert_eq!(printed, ["0.50", "12.3", "123", "1,234", "1,234,567"]);
    }
}
