//! What the columns of a table hold: by its header, wherever that stands, or by a column that says who speaks.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::super::format::{Block, BlockKind};
use super::super::words::{Words, words};
use super::lines::{self, Mode, Party};

/// A header stands among so many first rows.
const HEADER_ROWS_MAX: u32 = 12;
/// And its cells have at most so many words.
const HEADER_WORDS_MAX: usize = 7;

/// What a cell of a table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Agent,
    Customer,
    Forbidden,
    /// Another column of the row says who speaks.
    Turn(Party),
}

/// What a cell of a table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Names a column, or who speaks.
    Header,
    Data(Option<Column>),
}

/// What is known of one table.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// Rows that are headers, in order, and what they make of each column.
    headers: Vec<(u32, Vec<Option<Column>>)>,
    /// The column that says who speaks, and whose words stand in which.
    who: Option<(u32, Vec<u32>)>,
    parties: BTreeMap<u32, Party>,
}

impl Table {
    /// What stands in a cell; `header`: its format says that it is one of the header.
    pub(super) fn place(&self, row: u32, column: u32, header: bool) -> Place {
        let last = self.headers.iter().rfind(|(own, _)| *own <= row);
        let role = last.and_then(|(_, columns)| columns.get(column as usize).copied().flatten());
        let named = last.is_some_and(|(own, _)| *own == row);
        // A first row without known names is a header where the format says so and no other row is one.
        if named && (header || role.is_some() || row > 0)
            || header && self.headers.is_empty() && self.who.is_none()
        {
            return Place::Header;
        }
        if let Some((who, said)) = &self.who {
            let party = self.parties.get(&row);
            if column == *who && party.is_some() {
                return Place::Header;
            }
            if let Some(party) = party.filter(|_| said.contains(&column)) {
                return Place::Data(Some(Column::Turn(*party)));
            }
        }
        Place::Data(role)
    }
}

type Rows<'t> = BTreeMap<u32, Vec<(u32, &'t str)>>;

