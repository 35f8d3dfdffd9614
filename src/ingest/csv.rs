//! A table with a turn in each row: its head is understood by the usual names, its rows are gathered by call.

use std::borrow::Cow;
use std::io::{Cursor, Read};
use std::ops::ControlFlow;
use std::sync::Arc;

use ::csv::{ByteRecord, Reader, ReaderBuilder, StringRecord, Terminator};
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value;

use super::decode::Text;
use super::locale::{self, Problem};
use super::times::{self, RawTimes};
use super::words;
use super::{
    BATCH_BYTES, Content, Format, Input, Note, Notes, Options, ParseResult, Position, Record,
};
use crate::call::{Call, Millis, Speaker, Turn};

pub(super) const FORMAT: Format = Format {
    name: "csv",
    endings: &["csv", "tsv"],
    looks_like,
    read,
};

/// What a column may hold, in the words of `--map`.
pub(super) const FIELDS: &[&str] = &[
    "call",
    "turn",
    "role",
    "text",
    "start",
    "end",
    "line",
    "direction",
    "started_at",
    "agent_name",
    "agent_id",
    "agent_group",
    "customer_name",
    "customer_id",
    "duration",
];

/// Calls whose rows stand apart are gathered in tables up to this size.
const GATHERED_BYTES_MAX: u64 = 64 << 20;

/// So many rows are looked at to tell which column names the speaker.
const SAMPLE_ROWS: usize = 50;

/// The head of a table, understood.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Table {
    delimiter: u8,
    /// Cells are quoted whether they need it or not.
    quotes_all: bool,
    names: Vec<String>,
    /// The names as keys of metadata: in small letters, else as written.
    keys: Vec<String>,
    /// By field of [`FIELDS`].
    columns: FxHashMap<&'static str, usize>,
    /// Where each party has a column of words of its own: column and speaker, in the table's order.
    wide: Vec<(usize, Speaker)>,
    /// The file's stem, where it is all one call.
    stem: String,
}

/// The rows of one call.
#[derive(Debug, Default)]
pub(super) struct Rows {
    rows: Vec<Row>,
    /// A row that names no call follows one that does.
    id_filled: Option<u32>,
}

#[derive(Debug)]
struct Row {
    line: u32,
    cells: StringRecord,
    /// The column that is not UTF-8.
    bad_cell: Option<usize>,
    /// The quote that opens the last cell is not closed.
    unclosed: bool,
}

impl Row {
    fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

impl Rows {
    /// Where the call begins.
    pub(super) fn line(&self) -> u32 {
        self.rows.first().map_or(1, |row| row.line)
    }
}

fn looks_like(head: &str, options: &Options) -> bool {
    match understand(head, options) {
        Some(Ok(table)) => {
            table.columns.contains_key("text") && table.columns.len() >= 2 || !table.wide.is_empty()
        }
        _ => false,
    }
}

/// The head of the table, or what it lacks; `None` where there is no head at all.
fn understand(head: &str, options: &Options) -> Option<Result<Table, Problem>> {
    let (sep, body) = match head
        .strip_prefix("sep=")
        .and_then(|rest| rest.split_once('\n'))
    {
        Some((sep, body)) => (sep.bytes().next(), body),
        None => (None, head),
    };
    let first = body.lines().find(|line| !line.trim().is_empty())?;
    let head = |delimiter: u8| {
        let mut record = StringRecord::new();
        let mut rows = reader(body.as_bytes(), delimiter);
        rows.read_record(&mut record).ok().map(|_| record)
    };
    let fields = |delimiter: u8| {
        let plain = |name: &str| words::plain(name.trim());
        Some(head(delimiter)?.iter().map(plain).collect::<Vec<_>>())
    };
    let known = |names: &[String]| {
        names
            .iter()
            .filter(|name| field_of(name, options).is_some())
            .count()
    };
    let delimiter = sep.or_else(|| {
        let candidates = b";,\t|"
            .iter()
            .filter(|sign| memchr::memchr(**sign, first.as_bytes()).is_some());
        candidates.copied().max_by_key(|sign| {
            let names = fields(*sign).unwrap_or_default();
            (known(&names), names.len())
        })
    })?;
    let names = fields(delimiter)?;
    let mut table = Table {
        delimiter,
        quotes_all: first.starts_with('"'),
        names,
        keys: head(delimiter)?
            .iter()
            .map(|name| name.trim().to_lowercase())
            .collect(),
        ..Table::default()
    };
    for (column, name) in table.names.iter().enumerate() {
        if let Some(field) = field_of(name, options) {
            table.columns.entry(field).or_insert(column);
        }
    }
    let mut sample = Vec::new();
    let mut rows = reader(body.as_bytes(), delimiter);
    // The head, and then the rows; the last one may be cut by the end of what we look at.
    for row in rows.records().flatten().skip(1).take(SAMPLE_ROWS) {
        sample.push(row);
    }
    find_roles(&mut table, &sample, options);
    let needed = if table.wide.is_empty() {
        &[("role", "@role"), ("text", "@text")][..]
    } else {
        &[]
    };
    for (field, term) in needed {
        if !table.columns.contains_key(field) {
            let names = table.names.join(", ");
            return Some(Err(Problem::new(&locale::NO_COLUMN, &[term, &names])));
        }
    }
    Some(Ok(table))
}

fn field_of(name: &str, options: &Options) -> Option<&'static str> {
    if let Some((field, _)) = options.columns.iter().find(|(_, column)| column == name) {
        return Some(field);
    }
    let field = words::meaning("column", name)?;
    // A field that the user has placed is not looked for anywhere else.
    let placed = options.columns.iter().any(|(known, _)| *known == field);
    (!placed).then(|| FIELDS.iter().find(|known| **known == field).copied())?
}

