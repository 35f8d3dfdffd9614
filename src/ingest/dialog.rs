//! A dialogue written down: `Agent: …`, `Customer: …`, with or without times before the label and a header above.

use std::borrow::Cow;
use std::io::{BufRead, BufReader, Read};
use std::ops::ControlFlow;
use std::path::Path;

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::decode::Text;
use super::locale::{self, Problem};
use super::times::{self, RawTimes};
use super::words;
use super::{
    BATCH_BYTES, Content, Format, Input, Note, Notes, Options, ParseResult, Piece, PieceKind,
    Position, RECORD_BYTES_MAX, Record,
};
use crate::call::{Call, Millis, Party, Speaker, Turn};

pub(super) const FORMAT: Format = Format {
    name: "dialog",
    endings: &["txt", "text"],
    looks_like,
    read,
};

/// A label is no longer than this, or it is a sentence with a colon in it.
const LABEL_CHARS_MAX: usize = 60;

/// A bracket with so long a word in it is a marker rather than a time that cannot be read.
const MARKER_LETTERS_MIN: usize = 4;

fn looks_like(head: &str, options: &Options) -> bool {
    head.lines().any(|line| is_turn(line, options))
}

/// Whether the line surely begins a turn, or would if we knew whose.
fn is_turn(line: &str, options: &Options) -> bool {
    let (_, rest) = split_line(line, options);
    let (_, _, rest) = split_marker(rest, options);
    is_labelled(rest, options)
}

fn is_labelled(rest: &str, options: &Options) -> bool {
    split_label(rest)
        .is_some_and(|label| label.speaker(options).is_some() || words::is_voice(label.name))
}

/// `[noise] Agent: …`: a marker before a label, the time that may stand between them, and the label with its words. Without
/// a label behind it a bracket is left where it is.
fn split_marker<'a>(line: &'a str, options: &Options) -> (Option<&'a str>, Option<Stamp>, &'a str) {
    let Some(end) = line.strip_prefix('[').and_then(|inside| inside.find(']')) else {
        return (None, None, line);
    };
    let (marker, rest) = line.split_at(end + 2);
    let (stamp, rest) = split_line(rest, options);
    if is_marker(marker) && is_labelled(rest, options) {
        (Some(marker), stamp, rest)
    } else {
        (None, None, line)
    }
}

/// `path` without folders and ending.
pub(super) fn stem(path: &str) -> String {
    Path::new(path).file_stem().map_or_else(
        || path.to_owned(),
        |stem| stem.to_string_lossy().into_owned(),
    )
}

/// A line that stands between two calls: `---`, or `=== id ===` with or without the id.
fn separator(line: &str) -> Option<Option<&str>> {
    let line = line.trim();
    if line.len() >= 3 && line.bytes().all(|byte| byte == b'-') {
        return Some(None);
    }
    let inside = line.strip_prefix("===")?.trim_matches('=').trim();
    Some((!inside.is_empty()).then_some(inside))
}

fn read(input: &mut Input<'_>, text: Text) -> ControlFlow<()> {
    let mut lines = BufReader::with_capacity(BATCH_BYTES / 8, text.into_reader());
    let mut bytes: Vec<u8> = Vec::new();
    let mut line: Vec<u8> = Vec::new();
    let mut pieces: Vec<Piece> = Vec::new();
    let mut at = Position::START;
    let mut start = (0, at);
    let mut ordinal = 1;
    // Of the call in hand: it has something to it; it has a turn; a line has given its id.
    let (mut has_words, mut has_turn, mut announced) = (false, false, false);
    loop {
        line.clear();
        match (&mut lines)
            .take(RECORD_BYTES_MAX as u64 + 1)
            .read_until(b'\n', &mut line)
        {
            Ok(0) => break,
            Ok(_) => {}
            Err(error) => {
                bytes.truncate(start.0);
                flush(input, bytes, pieces)?;
                return input.io_error(&error);
            }
        }
        let text = String::from_utf8_lossy(&line);
        match separator(&text) {
            None => {
                has_words |= !text.trim().is_empty();
                has_turn = has_turn || is_turn(&text, input.options);
            }
            Some(id) => {
                // A line of dashes may also part the header from the turns.
                if has_turn || announced && id.is_some() {
                    pieces.push(Piece {
                        range: start.0..bytes.len(),
                        line: start.1.line,
                        column: 1,
                        ordinal,
                    });
                    ordinal += 1;
                    if bytes.len() >= BATCH_BYTES {
                        flush(
                            input,
                            std::mem::take(&mut bytes),
                            std::mem::take(&mut pieces),
                        )?;
                    }
                    start = (bytes.len(), at);
                    (has_words, has_turn, announced) = (false, false, false);
                }
                announced |= id.is_some();
            }
        }
        bytes.extend_from_slice(&line);
        at.pass(&line);
        if bytes.len() - start.0 > RECORD_BYTES_MAX {
            bytes.truncate(start.0);
            flush(input, bytes, pieces)?;
            return input.too_long(start.1);
        }
    }
    if has_words || announced {
        pieces.push(Piece {
            range: start.0..bytes.len(),
            line: start.1.line,
            column: 1,
            ordinal,
        });
    }
    if pieces.is_empty() && ordinal == 1 {
        return input.error(None, Problem::new(&locale::NO_TURN, &[]));
    }
    flush(input, bytes, pieces)
}

