//! What a description is made of: sections of facts, tables and remarks. Everything in it is text ready to be read; what must not be
//! seen was masked before it got here.

use serde::Serialize;

/// One thing described: an envelope, a remittance, a claim.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Section {
    /// What it is, in a line.
    pub title: String,
    /// The number in the file of the segment that begins it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub segment: Option<u32>,
    /// What is known of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Fact>,
    /// Its lines.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<Table>,
    /// Sentences about it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Remark>,
    /// What it holds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Section>,
}

/// A label and what it stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// What is told.
    pub label: String,
    /// What it is.
    pub text: String,
}

/// A sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// How it is meant.
    pub tone: Tone,
    /// The sentence.
    pub text: String,
}

/// How a remark is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// What was checked and holds.
    Good,
    /// For information.
    Plain,
    /// What does not hold or wants a person.
    Bad,
}

/// Rows of cells under headings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Table {
    /// What the rows are, where the section doesn't say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The headings.
    pub columns: Vec<Column>,
    /// The rows, each as long as `columns`.
    pub rows: Vec<Vec<String>>,
    /// The sums below the rows, empty where a column has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<Vec<String>>,
}

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Column {
    /// The heading's text.
    pub name: String,
    /// Numbers stand to the right.
    #[serde(skip)]
    pub right: bool,
}

impl Section {
    /// A section with nothing but a title.
    pub fn new(title: impl Into<String>) -> Section {
        Section { title: title.into(), ..Section::default() }
    }

    /// The same, beginning at a segment of the file; 0 stands for none.
    #[must_use]
    pub fn at(mut self, segment: u32) -> Section {
        self.segment = Some(segment).filter(|&number| number > 0);
        self
    }

    /// Adds a fact; an empty text is no fact.
    pub fn fact(&mut self, label: impl Into<String>, text: impl Into<String>) {
        let text = text.into();
        if !text.is_empty() {
            self.facts.push(Fact { label: label.into(), text });
        }
    }

    /// Adds a sentence.
    pub fn remark(&mut self, tone: Tone, text: impl Into<String>) {
        self.remarks.push(Remark { tone, text: text.into() });
    }

    /// Adds a table; one without rows is none.
    pub fn table(&mut self, table: Table) {
        if !table.rows.is_empty() {
            self.tables.push(table);
        }
    }
}

impl Table {
    /// An empty table. A heading that begins with `>` is a column of numbers.
    pub fn new<S: AsRef<str>>(headings: &[S]) -> Table {
        let column = |heading: &S| {
            let heading = heading.as_ref();
            let name = heading.trim_start_matches('>').to_owned();
            Column { right: heading.starts_with('>'), name }
        };
        Table { columns: headings.iter().map(column).collect(), ..Table::default() }
    }

    /// The same under a title.
    #[must_use]
    pub fn titled(mut self, title: impl Into<String>) -> Table {
        self.title = Some(title.into());
        self
    }

    /// Adds a row.
    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// Takes out the columns, among those of these names, that have nothing in any row.
    #[must_use]
    pub fn without_empty(mut self, names: &[&str]) -> Table {
        for at in (0..self.columns.len()).rev() {
            let is_empty = |cells: &Vec<String>| cells.get(at).is_none_or(String::is_empty);
            if names.contains(&self.columns[at].name.as_str()) && self.rows.iter().all(is_empty) {
                self.columns.remove(at);
                for cells in self.rows.iter_mut().chain(&mut self.total).filter(|cells| cells.len() > at) {
                    cells.remove(at);
                }
            }
        }
        self
    }
}
