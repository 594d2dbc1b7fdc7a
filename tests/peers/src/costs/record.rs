//! The results as a table in a text file, and back again for the picture.

use std::fmt::{self, Write as _};
use std::str::FromStr;

use crate::statistics::{Quartiles, Short, thousands};

/// What one kind costs.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Process, thread, job or task.
    pub kind: String,
    /// Nanoseconds to make one, let it end, and know that it has.
    pub create: Quartiles,
    /// Nanoseconds from one to another.
    pub switch: Quartiles,
    /// Bytes of one more; `None` where the system does not tell.
    pub memory: Option<f64>,
    /// Bytes of the kernel for one more; `None` where there are none, or the system does not tell.
    pub kernel: Option<f64>,
    /// How many there were at once.
    pub most: usize,
    /// Why not more.
    pub stopped: String,
}

/// The numbers that the picture shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// Process, thread, job or task.
    pub kind: String,
    /// As in [`Row`].
    pub create: f64,
    /// As in [`Row`].
    pub switch: f64,
    /// As in [`Row`].
    pub memory: Option<f64>,
    /// As in [`Row`].
    pub most: f64,
    /// Whether something stopped it that is not the benchmark's own bound.
    pub at_limit: bool,
}

/// The words that stand where the benchmark itself set an end.
pub const OWN_BOUND: &str = "the benchmark's own bound";

/// What separates the columns. Two spaces and more: a kind may have one in its name.
const GAP: &str = "  ";

/// Marks a line of the table for [`parse`].
const HEAD: &str = "kind";

/// All rows as a table.
#[derive(Clone, Copy, Debug)]
pub struct Table<'a>(pub &'a [Row]);

impl fmt::Display for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{HEAD:<15}{:>11}{:>25}{:>11}{:>25}{:>12}{:>12}{:>12}  stopped by",
            "create", "quartiles", "switch", "quartiles", "memory", "kernel", "most"
        )?;
        writeln!(
            f,
            "{:<15}{:>11}{:>25}{:>11}{:>25}{:>12}{:>12}{:>12}",
            "", "ns", "", "ns", "", "bytes", "bytes", "at once"
        )?;
        for row in self.0 {
            let bytes = |it: Option<f64>| it.map_or("–".into(), |it| Short(it).to_string());
            let most = thousands(row.most as f64);
            write!(f, "{:<15}", row.kind)?;
            for Quartiles { low, median, high } in [row.create, row.switch] {
                let spread = format!("{} – {}", Short(low), Short(high));
                write!(f, "{:>11}{spread:>25}", Short(median).to_string())?;
            }
            let (memory, kernel) = (bytes(row.memory), bytes(row.kernel));
            writeln!(f, "{memory:>12}{kernel:>12}{most:>12}  {}", row.stopped)?;
        }
        Ok(())
    }
}

/// The rows of the first table in a text, or what is wrong with it.
pub fn parse(text: &str) -> Result<Vec<Shown>, String> {
    let head = |line: &&str| line.starts_with(HEAD);
    let lines = text.lines().skip_while(|line| !head(line)).skip(2);
    let rows = lines.take_while(|line| !line.is_empty());
    let shown: Vec<Shown> = rows.map(parse_row).collect::<Result<_, _>>()?;
    match shown.is_empty() {
        true => Err("there is no table".into()),
        false => Ok(shown),
    }
}

fn parse_row(line: &str) -> Result<Shown, String> {
    let wrong = || format!("not a row of the table: {line}");
    let cells = line
        .split(GAP)
        .map(str::trim)
        .filter(|cell| !cell.is_empty());
    let cells: Vec<&str> = cells.collect();
    let [kind, create, _, switch, _, memory, _, most, stopped] = cells[..] else {
        return Err(wrong());
    };
    let number = |cell: &str| f64::from_str(&cell.replace(',', "")).ok();
    Ok(Shown {
        kind: kind.into(),
        create: number(create).ok_or_else(wrong)?,
        switch: number(switch).ok_or_else(wrong)?,
        memory: number(memory),
        most: number(most).ok_or_else(wrong)?,
        at_limit: stopped != OWN_BOUND,
    })
}

/// The counter-case: who, and nanoseconds a step with one byte in the ring, and with many.
#[must_use]
pub fn of_ring(rows: &[(&str, Quartiles, Quartiles)]) -> String {
    let mut text = format!(
        "{:<30}{:>12}{:>18}{:>14}{:>18}\n",
        "ns of CPU a step", "one byte", "quartiles", "many bytes", "quartiles"
    );
    for (who, one, many) in rows {
        let spread = |it: &Quartiles| format!("{} – {}", Short(it.low), Short(it.high));
        let median = |it: &Quartiles| Short(it.median).to_string();
        writeln!(
            text,
            "{who:<30}{:>12}{:>18}{:>14}{:>18}",
            median(one),
            spread(one),
            median(many),
            spread(many)
        )
        .expect("a string takes everything");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_reads_what_the_table_prints() {
        let quartiles = |median| Quartiles {
            low: 0.9 * median,
            median,
            high: 1.1 * median,
        };
        let row = |kind: &str, memory, stopped: &str| Row {
            kind: kind.into(),
            create: quartiles(1_234_567.0),
            switch: quartiles(12.5),
            memory,
            kernel: None,
            most: 10_000,
            stopped: stopped.into(),
        };
        let rows = [
            row("job in a pool", Some(123.0), OWN_BOUND),
            row("task", None, "no memory"),
        ];
        let text = format!("$ command\n\n{}\nmore", Table(&rows));
        let shown = parse(&text).expect("a table");
        assert_eq!(shown.len(), 2);
        let [job, task] = &shown[..] else {
            unreachable!("two")
        };
        assert_eq!(
            (job.kind.as_str(), job.create, job.switch),
            ("job in a pool", 1_234_567.0, 12.5)
        );
        assert_eq!(
            (job.memory, job.most, job.at_limit),
            (Some(123.0), 10_000.0, false)
        );
        assert_eq!((task.memory, task.at_limit), (None, true));
    }

    #[test]
    fn a_text_without_a_table_is_an_error() {
        assert!(parse("nothing").is_err());
        assert!(parse("kind\nns\ntask  x  y\n").is_err());
    }
}