fn flush(input: &mut Input<'_>, bytes: Vec<u8>, pieces: Vec<Piece>) -> ControlFlow<()> {
    if pieces.is_empty() {
        return ControlFlow::Continue(());
    }
    input.batch(Content::Pieces {
        kind: PieceKind::Dialog,
        bytes,
        pieces,
    })
}

/// What stands before the colon.
#[derive(Debug, Clone, Copy)]
struct Label<'a> {
    /// The label as written, without what stands in brackets.
    name: &'a str,
    /// What stands in brackets: a person's name, or a time.
    inner: Option<&'a str>,
    /// What follows the colon.
    words: &'a str,
}

impl<'a> Label<'a> {
    /// Whose label it is, with a name that follows the role word: `Agent Anna:`, `Agent 2:`.
    fn speaker(&self, options: &Options) -> Option<(Speaker, Option<&'a str>)> {
        let whole = options
            .mapped(self.name)
            .or_else(|| words::label(self.name));
        if let Some(speaker) = whole {
            return Some((speaker, None));
        }
        // `agent / SPEAKER_00`: either part may be the one that says it.
        if let Some((one, other)) = self.name.split_once('/') {
            return options
                .speaker(one)
                .or_else(|| options.speaker(other))
                .map(|speaker| (speaker, None));
        }
        let (role, name) = self.name.split_once(' ')?;
        let name = name.trim().trim_start_matches('№');
        let numbered = name.bytes().all(|byte| byte.is_ascii_digit());
        let named = name.split_whitespace().count() <= 3
            && name
                .split_whitespace()
                .all(|part| part.chars().next().is_some_and(char::is_uppercase));
        let speaker = options.speaker(role).filter(|_| numbered || named)?;
        Some((speaker, (!numbered).then_some(name)))
    }

    /// Whether it has the form of somebody's name: few words, the first with a capital letter.
    fn looks_like_name(&self) -> bool {
        self.name.split_whitespace().count() <= 3
            && self.name.chars().next().is_some_and(char::is_uppercase)
    }
}

/// `Agent (Anna): words` in its parts; `None` where no colon ends something like a label.
fn split_label(line: &str) -> Option<Label<'_>> {
    let line = line.trim();
    // A time after the label has colons of its own: the label's colon stands outside the brackets.
    let mut depth = 0;
    let mut colon = None;
    for (at, sign) in line.char_indices().take(LABEL_CHARS_MAX + 1) {
        match sign {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            ':' if depth == 0 => {
                colon = Some(at);
                break;
            }
            '.' | '!' | '?' | ',' | ';' if depth == 0 => return None,
            _ => {}
        }
    }
    let colon = colon?;
    let (label, words) = (
        words::bare(&line[..colon]),
        line[colon + 1..].trim_start_matches('*').trim(),
    );
    let (name, inner) = match label.find(['(', '[']) {
        Some(at) => (
            words::bare(&label[..at]),
            Some(label[at + 1..].trim_end_matches([')', ']', ' ', '*'])),
        ),
        None => (label, None),
    };
    let has_letter = name.chars().any(char::is_alphabetic);
    // `http://…`, `10:30`
    (has_letter && !words.starts_with("//")).then_some(Label { name, inner, words })
}