/// The tables of a template by their numbers.
pub(super) fn tables(blocks: &[Cow<'_, Block>], lists: &Words) -> BTreeMap<u32, Table> {
    let mut all: BTreeMap<u32, Rows<'_>> = BTreeMap::new();
    for block in blocks {
        if let BlockKind::Cell {
            table, row, column, ..
        } = block.kind
        {
            let text = block.text.as_str().trim();
            let rows = all.entry(table).or_default().entry(row).or_default();
            rows.push((column, text));
        }
    }
    let known = |(number, rows): (&u32, &Rows<'_>)| (*number, table(rows, lists));
    all.iter().map(known).collect()
}

fn table(all: &Rows<'_>, lists: &Words) -> Table {
    let mut table = Table::default();
    let last = all.values().flatten().map(|(column, _)| *column).max();
    let n_columns = last.map_or(0, |last| last + 1);
    // A column without a cell belongs to the one that reaches over it.
    let columns = |row: u32| {
        let mut columns = Vec::new();
        for column in 0..n_columns {
            let cell = all[&row].iter().find(|(own, _)| *own == column);
            let before = columns.last().copied().flatten();
            columns.push(cell.map_or(before, |(_, text)| column_of(text, lists)));
        }
        columns
    };
    let mut rows = all.clone();
    for cells in rows.values_mut() {
        cells.retain(|(_, text)| !text.is_empty());
    }
    let rows = &rows;
    let wide = rows.values().any(|cells| cells.len() > 1);
    let mut first = rows.iter().take_while(|(row, _)| **row < HEADER_ROWS_MAX);
    let header = first.find(|(_, cells)| (cells.len() > 1 || !wide) && names_columns(cells, lists));
    let header = header.or_else(|| {
        let (row, cells) = rows.first_key_value()?;
        cells
            .iter()
            .any(|(_, text)| column_of(text, lists).is_some())
            .then_some((row, cells))
    });
    if let Some((row, _)) = header {
        table.headers.push((*row, columns(*row)));
    }
    table.who = who(rows, header.map(|(row, _)| *row), lists);
    if let Some((column, _)) = &table.who {
        for (row, cells) in rows {
            let cell = cells.iter().find(|(own, _)| own == column);
            if let Some(party) = cell.and_then(|(_, text)| lines::party(text, lists)) {
                table.parties.insert(*row, party);
            }
        }
        // Without a header the first row is a turn like others.
        let labelled = |row: &u32| table.parties.contains_key(row);
        table.headers.retain(|(row, _)| !labelled(row));
    }
    // A further table of the same sheet begins with a header of its own.
    let from = table.headers.first().map(|(row, _)| *row);
    for (row, cells) in rows
        .iter()
        .filter(|(row, _)| from.is_some_and(|from| **row > from))
    {
        let own: Vec<Option<Column>> = cells
            .iter()
            .map(|(_, text)| column_of(text, lists))
            .collect();
        let differ = own.iter().any(|one| Some(one) != own.first());
        if differ && own.iter().all(Option::is_some) && names_columns(cells, lists) {
            table.headers.push((*row, columns(*row)));
        }
    }
    table
}

/// Whether cells of a row look like names of columns, one of them known.
fn names_columns(cells: &[(u32, &str)], lists: &Words) -> bool {
    let short = |text: &str| {
        !text.ends_with(['.', '!', ';', '…', '»', '"']) && words(text).len() <= HEADER_WORDS_MAX
    };
    !cells.is_empty()
        && cells.iter().all(|(_, text)| short(text))
        && cells.iter().any(|(_, text)| {
            column_of(text, lists).is_some() || lists.column_who.is_all(&words(text))
        })
}

/// The column whose cells are labels, and those that hold what is said.
fn who(rows: &Rows<'_>, header: Option<u32>, lists: &Words) -> Option<(u32, Vec<u32>)> {
    let names = header.and_then(|row| rows.get(&row));
    let n_columns = rows
        .values()
        .flatten()
        .map(|(column, _)| column + 1)
        .max()?;
    let labels = |column: u32| {
        let cells = rows.iter().filter(|(row, _)| Some(**row) != header);
        let cells = cells.flat_map(|(_, cells)| cells.iter().filter(|(own, _)| *own == column));
        let parties: Vec<Option<Party>> =
            cells.map(|(_, text)| lines::party(text, lists)).collect();
        let agents = parties
            .iter()
            .filter(|party| **party == Some(Party::Agent))
            .count();
        // Rows of titles between the turns may stand in the same column.
        let most = parties.iter().flatten().count() * 2 > parties.len();
        agents > 0 && parties.len() > 1 && most
    };
    let who = (0..n_columns).find(|column| labels(*column))?;
    let name = |column: u32| {
        let names = names?.iter().find(|(own, _)| *own == column)?;
        Some(words(names.1))
    };
    // A header «agent» above the labels is a turn of its own.
    let headless = name(who).is_none_or(|name| lines::party_of(&name, lists).is_some());
    let others = (0..n_columns).filter(|column| *column != who);
    let said: Vec<u32> = others
        .clone()
        .filter(|column| name(*column).is_some_and(|name| lists.column_said.at(&name, 0).is_some()))
        .collect();
    if !said.is_empty() && !headless {
        return Some((who, said));
    }
    if headless || n_columns == 2 {
        return others
            .clone()
            .find(|column| *column > who)
            .or_else(|| others.clone().next())
            .map(|column| (who, vec![column]));
    }
    None
}

/// What a column holds, by its name.
fn column_of(header: &str, lists: &Words) -> Option<Column> {
    match lines::sign(header, lists) {
        Some((Mode::Forbidden, _)) => return Some(Column::Forbidden),
        Some((Mode::Allowed, _)) => return Some(Column::Agent),
        None => {}
    }
    let own = words(header);
    if lists.column_forbidden.anywhere(&own) {
        Some(Column::Forbidden)
    } else if lists.column_customer_first.at(&own, 0).is_some() {
        Some(Column::Customer)
    } else if lists.column_agent.at(&own, 0).is_some() {
        Some(Column::Agent)
    } else {
        lists.column_customer.at(&own, 0).map(|_| Column::Customer)
    }
}