/// Where no column is named for the speaker: it is the one that holds nothing but role words; or each party has its own.
fn find_roles(table: &mut Table, sample: &[StringRecord], options: &Options) {
    if table.columns.contains_key("role") {
        return;
    }
    if !table.columns.contains_key("text") {
        let wide: Vec<_> = (table.names.iter().enumerate())
            .filter_map(|(column, name)| {
                let speaker = options.speaker(name).or_else(|| words::spoken(name))?;
                Some((column, speaker))
            })
            .filter(|(_, speaker)| *speaker != Speaker::System)
            .collect();
        if wide.iter().any(|(_, s)| *s == Speaker::Agent)
            && wide.iter().any(|(_, s)| *s == Speaker::Customer)
        {
            let columns: FxHashSet<usize> = wide.iter().map(|(column, _)| *column).collect();
            table.columns.retain(|_, column| !columns.contains(column));
            table.wide = wide;
        }
        return;
    }
    let text = table.columns.get("text").copied();
    let role = (0..table.names.len())
        .filter(|column| Some(*column) != text)
        .find(|column| {
            let mut cells = sample
                .iter()
                .filter_map(|row| row.get(*column))
                .filter(|cell| !cell.trim().is_empty());
            let mut n_cells = 0;
            cells.all(|cell| {
                n_cells += 1;
                options.speaker(cell).is_some() || words::label(cell).is_some()
            }) && n_cells > 0
        });
    if let Some(role) = role {
        table.columns.retain(|_, column| *column != role);
        table.columns.insert("role", role);
    }
}

fn reader<R: Read>(from: R, delimiter: u8) -> Reader<R> {
    ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .terminator(Terminator::CRLF)
        .from_reader(from)
}

fn read(input: &mut Input<'_>, text: Text) -> ControlFlow<()> {
    let head = String::from_utf8_lossy(&text.head).into_owned();
    let mut table = match understand(&head, input.options) {
        Some(Ok(table)) => table,
        Some(Err(problem)) => return input.error(Some(Position::START), problem),
        None => return input.error(None, Problem::new(&locale::NOT_A_TRANSCRIPT, &[])),
    };
    table.stem = super::dialog::stem(&input.path);
    let skip = usize::from(head.starts_with("sep="));
    let mut from = LineEnds::new(text.into_reader());
    let mut start = Vec::new();
    if let Err(error) = (&mut from)
        .take(GATHERED_BYTES_MAX + 1)
        .read_to_end(&mut start)
    {
        return input.io_error(&error);
    }
    let whole = start.len() as u64 <= GATHERED_BYTES_MAX;
    let mut gather = Gather {
        table: Arc::new(table),
        calls: Vec::new(),
        n_bytes: 0,
        n_rows: 0,
    };
    if whole && let Some(order) = order_of_rows(&gather.table, &start, skip) {
        return gather.scattered(input, &start, order);
    }
    let all = Cursor::new(start).chain(from);
    gather.in_order(input, all, skip)
}