/// The times before a label.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Stamp {
    start: Option<f64>,
    end: Option<f64>,
    /// Something stands there that cannot be read as a time.
    bad: bool,
}

/// The time of a line and what follows it, as [`split_time`] has them; before a label that is known also a time that cannot be
/// read, or a dash.
fn split_line<'a>(line: &'a str, options: &Options) -> (Option<Stamp>, &'a str) {
    const DASHES: [char; 6] = ['-', '–', '—', '•', '*', ' '];
    let known =
        |rest: &str| split_label(rest).is_some_and(|label| label.speaker(options).is_some());
    let (stamp, rest) = split_time(line);
    if stamp.is_some() || known(rest) {
        return (stamp, rest);
    }
    let (stamp, rest) = split_time(line.trim().trim_start_matches(DASHES));
    if known(rest) {
        return (stamp, rest);
    }
    let bracketed = rest.starts_with(['[', '(']);
    let (inside, rest) = match rest.strip_prefix(['[', '(']) {
        Some(inside) => inside.split_once([']', ')']).unwrap_or(("", rest)),
        None => {
            let end = rest.find(|c: char| c.is_alphabetic() || c == '[' || c == '(');
            rest.split_at(end.unwrap_or(rest.len()))
        }
    };
    let rest = rest.trim_start_matches(|c: char| {
        c == ':' || c == '|' || DASHES.contains(&c) || c.is_whitespace()
    });
    let like_time = if bracketed {
        // `[pause 14]` is a marker.
        let has_word = inside
            .split(|c: char| !c.is_alphabetic())
            .any(|word| word.chars().count() >= MARKER_LETTERS_MIN);
        inside.contains(|c: char| c.is_ascii_digit()) && !has_word
            || !inside.is_empty() && !inside.contains(char::is_alphabetic)
    } else {
        inside.contains(|c: char| c.is_ascii_digit()) && inside.contains(':')
    };
    if like_time && known(rest) {
        let bad = Stamp {
            bad: true,
            ..Stamp::default()
        };
        return (Some(bad), rest);
    }
    split_time(line)
}

/// A time at the beginning of a line, `[00:12]`, `[00:12-00:15]`, `(12.3 – 15.9)`, `00:12`, and what follows it.
fn split_time(line: &str) -> (Option<Stamp>, &str) {
    let line = line.trim().trim_start_matches('*');
    let (inside, rest) = match line.strip_prefix(['[', '(']) {
        Some(inside) => match inside.find([']', ')']) {
            Some(at) => (&inside[..at], &inside[at + 1..]),
            None => return (None, line),
        },
        None => {
            let end = line.find(|c: char| {
                !(c.is_ascii_digit() || matches!(c, ':' | '.' | ',' | '-' | '–' | '—'))
            });
            let (inside, rest) = line.split_at(end.unwrap_or(line.len()));
            if !inside.contains(':') {
                return (None, line);
            }
            (inside.trim_end_matches([':', '-', '–', '—']), rest)
        }
    };
    match parse_stamp(inside) {
        Some(stamp) => (
            Some(stamp),
            rest.trim_start_matches([' ', '\t', ':', '-', '–', '—', '|', '*']),
        ),
        None => (None, line),
    }
}

/// `00:12` or `00:12-00:15` with any of the dashes, also ` --> `.
fn parse_stamp(inside: &str) -> Option<Stamp> {
    if !inside
        .trim_start()
        .starts_with(|c: char| c.is_ascii_digit())
    {
        return None;
    }
    match inside.split_once(['-', '–', '—']) {
        Some((start, end)) => {
            let end = end.trim_start_matches(['-', '>', ' ']);
            Some(Stamp {
                start: Some(times::parse_clock(start)?),
                end: Some(times::parse_clock(end)?),
                bad: false,
            })
        }
        None => Some(Stamp {
            start: Some(times::parse_clock(inside)?),
            end: None,
            bad: false,
        }),
    }
}

