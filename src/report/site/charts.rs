//! Charts as SVG that stands within a page: no script, no style of its own, no colour but those that the style sheet knows and
//! puts right for dark screens. Whoever cannot see one reads the table beside it.

use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// The size on which it is drawn; browsers scale it.
const SIZE: (u32, u32) = (860, 260);

/// A colour by what it means. `leads.css` knows these and no others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Bad,
    Warn,
    Good,
    Open,
    Quiet,
    Soft,
}

impl Tone {
    fn color(self) -> RGBColor {
        match self {
            Self::Bad => RGBColor(0x9f, 0x1d, 0x1d),
            Self::Warn => RGBColor(0x74, 0x4c, 0x00),
            Self::Good => RGBColor(0x19, 0x61, 0x2f),
            Self::Open => RGBColor(0x1d, 0x4f, 0x8c),
            Self::Quiet => RGBColor(0x4b, 0x52, 0x5b),
            Self::Soft => RGBColor(0x54, 0x5c, 0x66),
        }
    }
}

/// One row of numbers, one for each week; absent where nothing is known of it.
pub(super) struct Series {
    pub(super) name: &'static str,
    pub(super) tone: Tone,
    pub(super) values: Vec<Option<usize>>,
}

/// A line for each series, named at its end.
pub(super) fn lines(weeks: &[String], series: &[Series]) -> String {
    let top = series.iter().flat_map(|one| one.values.iter().flatten()).copied().max().unwrap_or(0);
    drawn(weeks, top, |chart| {
        for one in series {
            let style = one.tone.color().stroke_width(2);
            let points = || one.values.iter().enumerate().filter_map(|(at, n)| n.map(|n| (middle(at), real(n))));
            chart.draw_series(LineSeries::new(points(), style))?;
            chart.draw_series(points().map(|point| Circle::new(point, 3, one.tone.color().filled())))?;
        }
        // Names that end at one height would stand on each other.
        let mut ends: Vec<(f64, &Series)> =
            series.iter().filter_map(|one| Some((real((*one.values.last()?)?), one))).collect();
        ends.sort_by(|a, b| a.0.total_cmp(&b.0));
        let apart = real(top.max(1)) * 0.085;
        let mut below = f64::NEG_INFINITY;
        for (end, one) in ends {
            below = end.max(below + apart);
            let at = (middle(weeks.len().saturating_sub(1)) + 0.15, below);
            chart.draw_series([Text::new(one.name, at, label(one.tone, HPos::Left, VPos::Center))])?;
        }
        Ok(())
    })
}

/// For each week a bar for each series, side by side.
pub(super) fn bars(weeks: &[String], series: &[Series]) -> String {
    let top = series.iter().flat_map(|one| one.values.iter().flatten()).copied().max().unwrap_or(0);
    let width = 0.7 / real(series.len().max(1));
    drawn(weeks, top, |chart| {
        for (nth, one) in series.iter().enumerate() {
            let from = |at: usize| real(at) + 0.15 + width * real(nth);
            let bars = one.values.iter().enumerate().filter_map(|(at, n)| Some((from(at), real((*n)?))));
            let bar = |(left, n)| Rectangle::new([(left, 0.0), (left + width * 0.92, n)], one.tone.color().filled());
            chart.draw_series(bars.map(bar))?;
        }
        legend(chart, weeks, top, series)
    })
}

/// For each week one bar, with the series one above the other.
pub(super) fn stacks(weeks: &[String], series: &[Series]) -> String {
    let height = |at: usize| series.iter().filter_map(|one| *one.values.get(at)?).sum::<usize>();
    let top = (0..weeks.len()).map(height).max().unwrap_or(0);
    drawn(weeks, top, |chart| {
        let mut under = vec![0usize; weeks.len()];
        for one in series {
            for (at, n) in one.values.iter().enumerate() {
                let (Some(n), Some(under)) = (n, under.get_mut(at)) else { continue };
                let (left, low, high) = (real(at) + 0.2, real(*under), real(*under + n));
                if *n > 0 {
                    let bar = Rectangle::new([(left, low), (left + 0.6, high)], one.tone.color().filled());
                    chart.draw_series([bar])?;
                }
                *under += n;
            }
        }
        legend(chart, weeks, top, series)
    })
}

