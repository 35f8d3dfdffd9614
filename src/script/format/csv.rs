//! Tables of replies as CSV: csv-core finds the fields, quotation marks around a field are syntax.

use csv_core::{ReadFieldResult, Reader, ReaderBuilder};

use super::{Block, BlockKind, Cut, Text};

/// Signs that part fields.
const DELIMITERS: &[u8] = b";,\t|";

pub(super) fn cut(text: &str) -> Cut {
    // Spreadsheets name the delimiter in a line of its own: «sep=;».
    let named = text
        .strip_prefix("sep=")
        .and_then(|rest| rest.chars().next());
    let named = named.filter(|sign| sign.is_ascii() && !sign.is_control());
    let sign = named.map_or_else(|| delimiter(text), |sign| sign as u8);
    let mut reader: Reader = ReaderBuilder::new().delimiter(sign).build();
    let bytes = text.as_bytes();
    // One field at a time; no field is longer than the file.
    let mut out = vec![0; bytes.len() + 1];
    let mut blocks = Vec::new();
    let (mut at, mut row, mut column) = (0, 0, 0);
    if named.is_some() {
        at = text.find('\n').map_or(text.len(), |end| end + 1);
    }
    loop {
        let start = at;
        let (result, n_in, n_out) = reader.read_field(&bytes[at..], &mut out);
        at += n_in;
        match result {
            ReadFieldResult::Field { record_end } => {
                blocks.push(cell(text, start..at, &out[..n_out], row, column));
                column += 1;
                if record_end {
                    (row, column) = (row + 1, 0);
                }
            }
            ReadFieldResult::InputEmpty if at >= bytes.len() => {
                // The end of the file ends the last field too.
                let (result, _, more) = reader.read_field(&[], &mut out[n_out..]);
                if matches!(result, ReadFieldResult::Field { .. }) {
                    blocks.push(cell(text, start..at, &out[..n_out + more], row, column));
                }
                break;
            }
            ReadFieldResult::InputEmpty => {}
            ReadFieldResult::OutputFull | ReadFieldResult::End => break,
        }
    }
    Cut {
        blocks,
        front: None,
    }
}

/// Records that are looked at for their delimiter.
const RECORDS_MAX: usize = 40;

/// The sign that parts most records into equally many fields; of several the one that stands oftenest in the first of these.
fn delimiter(text: &str) -> u8 {
    let mut records = vec![[0usize; 4]];
    let mut quoted = false;
    for byte in text.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted && records.len() >= RECORDS_MAX => break,
            b'\n' if !quoted => records.push([0; 4]),
            _ if !quoted => {
                if let Some(which) = DELIMITERS.iter().position(|own| *own == byte)
                    && let Some(last) = records.last_mut()
                {
                    last[which] += 1;
                }
            }
            _ => {}
        }
    }
    let rank = |which: &usize| {
        let counts = records.iter().map(|record| record[*which]);
        let counts: Vec<usize> = counts.filter(|count| *count > 0).collect();
        let same = |count: &usize| counts.iter().filter(|other| *other == count).count();
        let first = counts.first().copied().unwrap_or(0);
        (counts.iter().map(same).max().unwrap_or(0), first)
    };
    let best = (0..DELIMITERS.len()).rev().max_by_key(rank);
    best.map_or(b';', |which| DELIMITERS[which])
}

/// A field: `raw` is where it stands, with its delimiter and quotation marks.
fn cell(text: &str, raw: std::ops::Range<usize>, value: &[u8], row: u32, column: u32) -> Block {
    let value = String::from_utf8_lossy(value);
    // A line end before the field belongs to the record before.
    let mut at = raw.start;
    while text[at..raw.end].starts_with(['\n', '\r']) {
        at += 1;
    }
    let field = &text[at..raw.end];
    let quoted = field.starts_with('"') && !value.starts_with('"') || field.starts_with("\"\"\"");
    if quoted {
        at += 1;
    }
    let mut words = Text::default();
    let mut rest: &str = &value;
    // Everything stands there as it is, but for doubled quotation marks.
    while let Some(mark) = rest.find('"').filter(|_| quoted) {
        words.push(&rest[..mark], at..at + mark);
        at += mark;
        words.push("\"", at..at + 2);
        at += 2;
        rest = &rest[mark + 1..];
    }
    words.push(rest, at..at + rest.len());
    Block {
        kind: BlockKind::Cell {
            table: 0,
            row,
            column,
            header: row == 0,
        },
        text: words.trim(),
        depth: 0,
        strong: false,
    }
}