/// `[hold]` on a line of its own.
fn is_marker(line: &str) -> bool {
    let line = line.trim();
    line.strip_prefix('[')
        .and_then(|inside| inside.strip_suffix(']'))
        .is_some_and(|inside| {
            !inside.contains(['[', ']']) && inside.chars().any(char::is_alphabetic)
        })
}

/// A turn being gathered.
struct Open<'a> {
    line: u32,
    speaker: Speaker,
    stamp: Option<Stamp>,
    text: Cow<'a, str>,
}

/// One call from its lines.
pub(super) fn parse<'a>(
    text: &'a str,
    ordinal: u32,
    record: &Record<'a>,
    options: &Options,
) -> ParseResult<'a> {
    let mut notes = Notes::default();
    let mut call = Call::default();
    let n_header = header_lines(text, options);
    let strangers = strangers(text, n_header, options);
    let mut header = Header::default();
    let mut open: Vec<Open<'a>> = Vec::new();
    let mut offset = 0;
    let mut begun = false;
    for (line_idx, whole_line) in text.split_inclusive('\n').enumerate() {
        let begin = offset;
        offset += whole_line.len();
        let line_number = record.line + line_idx as u32;
        let line = whole_line.trim();
        if line.is_empty() {
            continue;
        }
        if let Some(id) = separator(line) {
            if let Some(id) = id {
                call.id = Cow::Borrowed(id);
            }
            continue;
        }
        if line_idx < n_header {
            header.line(line, line_number, &mut call, &mut notes, &|problem| {
                record.error(&text.as_bytes()[..begin], String::new(), problem)
            })?;
            continue;
        }
        let (stamp, rest) = split_line(line, options);
        if is_marker(rest) {
            open.push(Open {
                line: line_number,
                speaker: Speaker::System,
                stamp,
                text: Cow::Borrowed(rest.trim()),
            });
            continue;
        }
        let (marker, marked_stamp, rest) = split_marker(rest, options);
        let stamp = stamp.or(marked_stamp);
        if let Some(marker) = marker {
            open.push(Open {
                line: line_number,
                speaker: Speaker::System,
                stamp: None,
                text: Cow::Borrowed(marker),
            });
        }
        let label = split_label(rest);
        let known = label.and_then(|label| Some((label, label.speaker(options)?)));
        if let Some((label, (speaker, name))) = known {
            begun = true;
            let inner_stamp = label.inner.and_then(parse_stamp);
            let name = name
                .or(label.inner.filter(|_| inner_stamp.is_none()))
                .map(str::trim);
            let party = match speaker {
                Speaker::Agent => Some(&mut call.agent),
                Speaker::Customer => Some(&mut call.customer),
                Speaker::System => None,
            };
            if let (
                Some(Party {
                    name: slot @ None, ..
                }),
                Some(name),
            ) = (party, name)
            {
                *slot = Some(Cow::Borrowed(name));
            }
            let text = Cow::Borrowed(label.words);
            open.push(Open {
                line: line_number,
                speaker,
                stamp: stamp.or(inner_stamp),
                text,
            });
            continue;
        }
        if let Some(label) = label {
            let stranger = words::is_voice(label.name)
                || stamp.is_some() && label.looks_like_name()
                || strangers
                    .get(&words::plain(label.name))
                    .is_some_and(|n_times| *n_times > 1);
            if stranger {
                let at = begin + whole_line.find(label.name).unwrap_or(0);
                let problem = Options::unknown_speaker(label.name);
                let mut error = record.error(&text.as_bytes()[..at], String::new(), problem);
                let id = name_call(&call, ordinal, record);
                error.call = Some(id.into_owned());
                return Err(error);
            }
            if begun && label.looks_like_name() {
                notes.add(Note::at(
                    line_number,
                    Problem::new(&locale::LABEL_IN_TEXT, &[label.name]),
                ));
            }
        }
        match open
            .iter_mut()
            .rev()
            .find(|turn| turn.speaker != Speaker::System)
        {
            Some(last) if stamp.is_some() => {
                let speaker = last.speaker;
                open.push(Open {
                    line: line_number,
                    speaker,
                    stamp,
                    text: Cow::Borrowed(rest),
                });
            }
            Some(_) => {
                // After a marker the same voice goes on in a turn of its own.
                let speaker = open
                    .iter()
                    .rev()
                    .find(|turn| turn.speaker != Speaker::System)
                    .map(|turn| turn.speaker);
                match open.last_mut() {
                    Some(last) if last.speaker != Speaker::System => {
                        let before = std::mem::take(&mut last.text);
                        last.text = words::join(before, line);
                    }
                    _ => {
                        let speaker = speaker.unwrap_or(Speaker::System);
                        open.push(Open {
                            line: line_number,
                            speaker,
                            stamp: None,
                            text: Cow::Borrowed(line),
                        });
                    }
                }
            }
            None => notes.add(Note::at(
                line_number,
                Problem::new(&locale::TEXT_ABOVE, &[]),
            )),
        }
    }
    call.id = name_call(&call, ordinal, record);
    if !begun {
        let mut error = record.error(b"", String::new(), Problem::new(&locale::NO_TURN, &[]));
        error.call = Some(call.id.into_owned());
        return Err(error);
    }
    header.finish(&mut call);
    let lines: Vec<u32> = open.iter().map(|turn| turn.line).collect();
    let doubt = take_turns(open, &mut call, &mut notes);
    times::settle(&mut call, doubt, &lines, &mut notes);
    Ok((call, notes))
}