/// Rows on their way into batches.
struct Gather {
    table: Arc<Table>,
    calls: Vec<Rows>,
    n_bytes: usize,
    n_rows: usize,
}

impl Gather {
    fn flush(&mut self, input: &mut Input<'_>) -> ControlFlow<()> {
        self.n_bytes = 0;
        let calls = std::mem::take(&mut self.calls);
        if calls.is_empty() {
            return ControlFlow::Continue(());
        }
        input.batch(Content::Rows {
            table: self.table.clone(),
            calls,
        })
    }

    fn add(&mut self, input: &mut Input<'_>, rows: Rows) -> ControlFlow<()> {
        if rows.rows.is_empty() {
            return ControlFlow::Continue(());
        }
        self.n_rows += rows.rows.len();
        self.n_bytes += rows
            .rows
            .iter()
            .map(|row| row.cells.as_slice().len())
            .sum::<usize>();
        self.calls.push(rows);
        if self.n_bytes < BATCH_BYTES {
            ControlFlow::Continue(())
        } else {
            self.flush(input)
        }
    }

    fn end(&mut self, input: &mut Input<'_>) -> ControlFlow<()> {
        let n_rows = self.n_rows;
        self.flush(input)?;
        if n_rows == 0 {
            return input.error(None, Problem::new(&locale::NO_TURN, &[]));
        }
        ControlFlow::Continue(())
    }

    /// The rows of a call stand together.
    fn in_order(&mut self, input: &mut Input<'_>, from: impl Read, skip: usize) -> ControlFlow<()> {
        let mut rows = reader(from, self.table.delimiter);
        let mut record = ByteRecord::new();
        let mut finished: FxHashSet<u64> = FxHashSet::default();
        let mut call = Rows::default();
        let mut call_key = None;
        let mut n_call_bytes = 0;
        let mut skipping = None;
        let mut left = skip + 1;
        loop {
            let row = match next_row(&mut rows, &mut record) {
                Ok(Some(row)) => row,
                Ok(None) => break,
                Err(error) => {
                    self.add(input, call)?;
                    self.flush(input)?;
                    let problem = Problem::new(&locale::UNREADABLE, &[&error.to_string()]);
                    return input.error(None, problem);
                }
            };
            if left > 0 {
                left -= 1;
                continue;
            }
            if row.is_blank() {
                continue;
            }
            let key = key(&self.table, &row);
            if skipping.is_some() {
                if key.is_none() || key == skipping {
                    continue;
                }
                skipping = None;
            }
            if key.is_some() && key != call_key {
                finished.extend(call_key);
                self.add(input, std::mem::take(&mut call))?;
                call_key = key;
                n_call_bytes = 0;
                if key.is_some_and(|key| finished.contains(&key)) {
                    let at = Position {
                        line: row.line,
                        column: 1,
                    };
                    let id = self.table.cell(&row, "call").unwrap_or_default();
                    let problem = Problem::new(&locale::CALL_REAPPEARS, &[id]);
                    self.flush(input)?;
                    input.error(Some(at), problem)?;
                    // What belongs to it goes with it.
                    skipping = call_key.take();
                    continue;
                }
            } else if key.is_none()
                && self.table.columns.contains_key("call")
                && !call.rows.is_empty()
            {
                call.id_filled = call.id_filled.or(Some(row.line));
            }
            n_call_bytes += row.cells.as_slice().len();
            if n_call_bytes > super::RECORD_BYTES_MAX {
                self.flush(input)?;
                return input.too_long(Position {
                    line: call.line(),
                    column: 1,
                });
            }
            call.rows.push(row);
        }
        self.add(input, call)?;
        self.end(input)
    }

    /// The rows of a call stand here and there: `order` has, for each call, the offsets and lines of its rows.
    fn scattered(
        &mut self,
        input: &mut Input<'_>,
        bytes: &[u8],
        order: Vec<Vec<(u32, u32)>>,
    ) -> ControlFlow<()> {
        let mut record = ByteRecord::new();
        let mut rows = reader(Cursor::new(bytes), self.table.delimiter);
        for places in order {
            let mut call = Rows::default();
            for (offset, line) in places {
                let mut at = ::csv::Position::new();
                at.set_byte(u64::from(offset));
                if rows.seek(at).is_ok()
                    && let Ok(Some(row)) = next_row(&mut rows, &mut record)
                {
                    call.rows.push(Row { line, ..row });
                }
            }
            self.add(input, call)?;
        }
        self.end(input)
    }
}

