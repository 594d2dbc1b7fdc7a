//! The few shapes of a picture, as SVG that can be read in light and in dark.

use std::fmt::Write as _;

/// What a shape stands for; the style sheet says how that looks.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Style {
    /// The name of a lane.
    Head,
    /// The line of a lane.
    Lifeline,
    /// A poll.
    Strong,
    /// An ordinary outcome.
    Plain,
    /// An output.
    Ready,
    /// A poll of a child.
    Arrow,
    /// A wake.
    Wake,
    /// Something outside.
    Event,
    /// Clones and drops.
    Faint,
}

impl Style {
    fn class(self) -> &'static str {
        match self {
            Style::Head => "head",
            Style::Lifeline => "life",
            Style::Strong => "strong",
            Style::Plain => "plain",
            Style::Ready => "ready",
            Style::Arrow => "arrow",
            Style::Wake => "wake",
            Style::Event => "event",
            Style::Faint => "faint",
        }
    }
}

/// Colours for both backgrounds. An image in a page has no access to the page's own.
const SHEET: &str = "
  text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #1f2328; }
  .title { font: 600 15px system-ui, sans-serif; }
  .head { font-weight: 600; text-anchor: middle; }
  .strong { font-weight: 600; }
  text.ready { fill: #1a7f37; font-weight: 600; }
  text.wake { fill: #bc4c00; font-weight: 600; }
  text.event { fill: #0969da; }
  text.faint { fill: #6e7781; }
  line { stroke: #1f2328; stroke-width: 1.5; }
  .life { stroke: #afb8c1; stroke-width: 1; stroke-dasharray: 3 4; }
  line.wake { stroke: #bc4c00; }
  .bar { fill: #ddf4ff; stroke: #0969da; }
  .tip { fill: #1f2328; }
  .tip.wake, circle.wake { fill: #bc4c00; }
  circle.event { fill: #0969da; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    text.ready { fill: #3fb950; }
    text.wake { fill: #f0883e; }
    text.event { fill: #58a6ff; }
    text.faint { fill: #8b949e; }
    line { stroke: #e6edf3; }
    .life { stroke: #6e7681; }
    line.wake { stroke: #f0883e; }
    .bar { fill: #0c2d6b; stroke: #58a6ff; }
    .tip { fill: #e6edf3; }
    .tip.wake, circle.wake { fill: #f0883e; }
    circle.event { fill: #58a6ff; }
  }
";

/// A point: from the left, from the top.
type Point = (usize, usize);

/// A picture under way. Bars are kept apart: they lie under everything else.
#[derive(Debug)]
pub(crate) struct Page {
    head: String,
    bars: String,
    shapes: String,
}

impl Page {
    /// An empty page.
    pub(crate) fn new(title: &str, width: usize, height: usize) -> Page {
        let title = escaped(title);
        let mut head = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
             height=\"{height}\" role=\"img\">\n<title>{title}</title>\n<style>{SHEET}</style>\n"
        );
        let _ = writeln!(
            head,
            "<text class=\"title\" x=\"20\" y=\"24\">{title}</text>"
        );
        Page {
            head,
            bars: String::new(),
            shapes: String::new(),
        }
    }

    /// A text that begins at a point, or that has it in its middle for a lane's name.
    pub(crate) fn text(&mut self, style: Style, (x, y): Point, text: &str) {
        let (class, text) = (style.class(), escaped(text));
        let _ = writeln!(
            self.shapes,
            "<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{text}</text>"
        );
    }

    /// A line.
    pub(crate) fn line(&mut self, style: Style, (x, y): Point, (to_x, to_y): Point) {
        let class = style.class();
        let place = if matches!(style, Style::Lifeline) {
            &mut self.head
        } else {
            &mut self.shapes
        };
        let _ = writeln!(
            place,
            "<line class=\"{class}\" x1=\"{x}\" y1=\"{y}\" x2=\"{to_x}\" y2=\"{to_y}\"/>"
        );
    }

    /// A level line with a tip.
    pub(crate) fn arrow(&mut self, style: Style, from: Point, to: Point) {
        self.line(style, from, to);
        let ((x, y), class) = (to, style.class());
        let back = if to.0 > from.0 { x - 8 } else { x + 8 };
        let (above, below) = (y - 4, y + 4);
        let _ = writeln!(
            self.shapes,
            "<path class=\"tip {class}\" d=\"M{x} {y}L{back} {above}L{back} {below}Z\"/>"
        );
    }

    /// A dot.
    pub(crate) fn dot(&mut self, style: Style, (x, y): Point) {
        let class = style.class();
        let _ = writeln!(
            self.shapes,
            "<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"4\"/>"
        );
    }

    /// The bar of a poll.
    pub(crate) fn bar(&mut self, (x, y): Point, height: usize) {
        let height = height.max(4);
        let _ = writeln!(
            self.bars,
            "<rect class=\"bar\" x=\"{x}\" y=\"{y}\" width=\"10\" height=\"{height}\" rx=\"2\"/>"
        );
    }

    /// The whole picture.
    pub(crate) fn finish(self) -> String {
        format!("{}{}{}</svg>\n", self.head, self.bars, self.shapes)
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