/// The id that the call gives itself, else its file's name.
fn name_call<'a>(call: &Call<'a>, ordinal: u32, record: &Record<'a>) -> Cow<'a, str> {
    if !call.id.is_empty() {
        return call.id.clone();
    }
    let stem = stem(record.path);
    Cow::Owned(if ordinal > 1 {
        format!("{stem}#{ordinal}")
    } else {
        stem
    })
}

fn take_turns<'a>(
    open: Vec<Open<'a>>,
    call: &mut Call<'a>,
    notes: &mut Notes,
) -> Option<(usize, &'static str)> {
    let mut doubt = None;
    // Where only starts are written, that is the manner of the file; else a missing end is a fault.
    let any_end = open
        .iter()
        .any(|turn| turn.stamp.is_some_and(|stamp| stamp.end.is_some()));
    for (turn_idx, turn) in open.into_iter().enumerate() {
        if turn.text.is_empty() {
            notes.add(Note::at(turn.line, Problem::new(&locale::EMPTY_TEXT, &[])));
        }
        let stamp = turn.stamp.unwrap_or_default();
        let raw = RawTimes {
            start: stamp.start,
            end: stamp.end,
            bad: stamp.bad,
        };
        let time = raw.span().unwrap_or_else(|reason| {
            let reason = if reason == "@half" && !any_end {
                "@only-starts"
            } else {
                reason
            };
            doubt = doubt.or(Some((turn_idx, reason)));
            None
        });
        call.turns.push(Turn {
            speaker: turn.speaker,
            time,
            text: turn.text,
            words: Vec::new(),
        });
    }
    doubt
}

/// How many times each label that names nobody we know stands below the header.
fn strangers(text: &str, n_header: usize, options: &Options) -> FxHashMap<String, u32> {
    let mut strangers = FxHashMap::default();
    for line in text.lines().skip(n_header) {
        let (_, rest) = split_line(line, options);
        if let Some(label) = split_label(rest)
            && label.speaker(options).is_none()
            && label.looks_like_name()
            && !label.words.is_empty()
        {
            *strangers.entry(words::plain(label.name)).or_default() += 1;
        }
    }
    strangers
}

/// How many lines at the top are the header. A line such as `Customer: Ivanov` has the form of a turn: it belongs to the
/// header where a line that can only be header stands below it before any blank line, or where the block above the first
/// blank line has such a line and this one holds nothing but a name.
fn header_lines(text: &str, options: &Options) -> usize {
    let mut n_sure = 0;
    let mut n_block = 0;
    let mut in_block = true;
    let mut block_is_header = false;
    for (line_idx, line) in text.lines().enumerate() {
        let trimmed = line.trim();
        if trimmed.is_empty() || separator(trimmed).is_some() {
            if line_idx > 0 && n_block > 0 {
                if in_block && block_is_header {
                    n_sure = n_sure.max(line_idx);
                }
                in_block = false;
            }
            continue;
        }
        n_block += 1;
        let (stamp, rest) = split_line(trimmed, options);
        if stamp.is_some() {
            break;
        }
        let Some(label) = split_label(rest) else {
            if is_marker(rest) {
                break;
            }
            // A title, or the words of a turn.
            if n_sure == 0 && n_block == 1 {
                continue;
            }
            break;
        };
        match (header_key(label.name), label.speaker(options)) {
            (Some(_), None) => {
                n_sure = line_idx + 1;
                block_is_header = true;
            }
            (_, Some((speaker, _))) => {
                if !in_block || speaker == Speaker::System || !is_person(label.words) {
                    break;
                }
            }
            (None, None) => {
                if !in_block || !block_is_header || words::is_voice(label.name) {
                    break;
                }
            }
        }
    }
    n_sure
}

