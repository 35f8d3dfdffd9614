//! XLSX: calamine reads the sheets; a line of text is a row, its cells are parted by tabs.

use std::io::Cursor;

use calamine::{Data, Reader, SheetVisible, Xlsx};

use super::{Block, BlockKind, Lines, Problem, Text, Unpacked};

pub(super) fn unpack(bytes: &[u8]) -> Result<Unpacked, Problem> {
    let broken = |error: &dyn std::fmt::Display| {
        Problem::new("script/broken-file", true, &["XLSX", &error.to_string()])
    };
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    let mut text = String::new();
    let mut numbers = Vec::new();
    let mut blocks = Vec::new();
    let sheets = book.sheets_metadata().to_vec();
    let (shown, hidden): (Vec<_>, Vec<_>) = sheets
        .into_iter()
        .partition(|sheet| sheet.visible == SheetVisible::Visible);
    let names: Vec<&str> = hidden.iter().map(|sheet| sheet.name.as_str()).collect();
    let problem = Problem::new("script/hidden-sheets", false, &[&names.join(", ")]);
    let problems = (!names.is_empty()).then_some(problem);
    for (table, name) in shown.into_iter().map(|sheet| sheet.name).enumerate() {
        let range = book
            .worksheet_range(&name)
            .map_err(|error| broken(&error))?;
        let Some((first_row, _)) = range.start() else {
            continue;
        };
        for (row, cells) in range.rows().enumerate() {
            if !text.is_empty() {
                text.push('\n');
            }
            numbers.push(first_row + row as u32 + 1);
            for (column, cell) in cells.iter().enumerate() {
                if column > 0 {
                    text.push('\t');
                }
                let value = match cell {
                    Data::Empty => String::new(),
                    other => other.to_string(),
                };
                // A row is one line, whatever its cells hold; a break inside of one parts what is said all the same.
                let value = value.replace("_x000D_", "\r").replace("\r\n", "\n");
                let mut words = Text::default();
                for c in value.chars() {
                    let own = if c.is_control() { ' ' } else { c };
                    let here = text.len();
                    text.push(own);
                    let read = if matches!(c, '\n' | '\r') { '\n' } else { own };
                    words.push(read.encode_utf8(&mut [0; 4]), here..text.len());
                }
                let words = words.trim();
                blocks.push(Block {
                    kind: BlockKind::Cell {
                        table: table as u32,
                        row: row as u32,
                        column: column as u32,
                        header: row == 0,
                    },
                    text: words,
                    depth: 0,
                    strong: false,
                });
            }
        }
    }
    Ok(Unpacked {
        lines: Lines::numbered(&text, numbers),
        text,
        blocks,
        problems: problems.into_iter().collect(),
    })
}
