//! A part of the candidates, for who has not the time for all of them at once.

use std::str::FromStr;

/// Of each exercise every so-manieth, from a certain one on: `2/3` are the second, the fifth, the eighth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Share {
    number: usize,
    of: usize,
}

impl Share {
    /// Whether the candidate with this index, from 0 on, belongs to it.
    pub(crate) fn includes(self, index: usize) -> bool {
        index % self.of == self.number - 1
    }
}

impl FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.split_once('/');
        let numbers = parts.and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        match numbers {
            Some((number, of)) if (1..=of).contains(&number) => Ok(Self { number, of }),
            _ => Err("a share is I/N, with I from 1 to N: 2/3 is the second third".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Share;

    #[test]
    fn all_shares_together_are_everything_once() {
        for index in 0..10 {
            let shares = ["1/3", "2/3", "3/3"].map(|share| share.parse::<Share>().unwrap());
            let in_how_many = shares.iter().filter(|share| share.includes(index)).count();
            assert_eq!(in_how_many, 1);
        }
    }

    #[test]
    fn what_is_no_share_is_refused() {
        for text in ["", "1", "0/3", "4/3", "1/0", "a/b", "1/3/5"] {
            assert!(text.parse::<Share>().is_err(), "{text}");
        }
    }
}