/// Where the rows of each call are, if those of one stand apart; `None` if all stand together.
fn order_of_rows(table: &Table, bytes: &[u8], skip: usize) -> Option<Vec<Vec<(u32, u32)>>> {
    if !table.columns.contains_key("call") {
        return None;
    }
    let mut rows = reader(bytes, table.delimiter);
    let mut record = ByteRecord::new();
    let mut index: FxHashMap<u64, usize> = FxHashMap::default();
    let mut order: Vec<Vec<(u32, u32)>> = Vec::new();
    let mut current: Option<usize> = None;
    let mut apart = false;
    let mut left = skip + 1;
    while let Ok(Some(row)) = next_row(&mut rows, &mut record) {
        if left > 0 {
            left -= 1;
            continue;
        }
        if row.is_blank() {
            continue;
        }
        let place = (
            record.position().map_or(0, ::csv::Position::byte) as u32,
            row.line,
        );
        let call = match key(table, &row) {
            None => current.unwrap_or_else(|| {
                order.push(Vec::new());
                order.len() - 1
            }),
            Some(key) => *index.entry(key).or_insert_with(|| {
                order.push(Vec::new());
                order.len() - 1
            }),
        };
        apart |= current != Some(call) && !order[call].is_empty();
        order[call].push(place);
        current = Some(call);
    }
    apart.then_some(order)
}

/// The next row, blank or not. The text must end each line with one line feed, see [`LineEnds`]: only then can the line be
/// told on which a row begins, as the reader's own place stands before the blank lines above it.
fn next_row<R: Read>(rows: &mut Reader<R>, record: &mut ByteRecord) -> ::csv::Result<Option<Row>> {
    if !rows.read_byte_record(record)? {
        return Ok(None);
    }
    let n_inner = memchr::memchr_iter(b'\n', record.as_slice()).count() as u64;
    // The mark of the end stands alone in its row, unless a quote before it is still open.
    let last = record.iter().next_back().unwrap_or_default();
    if last == END_MARK && record.len() == 1 {
        return Ok(None);
    }
    let unclosed = last
        .strip_suffix(b"\n")
        .is_some_and(|last| last.ends_with(END_MARK));
    let line = rows
        .position()
        .line()
        .saturating_sub(u64::from(!unclosed) + n_inner) as u32;
    let (cells, bad_cell) = match StringRecord::from_byte_record(record.clone()) {
        Ok(cells) => (cells, None),
        Err(error) => (
            StringRecord::from_byte_record_lossy(record.clone()),
            Some(error.utf8_error().field()),
        ),
    };
    Ok(Some(Row {
        line: line.max(1),
        cells,
        bad_cell,
        unclosed,
    }))
}

/// Stands behind the last line, to tell whether a quote is open there.
const END_MARK: &[u8] = b"\x04etalon\x04";

/// Text whose every line, the last one too, ends with a single line feed; a line with [`END_MARK`] follows.
struct LineEnds<R> {
    inner: R,
    after_return: bool,
    /// What is still to be given after the end of `inner`.
    tail: Option<Vec<u8>>,
    last: u8,
}

impl<R: Read> LineEnds<R> {
    fn new(inner: R) -> Self {
        Self {
            inner,
            after_return: false,
            tail: None,
            last: b'\n',
        }
    }
}

impl<R: Read> Read for LineEnds<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            if let Some(tail) = &mut self.tail {
                let n_given = tail.len().min(buffer.len());
                buffer[..n_given].copy_from_slice(&tail[..n_given]);
                tail.drain(..n_given);
                return Ok(n_given);
            }
            let n_read = self.inner.read(buffer)?;
            if n_read == 0 {
                let end = if self.last == b'\n' { &[][..] } else { b"\n" };
                self.tail = Some([end, END_MARK, b"\n"].concat());
                continue;
            }
            let mut n_kept = 0;
            for at in 0..n_read {
                let byte = buffer[at];
                if !(byte == b'\n' && self.after_return) {
                    buffer[n_kept] = if byte == b'\r' { b'\n' } else { byte };
                    n_kept += 1;
                }
                self.after_return = byte == b'\r';
            }
            if n_kept > 0 {
                self.last = buffer[n_kept - 1];
                return Ok(n_kept);
            }
        }
    }
}

