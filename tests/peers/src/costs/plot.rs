//! The table as a picture: four panels, each on a logarithmic axis of its own.

use std::ops::Range;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::record::Shown;
use crate::statistics::{Short, thousands};

/// For whoever cannot see it.
const TITLE: &str = "What processes, threads, jobs in a pool, and tasks cost: to create, to switch, \
                     in memory, and how many there were at once";

/// Pixels of the whole.
const SIZE: (u32, u32) = (860, 560);

/// The colours of the four kinds, in the order of the table.
const COLOURS: [RGBColor; 4] = [
    RGBColor(207, 34, 46),
    RGBColor(188, 76, 0),
    RGBColor(9, 105, 218),
    RGBColor(26, 127, 55),
];

/// Ink.
const INK: RGBColor = RGBColor(31, 35, 40);

/// What goes wrong when a picture is drawn.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// One of the four.
struct Panel {
    title: &'static str,
    value: fn(&Shown) -> Option<f64>,
    label: fn(f64) -> String,
    /// Whether there could be more of it than was measured.
    more: fn(&Shown) -> bool,
}

/// What the panels show.
const PANELS: [Panel; 4] = [
    Panel {
        title: "create one, and let it end",
        value: |it| Some(it.create),
        label: time,
        more: |_| false,
    },
    Panel {
        title: "switch from one to another",
        value: |it| Some(it.switch),
        label: time,
        more: |_| false,
    },
    Panel {
        title: "memory of an idle one",
        value: |it| it.memory,
        label: bytes,
        more: |_| false,
    },
    Panel {
        title: "how many there were at once (≥: and no limit was hit)",
        value: |it| Some(it.most),
        label: thousands,
        more: |it| !it.at_limit,
    },
];

/// The picture as SVG.
pub fn svg(rows: &[Shown]) -> Result<String, Error> {
    let mut text = String::new();
    {
        let root = SVGBackend::with_string(&mut text, SIZE).into_drawing_area();
        root.fill(&WHITE)?;
        for (panel, area) in PANELS.iter().zip(root.split_evenly((2, 2))) {
            draw(panel, rows, &area.margin(8, 8, 8, 8))?;
        }
        root.present()?;
    }
    let named = format!(" role=\"img\">\n<title>{TITLE}</title>\n");
    Ok(text.replacen(">\n", &named, 1))
}

fn draw(
    panel: &Panel,
    rows: &[Shown],
    area: &DrawingArea<SVGBackend<'_>, Shift>,
) -> Result<(), Error> {
    let values: Vec<f64> = rows.iter().filter_map(panel.value).collect();
    let range = decades(&values);
    let mut chart = ChartBuilder::on(area)
        .caption(panel.title, ("sans-serif", 16, &INK))
        .x_label_area_size(24)
        .y_label_area_size(64)
        .build_cartesian_2d(
            (0..rows.len() - 1).into_segmented(),
            range.clone().log_scale(),
        )?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        // With 0, plotters 0.3.7 looks for places for no lines, and never finds them.
        .max_light_lines(1)
        .x_label_style(("sans-serif", 13, &INK))
        .x_label_formatter(&|place| match place {
            SegmentValue::CenterOf(index) => {
                rows.get(*index).map_or("", |row| &row.kind).to_owned()
            }
            _ => String::new(),
        })
        .y_label_style(("sans-serif", 12, &INK))
        .y_label_formatter(&|value| (panel.label)(*value))
        .draw()?;
    for (index, row) in rows.iter().enumerate() {
        let Some(value) = (panel.value)(row) else {
            continue;
        };
        let (left, right) = (SegmentValue::Exact(index), SegmentValue::Exact(index + 1));
        let colour = COLOURS[index % COLOURS.len()];
        let mut bar = Rectangle::new([(left, range.start), (right, value)], colour.filled());
        bar.set_margin(0, 0, 16, 16);
        chart.draw_series([bar])?;
        let anchor = Pos::new(HPos::Center, VPos::Bottom);
        let style = ("sans-serif", 13, &INK).into_text_style(area).pos(anchor);
        let place = (SegmentValue::CenterOf(index), value);
        let more = if (panel.more)(row) { "≥ " } else { "" };
        let label = format!("{more}{}", (panel.label)(value));
        chart.draw_series([Text::new(label, place, style)])?;
    }
    Ok(())
}

/// Whole powers of ten around all values, with room for a label above the largest.
fn decades(values: &[f64]) -> Range<f64> {
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = values.iter().copied().fold(1.0, f64::max);
    let floor = (least / 2.0).log10().floor();
    let ceiling = (most * 3.0).log10().ceil();
    10_f64.powf(floor.min(ceiling - 1.0))..10_f64.powf(ceiling)
}

fn time(nanoseconds: f64) -> String {
    scaled(nanoseconds, 1000.0, &["ns", "µs", "ms", "s"])
}

fn bytes(bytes: f64) -> String {
    scaled(bytes, 1000.0, &["B", "kB", "MB", "GB"])
}

/// In the unit that leaves the fewest digits before the point.
fn scaled(value: f64, step: f64, units: &[&str]) -> String {
    let larger = |index: &usize| value >= step.powi(*index as i32);
    let index = (1..units.len()).take_while(larger).last().unwrap_or(0);
    let number = Short(value / step.powi(index as i32)).to_string();
    let number = if number.contains('.') {
        number
            .trim_end_matches('0')
            .trim_end_matches('.')
            .to_owned()
    } else {
        number
    };
    format!("{number} {}", units[index])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_fit_their_numbers() {
        let times = [12.5, 1000.0, 1_234_567.0].map(time);
        assert_eq!(times, ["12.5 ns", "1 µs", "1.23 ms"]);

        assert_eq!(bytes(2500.0), "2.5 kB");
    }

    #[test]
    fn every_value_has_its_bar() {
        let row = |kind: &str, create| Shown {
            kind: kind.into(),
            create,
            switch: 10.0 * create,
            memory: None,
            most: 1000.0,
            at_limit: false,
        };
        let picture = svg(&[row("process", 1e6), row("task", 100.0)]).expect("a picture");
        for label in [
            "1 ms",
            "100 ns",
            "10 ms",
            "1 µs",
            "≥ 1,000",
            "process",
            "task",
        ] {
            assert!(picture.contains(label), "{label}");
        }
    }
}