/// What a header line of this label says; `id` also by a number sign: `call № 17`.
fn header_key(label: &str) -> Option<&'static str> {
    words::meaning("header", label)
}

/// Whether the words can be nothing but somebody's name.
fn is_person(words: &str) -> bool {
    let parts = words.split_whitespace();
    let n_parts = parts.clone().count();
    (1..=4).contains(&n_parts)
        && parts.clone().all(|part| {
            part.chars().next().is_some_and(char::is_uppercase)
                && part
                    .trim_end_matches('.')
                    .chars()
                    .all(|c| c.is_alphabetic() || matches!(c, '-' | '.'))
        })
        && (!words.ends_with('.') || n_parts > 1)
        && words::meaning("no_name", words).is_none()
}

/// What the header said that is put together only at its end.
#[derive(Default)]
struct Header {
    time_of_day: Option<String>,
}

impl Header {
    fn line<'a>(
        &mut self,
        line: &'a str,
        line_number: u32,
        call: &mut Call<'a>,
        notes: &mut Notes,
        fail: &dyn Fn(Problem) -> Box<super::ReadError>,
    ) -> Result<(), Box<super::ReadError>> {
        let Some(label) = split_label(line) else {
            notes.add(Note::at(
                line_number,
                Problem::new(&locale::TEXT_ABOVE, &[]),
            ));
            return Ok(());
        };
        let value = words::bare(label.words);
        let said = (!value.is_empty()).then_some(Cow::Borrowed(value));
        match header_key(label.name) {
            Some("id") if said.is_some() => {
                call.id = Cow::Borrowed(value.trim_start_matches('№').trim());
            }
            Some("line") => call.line = said,
            Some("agent_name") => call.agent.name = said,
            Some("agent_id") => call.agent.id = said,
            Some("agent_group") => call.agent.group = said,
            Some("customer_name") => call.customer.name = said,
            Some("customer_id") => call.customer.id = said,
            Some("direction") if said.is_some() => {
                let unknown = || fail(Problem::new(&locale::UNKNOWN_DIRECTION, &[value]));
                call.direction = Some(words::direction(value).ok_or_else(unknown)?);
            }
            Some("started_at") if said.is_some() => match times::parse_date(value) {
                Some(date) => call.started_at = Some(Cow::Owned(date)),
                None => {
                    notes.add(Note::at(
                        line_number,
                        Problem::new(&locale::BAD_DATE, &[value]),
                    ));
                    call.meta
                        .insert(label.name.to_owned(), Value::String(value.to_owned()));
                }
            },
            Some("time") if times::parse_time_of_day(value).is_some() => {
                self.time_of_day = times::parse_time_of_day(value);
            }
            Some("duration") => match times::parse_clock(value).filter(|s| times::plausible(*s)) {
                Some(seconds) => call.duration = Some(Millis::from_seconds(seconds)),
                None => notes.add(Note::at(
                    line_number,
                    Problem::new(&locale::BAD_DURATION, &[value]),
                )),
            },
            _ => match words::label(label.name) {
                Some(Speaker::Agent) => call.agent.name = said,
                Some(Speaker::Customer) => call.customer.name = said,
                _ => {
                    call.meta.insert(label.name.to_owned(), words::value(value));
                }
            },
        }
        Ok(())
    }

    fn finish(self, call: &mut Call<'_>) {
        if let (Some(date), Some(time)) = (&call.started_at, self.time_of_day)
            && !date.contains('T')
        {
            call.started_at = Some(Cow::Owned(format!("{date}T{time}")));
        }
    }
}