/// What tells the call of a row from others.
fn key(table: &Table, row: &Row) -> Option<u64> {
    use std::hash::{Hash, Hasher};
    let id = table.cell(row, "call")?;
    let mut hasher = std::collections::hash_map::DefaultHasher::new();
    id.hash(&mut hasher);
    Some(hasher.finish())
}

impl Table {
    /// What stands in the column of a field; `None` where there is no such column or nothing in it.
    fn cell<'r>(&self, row: &'r Row, field: &str) -> Option<&'r str> {
        let cell = row.cells.get(*self.columns.get(field)?)?.trim();
        (!cell.is_empty()).then_some(cell)
    }

    fn name(&self, column: usize) -> &str {
        self.names.get(column).map_or("", String::as_str)
    }

    /// What stands before a cell in its row, as far as the cells tell how they were written.
    fn before(&self, row: &Row, column: usize) -> String {
        let mut before = String::new();
        for cell in row.cells.iter().take(column) {
            let must = cell.contains(['"', '\n', '\r', self.delimiter as char]);
            if must || self.quotes_all {
                before.push('"');
                before.push_str(&cell.replace('"', "\"\""));
                before.push('"');
            } else {
                before.push_str(cell);
            }
            before.push(self.delimiter as char);
        }
        before
    }
}

/// One call from its rows.
pub(super) fn parse<'a>(
    table: &'a Table,
    rows: &'a Rows,
    record: &Record<'a>,
    options: &Options,
) -> ParseResult<'a> {
    let mut notes = Notes::default();
    let mut call = Call::default();
    let first = rows.rows.first();
    let id = first.and_then(|row| table.cell(row, "call"));
    let fail = |row: &Row, column: usize, problem: Problem| {
        let before = table.before(row, column);
        let at = Record {
            line: row.line,
            ..record.clone()
        };
        let mut error = at.error(before.as_bytes(), table.name(column).to_owned(), problem);
        error.call = id.map(str::to_owned);
        Err(error)
    };
    call.id = match id {
        Some(id) => Cow::Borrowed(id),
        None if table.columns.contains_key("call") => {
            let column = table.columns.get("call").copied().unwrap_or(0);
            let Some(row) = first else {
                return Ok((call, notes));
            };
            return fail(row, column, Problem::new(&locale::NO_ID, &[]));
        }
        None => Cow::Borrowed(&table.stem),
    };
    if let Some(line) = rows.id_filled {
        notes.add(Note::at(line, Problem::new(&locale::ID_FILLED, &[])));
    }
    let mut turns: Vec<(Option<i64>, u32, Turn<'a>)> = Vec::new();
    let mut doubt = None;
    for row in &rows.rows {
        if let Some(column) = row.bad_cell {
            return fail(row, column, Problem::new(&locale::NOT_UTF8, &[]));
        }
        if row.unclosed {
            let column = row.cells.len().saturating_sub(1);
            return fail(row, column, Problem::new(&locale::UNCLOSED_QUOTE, &[]));
        }
        let voices: Vec<(usize, Speaker)> = if table.wide.is_empty() {
            let column = table.columns.get("role").copied().unwrap_or(0);
            let Some(word) = table.cell(row, "role") else {
                return fail(row, column, Problem::new(&locale::NO_SPEAKER, &[]));
            };
            let Some(speaker) = options.speaker(word).or_else(|| words::label(word)) else {
                return fail(row, column, Options::unknown_speaker(word));
            };
            vec![(table.columns.get("text").copied().unwrap_or(0), speaker)]
        } else {
            table
                .wide
                .iter()
                .copied()
                .filter(|(column, _)| {
                    row.cells
                        .get(*column)
                        .is_some_and(|cell| !cell.trim().is_empty())
                })
                .collect()
        };
        let number = table
            .cell(row, "turn")
            .and_then(|number| number.parse().ok());
        let clock = |field| table.cell(row, field).map(times::parse_clock);
        let (start, end) = (clock("start"), clock("end"));
        let raw = RawTimes {
            start: start.flatten(),
            end: end.flatten(),
            bad: start == Some(None) || end == Some(None),
        };
        for (column, speaker) in voices {
            let text = row.cells.get(column).unwrap_or_default().trim();
            if swallowed(table, text) {
                return fail(row, column, Problem::new(&locale::UNCLOSED_QUOTE, &[]));
            }
            if text.is_empty() && speaker != Speaker::System {
                notes.add(Note::at(row.line, Problem::new(&locale::EMPTY_TEXT, &[])));
            }
            let time = raw.span().unwrap_or_else(|reason| {
                let only_starts = reason == "@half" && !table.columns.contains_key("end");
                doubt = doubt.or(Some((
                    turns.len(),
                    if only_starts { "@only-starts" } else { reason },
                )));
                None
            });
            turns.push((
                number,
                row.line,
                Turn {
                    speaker,
                    time,
                    text: Cow::Borrowed(text),
                    words: Vec::new(),
                },
            ));
        }
    }
    if turns.iter().all(|(number, ..)| number.is_some())
        && !turns.is_sorted_by_key(|(number, ..)| *number)
    {
        turns.sort_by_key(|(number, ..)| *number);
        notes.add(Note::at(
            record.line,
            Problem::new(&locale::TURNS_SORTED, &[]),
        ));
    }
    let lines: Vec<u32> = turns.iter().map(|(_, line, _)| *line).collect();
    call.turns = turns.into_iter().map(|(.., turn)| turn).collect();
    if let Some(first) = first {
        let said = describe(table, rows, first, &mut call, &mut notes);
        if let Err((column, problem)) = said {
            return fail(first, column, problem);
        }
    }
    if call.turns.is_empty() {
        notes.add(Note::at(
            record.line,
            Problem::new(&locale::EMPTY_CALL, &[]),
        ));
    }
    times::settle(&mut call, doubt, &lines, &mut notes);
    Ok((call, notes))
}