type Drawing<'a> = ChartContext<'a, SVGBackend<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;
type Drawn = Result<(), DrawingAreaErrorKind<std::io::Error>>;

/// The frame of a chart: weeks below, numbers at the left.
fn drawn(weeks: &[String], top: usize, draw: impl FnOnce(&mut Drawing<'_>) -> Drawn) -> String {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        let told = (|| {
            let right = real(weeks.len()) + 1.6;
            let mut chart = ChartBuilder::on(&area)
                .margin_top(10)
                .x_label_area_size(28)
                .y_label_area_size(48)
                .build_cartesian_2d(0.0..right, 0.0..real(top.max(1)) * 1.08)?;
            let soft = Tone::Soft.color();
            let mut mesh = chart.configure_mesh();
            mesh.disable_x_mesh().light_line_style(TRANSPARENT).bold_line_style(soft.mix(0.25)).axis_style(soft);
            mesh.x_labels(0).y_labels(top.clamp(1, 5) + 1).y_label_formatter(&|n| format!("{n:.0}"));
            mesh.label_style(label(Tone::Soft, HPos::Left, VPos::Center)).draw()?;
            for (at, week) in weeks.iter().enumerate() {
                let style = label(Tone::Soft, HPos::Center, VPos::Top);
                let (x, y) = chart.backend_coord(&(middle(at), 0.0));
                area.draw(&Text::new(week.clone(), (x, y + 8), style))?;
            }
            draw(&mut chart)?;
            area.present()
        })();
        told.expect("a drawing in memory has nothing that fails");
    }
    svg
}

/// The names of the series at the right, the first lowest.
fn legend(chart: &mut Drawing<'_>, weeks: &[String], top: usize, series: &[Series]) -> Drawn {
    for (nth, one) in series.iter().enumerate() {
        let at = (real(weeks.len()) + 0.1, real(top.max(1)) * (0.1 + 0.12 * real(nth)));
        chart.draw_series([Text::new(one.name, at, label(one.tone, HPos::Left, VPos::Center))])?;
    }
    Ok(())
}

fn label(tone: Tone, across: HPos, down: VPos) -> TextStyle<'static> {
    let color = tone.color().to_backend_color();
    TextStyle { color, ..TextStyle::from(("sans-serif", 13)) }.pos(Pos::new(across, down))
}

fn middle(week: usize) -> f64 {
    real(week) + 0.5
}

fn real(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::{Series, Tone, bars, lines, stacks};

    fn series(name: &'static str, values: &[Option<usize>]) -> Series {
        Series { name, tone: Tone::Bad, values: values.to_vec() }
    }

    #[test]
    fn a_chart_is_markup_that_runs_and_loads_nothing() {
        let weeks: Vec<String> = (0..13).map(|n| format!("W{n} <&>")).collect();
        for values in [vec![], vec![None; 13], vec![Some(0); 13], (0..13).map(|n| Some(n * n)).collect()] {
            let all = [series("undone", &values), series("done", &values)];
            for svg in [lines(&weeks, &all), bars(&weeks, &all), stacks(&weeks, &all)] {
                assert!(svg.starts_with("<svg "), "{svg}");
                for forbidden in ["<script", "style=", "href", "W0 <&>", "NaN", "inf"] {
                    assert!(!svg.contains(forbidden), "{forbidden} in {svg}");
                }
            }
        }
    }

    #[test]
    fn a_week_of_which_nothing_is_known_is_left_out_and_not_drawn_as_nothing() {
        let weeks = ["1".to_owned(), "2".to_owned(), "3".to_owned()];
        let circles = |values: &[Option<usize>]| lines(&weeks, &[series("x", values)]).matches("<circle").count();
        assert_eq!(circles(&[Some(1), None, Some(0)]), 2);
        assert_eq!(circles(&[Some(1), Some(2), Some(0)]), 3);
    }
}
