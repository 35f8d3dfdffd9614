//! Text taken out of a file, with the way back: every byte knows where in the file it stands.

use std::ops::Range;

use smallvec::SmallVec;

/// Words of a file without its markup. Bytes of [`Text::as_str`] lead back to bytes of the decoded file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    text: String,
    /// Mostly one: texts are sliced again and again.
    runs: SmallVec<[Run; 1]>,
}

/// A stretch that stands in the file as one piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    at: u32,
    len: u32,
    source: u32,
    /// Equal to `len` where the file has the same bytes; otherwise the whole stretch stands for the whole piece (`&lt;`).
    source_len: u32,
}

impl Text {
    /// Words that stand in the file as they are.
    pub fn of(text: &str, source: usize) -> Self {
        let mut own = Self::default();
        own.push(text, source..source + text.len());
        own
    }

    /// The words.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Adds words that stand at `source`; of another length than there where markup wrote them otherwise.
    pub fn push(&mut self, text: &str, source: Range<usize>) {
        if text.is_empty() {
            return;
        }
        let exact = text.len() == source.len();
        let at = self.text.len() as u32;
        self.text.push_str(text);
        if exact
            && let Some(last) = self.runs.last_mut()
            && last.len == last.source_len
            && last.source + last.source_len == source.start as u32
        {
            last.len += text.len() as u32;
            last.source_len = last.len;
            return;
        }
        self.runs.push(Run {
            at,
            len: text.len() as u32,
            source: source.start as u32,
            source_len: source.len() as u32,
        });
    }

    /// Adds another text behind this one.
    pub fn append(&mut self, other: &Self) {
        let at = self.text.len() as u32;
        self.text.push_str(&other.text);
        let moved = other.runs.iter().map(|run| Run {
            at: run.at + at,
            ..*run
        });
        self.runs.extend(moved);
    }

    /// A part of it, in bytes of [`Text::as_str`].
    ///
    /// # Panics
    /// When the range does not lie on characters' borders within the text.
    pub fn slice(&self, range: Range<usize>) -> Self {
        let mut part = Self {
            text: self.text[range.clone()].to_owned(),
            runs: SmallVec::new(),
        };
        let first = self
            .runs
            .partition_point(|run| (run.at + run.len) as usize <= range.start);
        for run in &self.runs[first..] {
            let (start, end) = (run.at as usize, (run.at + run.len) as usize);
            if start >= range.end {
                break;
            }
            let from = start.max(range.start);
            let to = end.min(range.end);
            let exact = run.len == run.source_len;
            part.runs.push(Run {
                at: (from - range.start) as u32,
                len: (to - from) as u32,
                source: run.source + if exact { (from - start) as u32 } else { 0 },
                source_len: if exact {
                    (to - from) as u32
                } else {
                    run.source_len
                },
            });
        }
        part
    }

    /// Without white space at both ends.
    pub fn trim(&self) -> Self {
        self.slice_trimmed(0..self.text.len())
    }

    /// A part of it without white space at both ends.
    ///
    /// # Panics
    /// When the range does not lie on characters' borders within the text.
    pub fn slice_trimmed(&self, range: Range<usize>) -> Self {
        let part = &self.text[range.clone()];
        let start = range.start + part.len() - part.trim_start().len();
        self.slice(start..start + part.trim().len())
    }

    /// The same without a copy where there is nothing to take away.
    pub fn into_trimmed(self) -> Self {
        match self.text.trim().len() == self.text.len() {
            true => self,
            false => self.trim(),
        }
    }

    /// Where a part of it stands in the file: from its first byte to its last, whatever markup lies between.
    pub fn source(&self, range: Range<usize>) -> Range<usize> {
        let start = self.source_start(range.start);
        if range.is_empty() {
            return start..start;
        }
        start..self.source_end(range.end).max(start)
    }

    /// The pieces of a part of it, each with where it stands: those of the same length there are the file's own bytes.
    pub fn pieces(&self, range: Range<usize>) -> impl Iterator<Item = (&str, Range<usize>)> {
        let first = self
            .runs
            .partition_point(|run| (run.at + run.len) as usize <= range.start);
        let end = range.end;
        let inside = self.runs[first..]
            .iter()
            .take_while(move |run| (run.at as usize) < end);
        inside.map(move |run| {
            let from = (run.at as usize).max(range.start);
            let to = ((run.at + run.len) as usize).min(range.end);
            let source = if run.len == run.source_len {
                let moved = run.source as usize + from - run.at as usize;
                moved..moved + to - from
            } else {
                run.source as usize..(run.source + run.source_len) as usize
            };
            (&self.text[from..to], source)
        })
    }

    /// Where the whole stands.
    pub fn whole(&self) -> Range<usize> {
        self.source(0..self.text.len())
    }

    fn source_start(&self, at: usize) -> usize {
        let index = self
            .runs
            .partition_point(|run| (run.at + run.len) as usize <= at);
        match self.runs.get(index) {
            Some(run) if run.len == run.source_len => {
                run.source as usize + at.saturating_sub(run.at as usize)
            }
            Some(run) => run.source as usize,
            None => self
                .runs
                .last()
                .map_or(0, |run| (run.source + run.source_len) as usize),
        }
    }

    fn source_end(&self, at: usize) -> usize {
        let index = self.runs.partition_point(|run| (run.at as usize) < at);
        match index.checked_sub(1).map(|index| self.runs[index]) {
            Some(run) if run.len == run.source_len => {
                run.source as usize + (at - run.at as usize).min(run.len as usize)
            }
            Some(run) => (run.source + run.source_len) as usize,
            None => self.source_start(at),
        }
    }
}

/// Where the lines of a decoded file begin.
#[derive(Debug, Clone, Default)]
pub struct Lines {
    starts: Vec<u32>,
    /// What each line is called, where that is not its place from 1 (the rows of a second sheet).
    numbers: Option<Vec<u32>>,
}

impl Lines {
    /// The lines of a text; `\n`, `\r\n` and a lone `\r` end one.
    pub fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            if bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n') {
                starts.push(at as u32 + 1);
            }
        }
        Self {
            starts,
            numbers: None,
        }
    }

    /// The same with numbers of its own for the lines in order.
    pub fn numbered(text: &str, numbers: Vec<u32>) -> Self {
        Self {
            numbers: Some(numbers),
            ..Self::of(text)
        }
    }

    /// Line and column from 1 of a byte; columns in characters.
    pub fn place(&self, text: &str, at: usize) -> (u32, u32) {
        let mut at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let line = self.starts.partition_point(|start| *start as usize <= at) - 1;
        let column = text[self.starts[line] as usize..at].chars().count() as u32 + 1;
        let number = match &self.numbers {
            Some(numbers) => numbers.get(line).copied().unwrap_or(line as u32 + 1),
            None => line as u32 + 1,
        };
        (number, column)
    }

    /// Bytes of the physical line that holds a byte, without its end.
    pub fn line(&self, text: &str, at: usize) -> Range<usize> {
        let line = self.starts.partition_point(|start| *start as usize <= at) - 1;
        let start = self.starts[line] as usize;
        let end = self
            .starts
            .get(line + 1)
            .map_or(text.len(), |next| *next as usize);
        start..start + text[start..end].trim_end_matches(['\n', '\r']).len()
    }
}