/// Whether a cell holds rows that an unclosed quote brought into it.
fn swallowed(table: &Table, text: &str) -> bool {
    let of_row = |line: &&str| {
        memchr::memchr_iter(table.delimiter, line.as_bytes()).count() + 1
            >= table.names.len().max(2)
    };
    text.lines().skip(1).filter(of_row).count() >= 1
}

/// What the columns say of the whole call, by its first row.
fn describe<'a>(
    table: &'a Table,
    rows: &'a Rows,
    first: &'a Row,
    call: &mut Call<'a>,
    notes: &mut Notes,
) -> Result<(), (usize, Problem)> {
    let cell = |field| rows.rows.iter().find_map(|row| table.cell(row, field));
    let text = |field| cell(field).map(Cow::Borrowed);
    call.line = text("line");
    call.agent.name = text("agent_name");
    call.agent.id = text("agent_id");
    call.agent.group = text("agent_group");
    call.customer.name = text("customer_name");
    call.customer.id = text("customer_id");
    if let Some(word) = cell("direction") {
        let column = table.columns.get("direction").copied().unwrap_or(0);
        let problem = || (column, Problem::new(&locale::UNKNOWN_DIRECTION, &[word]));
        call.direction = Some(words::direction(word).ok_or_else(problem)?);
    }
    if let Some(date) = cell("started_at") {
        call.started_at = times::parse_date(date).map(Cow::Owned);
        if call.started_at.is_none() {
            notes.add(Note::at(
                first.line,
                Problem::new(&locale::BAD_DATE, &[date]),
            ));
            call.meta
                .insert("started_at".to_owned(), Value::String(date.to_owned()));
        }
    }
    if let Some(duration) = cell("duration") {
        call.duration = times::parse_clock(duration)
            .filter(|s| times::plausible(*s))
            .map(Millis::from_seconds);
        if call.duration.is_none() {
            notes.add(Note::at(
                first.line,
                Problem::new(&locale::BAD_DURATION, &[duration]),
            ));
        }
    }
    // Other columns tell of the call where they say the same in each row; else they tell of turns, for which there is no place.
    for (column, name) in table.names.iter().enumerate() {
        let known = table.columns.values().any(|known| *known == column)
            || table.wide.iter().any(|(known, _)| *known == column);
        let value = first.cells.get(column).unwrap_or_default();
        let same = || {
            rows.rows
                .iter()
                .all(|row| row.cells.get(column) == Some(value))
        };
        if !known && !name.is_empty() && !value.trim().is_empty() && same() {
            call.meta
                .insert(table.keys[column].clone(), words::value(value));
        }
    }
    Ok(())
}
