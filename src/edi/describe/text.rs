//! A page as lines of text: labels and tables line up, widths come from what stands in them.

use super::page::{Section, Table, Tone};

/// What is written before and after a piece of text to give it a look; nothing in plain text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Palette {
    /// Titles of sections.
    pub title: &'static str,
    /// Labels, headings, places.
    pub faint: &'static str,
    /// What holds.
    pub good: &'static str,
    /// What does not.
    pub bad: &'static str,
    /// Ends any of these.
    pub end: &'static str,
}

impl Palette {
    /// No looks: for files and pipes.
    pub const PLAIN: Palette = Palette { title: "", faint: "", good: "", bad: "", end: "" };

    /// For terminals (ECMA-48).
    pub const COLOUR: Palette = Palette { title: "\x1b[1m", faint: "\x1b[2m", good: "\x1b[32m", bad: "\x1b[31m", end: "\x1b[0m" };

    fn tone(&self, tone: Tone) -> &'static str {
        match tone {
            Tone::Good => self.good,
            Tone::Plain => "",
            Tone::Bad => self.bad,
        }
    }

    /// A text in one of the looks.
    fn paint(&self, look: &str, text: &str) -> String {
        if look.is_empty() || text.is_empty() { text.to_owned() } else { format!("{look}{text}{}", self.end) }
    }
}

/// Columns between the edge of a section and its parts.
const INDENT: usize = 2;

/// A section and all its parts as lines, each ended by a line feed.
#[must_use]
pub fn to_text(section: &Section, palette: &Palette) -> String {
    let mut out = String::new();
    write(section, palette, 0, &mut out);
    out
}

fn write(section: &Section, palette: &Palette, indent: usize, out: &mut String) {
    let place = section.segment.map_or_else(String::new, |n| palette.paint(palette.faint, &format!("  [segment {n}]")));
    line(out, indent, &format!("{}{place}", palette.paint(palette.title, &section.title)));
    let inner = indent + INDENT;
    let width = section.facts.iter().map(|fact| width_of(&fact.label)).max().unwrap_or_default();
    for fact in &section.facts {
        line(out, inner, &format!("{}  {}", palette.paint(palette.faint, &pad(&fact.label, width, false)), fact.text));
    }
    for table in &section.tables {
        out.push('\n');
        write_table(table, palette, inner, out);
    }
    if !section.tables.is_empty() && !section.remarks.is_empty() {
        out.push('\n');
    }
    for remark in &section.remarks {
        line(out, inner, &palette.paint(palette.tone(remark.tone), &remark.text));
    }
    for part in &section.parts {
        out.push('\n');
        write(part, palette, inner, out);
    }
}

fn write_table(table: &Table, palette: &Palette, indent: usize, out: &mut String) {
    if let Some(title) = &table.title {
        line(out, indent, title);
    }
    let mut widths: Vec<usize> = table.columns.iter().map(|column| width_of(&column.name)).collect();
    for cells in table.rows.iter().chain(&table.total) {
        for (width, cell) in widths.iter_mut().zip(cells) {
            *width = (*width).max(width_of(cell));
        }
    }
    let row = |cells: &[String]| {
        let padded = table.columns.iter().zip(&widths).enumerate();
        let padded = padded.map(|(at, (column, &width))| pad(cells.get(at).map_or("", String::as_str), width, column.right));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let names: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
    line(out, indent, &palette.paint(palette.faint, &row(&names)));
    for cells in &table.rows {
        line(out, indent, &row(cells));
    }
    if let Some(total) = &table.total {
        let rules: Vec<String> =
            total.iter().zip(&widths).map(|(cell, &width)| if cell.is_empty() { String::new() } else { "─".repeat(width) }).collect();
        line(out, indent, &palette.paint(palette.faint, &row(&rules)));
        line(out, indent, &row(total));
    }
}

fn line(out: &mut String, indent: usize, text: &str) {
    out.push_str(format!("{:indent$}{text}", "").trim_end());
    out.push('\n');
}

fn pad(text: &str, width: usize, right: bool) -> String {
    let gap = " ".repeat(width.saturating_sub(width_of(text)));
    if right { format!("{gap}{text}") } else { format!("{text}{gap}") }
}

fn width_of(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> Section {
        let mut section = Section::new("Claim C1").at(7);
        section.fact("paid", "1.00");
        section.fact("payer's number", "I9");
        section.fact("nothing", "");
        let mut table = Table::new(&["line", ">charge", "note"]);
        table.row(vec!["1".into(), "1200.00".into(), String::new()]);
        table.row(vec!["2".into(), "-3.50".into(), "»é".into()]);
        table.total = Some(vec![String::new(), "1196.50".into(), String::new()]);
        section.table(table);
        section.remark(Tone::Good, "it holds");
        section.parts.push(Section::new("part"));
        section
    }

    #[test]
    fn labels_and_amounts_line_up() {
        let text = to_text(&page(), &Palette::PLAIN);
        let lines = [
            "Claim C1  [segment 7]",
            "  paid            1.00",
            "  payer's number  I9",
            "",
            "  line   charge  note",
            "  1     1200.00",
            "  2       -3.50  »é",
            "        ───────",
            "        1196.50",
            "",
            "  it holds",
            "",
            "  part",
            "",
        ];
        assert_eq!(text, lines.join("\n"));
    }

    #[test]
    fn colours_change_nothing_but_the_look() {
        let mut painted = to_text(&page(), &Palette::COLOUR);
        for look in ["\x1b[1m", "\x1b[2m", "\x1b[32m", "\x1b[0m"] {
            assert!(painted.contains(look));
            painted = painted.replace(look, "");
        }
        let trimmed: Vec<&str> = painted.lines().map(str::trim_end).collect();
        assert_eq!(trimmed.join("\n") + "\n", to_text(&page(), &Palette::PLAIN));
    }

    #[test]
    fn a_column_without_content_goes_with_its_heading_and_sum() {
        let mut table = Table::new(&["a", ">b", "c"]);
        table.row(vec!["1".into(), String::new(), "3".into()]);
        table.total = Some(vec![String::new(); 3]);
        let table = table.without_empty(&["b", "c"]);
        assert_eq!(table.columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["a", "c"]);
        assert_eq!((table.rows[0].as_slice(), table.total.unwrap().len()), (&["1".to_owned(), "3".to_owned()][..], 2));
    }
}
