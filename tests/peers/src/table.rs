//! The results as text.

use std::fmt::Write as _;

use crate::rounds::Measured;
use crate::statistics::{Quartiles, Short};
use crate::works::Figure;

/// What is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// Times, bytes.
    Less,
    /// Round trips a second.
    More,
}

/// What one contestant has to reach against another.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// Who has to.
    pub who: &'static str,
    /// Against whom.
    pub against: &'static str,
    /// How many times as good at least.
    pub floor: f64,
    /// How many times as good it is meant to be.
    pub aim: f64,
}

/// A claim beside what was measured.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The work it is about.
    pub work: String,
    /// What was claimed.
    pub claim: Claim,
    /// How many times as good it was, round by round.
    pub times: Quartiles,
}

impl Judged {
    /// Holds the measured rounds against a claim, or `None` if one of the two was not measured.
    #[must_use]
    pub fn new(work: &str, claim: Claim, better: Better, all: &[Measured]) -> Option<Self> {
        let find = |name| all.iter().find(|measured| measured.name == name);
        let (who, against) = (find(claim.who)?, find(claim.against)?);
        let times = match better {
            Better::Less => against.times(who),
            Better::More => who.times(against),
        };
        Some(Self {
            work: work.to_owned(),
            claim,
            times,
        })
    }

    /// Whether the median reaches the floor. Nothing is rounded: 0.999 does not reach 1.
    #[must_use]
    pub fn floor_met(&self) -> bool {
        self.times.median >= self.claim.floor
    }

    /// Whether the median reaches the aim.
    #[must_use]
    pub fn aim_met(&self) -> bool {
        self.times.median >= self.claim.aim
    }
}

/// One line for each contestant, and for each figure its median, its quartiles, and how many times as
/// good as the first it is.
#[must_use]
pub fn of_contestants(figures: &[(&Figure, &[Measured])]) -> String {
    let mut text = String::new();
    let mut line = |cells: Vec<String>| {
        let line = cells.concat();
        writeln!(text, "  {}", line.trim_end()).expect("a string takes everything");
    };
    let cells = |first: &str, others: Vec<[String; 3]>| {
        let others = others
            .iter()
            .map(|[median, spread, times]| format!("{median:>14}   {spread:<17}{times:>8}   "));
        [format!("{first:<30}")].into_iter().chain(others).collect()
    };
    let head = |figure: &Figure| [figure.unit.into(), "quartiles".into(), "× first".into()];
    let heads = figures.iter().map(|(figure, _)| head(figure)).collect();
    line(cells("", heads));
    let (_, contestants) = figures[0];
    for (index, contestant) in contestants.iter().enumerate() {
        let of_figure = |(figure, all): &(&Figure, &[Measured])| of_one(figure.better, all, index);
        line(cells(
            contestant.name,
            figures.iter().map(of_figure).collect(),
        ));
    }
    text
}

/// Median, quartiles, and how many times as good as the first.
fn of_one(better: Better, all: &[Measured], index: usize) -> [String; 3] {
    let measured = &all[index];
    let Quartiles { low, median, high } = measured.quartiles();
    let times = match better {
        Better::Less => all[0].times(measured),
        Better::More => measured.times(&all[0]),
    };
    // One that needs nothing at all is not so many times as good as any other.
    let times = match times.median {
        times if times.is_finite() => format!("{times:.2}"),
        _ => "–".into(),
    };
    let spread = format!("{} – {}", Short(low), Short(high));
    [Short(median).to_string(), spread, times]
}

/// One line for each claim, with its floor and its aim.
#[must_use]
pub fn of_claims(all: &[Judged]) -> String {
    let mut text = format!(
        "{:<24} {:<58} {:>5}  {:<13} {:>5} {:<8} {:>5} {:<8}\n",
        "work", "who, against whom", "times", "quartiles", "floor", "", "aim", ""
    );
    for judged in all {
        let Claim {
            who,
            against,
            floor,
            aim,
        } = judged.claim;
        let Quartiles { low, median, high } = judged.times;
        let pair = format!("{who} / {against}");
        let line = format!(
            "{:<24} {pair:<58} {median:>5.2}  {:<13} {floor:>5.2} {:<8} {aim:>5.2} {:<8}",
            judged.work,
            format!("{low:.2} – {high:.2}"),
            verdict(judged.floor_met()),
            verdict(judged.aim_met()),
        );
        writeln!(text, "{}", line.trim_end()).expect("a string takes everything");
    }
    text
}

/// One line for each contestant, one column for each size, and the last column by the first.
#[must_use]
pub fn of_growth(columns: &[(&str, &[Measured])]) -> String {
    let mut text = format!("    {:<34}", "");
    for (size, _) in columns {
        write!(text, "{size:>12}").expect("a string takes everything");
    }
    writeln!(text, "{:>14}", "last / first").expect("a string takes everything");
    let Some((_, contestants)) = columns.first() else {
        return text;
    };
    for (index, contestant) in contestants.iter().enumerate() {
        let median = |(_, column): &(&str, &[Measured])| column[index].quartiles().median;
        let medians: Vec<f64> = columns.iter().map(median).collect();
        write!(text, "    {:<34}", contestant.name).expect("a string takes everything");
        for median in &medians {
            write!(text, "{:>12}", Short(*median).to_string()).expect("a string takes everything");
        }
        let factor = medians[medians.len() - 1] / medians[0];
        writeln!(text, "{factor:>14.2}").expect("a string takes everything");
    }
    text
}

fn verdict(met: bool) -> &'static str {
    if met { "met" } else { "NOT MET" }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLAIM: Claim = Claim {
        who: "ours",
        against: "theirs",
        floor: 1.0,
        aim: 2.0,
    };

    fn measured(name: &'static str, value: f64) -> Measured {
        Measured {
            name,
            rounds: vec![value; 3],
        }
    }

    #[test]
    fn less_time_and_more_round_trips_are_both_better() {
        let all = [measured("ours", 2.0), measured("theirs", 3.0)];
        let less = Judged::new("work", CLAIM, Better::Less, &all).expect("both are there");
        assert!(less.floor_met() && !less.aim_met());
        let more = Judged::new("work", CLAIM, Better::More, &all).expect("both are there");
        assert!(!more.floor_met());
    }

    #[test]
    fn a_claim_about_somebody_who_was_not_measured_is_not_judged() {
        assert!(Judged::new("work", CLAIM, Better::Less, &[measured("ours", 1.0)]).is_none());
    }

    #[test]
    fn a_floor_is_not_rounded_up_to() {
        let all = [measured("ours", 1.0), measured("theirs", 0.999)];
        let judged = Judged::new("work", CLAIM, Better::Less, &all).expect("both are there");
        assert!(!judged.floor_met());
    }
}
