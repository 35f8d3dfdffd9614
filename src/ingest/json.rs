//! The canonical form of `call.md`: one object, an array of objects, objects one after another, or one a line.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;
use std::marker::PhantomData;
use std::ops::ControlFlow;

use serde::de::{self, DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::error::Category;

use super::decode::Text as Bytes;
use super::json_plain;
use super::json_scan::{Key, Scanner, Step, locate, skip_space, value_end};
use super::locale::{self, Problem};
use super::times::{self, RawTimes};
use super::words;
use super::{
    BATCH_BYTES, Content, Format, Input, Note, Notes, Options, ParseResult, Piece, PieceKind,
    Position, RECORD_BYTES_MAX, Record,
};
use crate::call::{
    Call, Direction, Event, EventKind, Millis, Party, Speaker, TimeSpan, Turn, Word,
};

pub(super) const FORMAT: Format = Format {
    name: "json",
    endings: &["json", "ndjson", "jsonl"],
    looks_like,
    read,
};

fn looks_like(head: &str, _: &Options) -> bool {
    let head = head.trim_start();
    if let Some(inside) = head.strip_prefix('[') {
        // `[00:12]` and `[music]` begin a written dialogue.
        return inside.trim_start().starts_with(['{', '[', ']', '"']);
    }
    head.starts_with('{')
}

/// How the values of a file stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Lines,
    Array,
    Values,
}

fn shape(head: &[u8], ending: &str) -> Shape {
    let begin = skip_space(head, 0);
    let head = &head[begin..];
    match head.first() {
        Some(b'[') => return Shape::Array,
        Some(b'{') => {}
        _ => return Shape::Lines,
    }
    let first = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    match value_end(head, 0) {
        Some(end) if end > first.len() => return Shape::Values,
        Some(end) if first.get(skip_space(first, end)) == Some(&b'{') => return Shape::Values,
        Some(_) => return Shape::Lines,
        None if first.len() == head.len() => return Shape::Lines,
        None => {}
    }
    // The first line is no whole value: either the beginning of a long one, or a spoilt line of many.
    let second = head[first.len() + 1..]
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let is_whole =
        || value_end(second, 0).is_some_and(|end| skip_space(second, end) == second.len());
    let line_by_line = ["ndjson", "jsonl"].contains(&ending) || is_whole();
    if second.starts_with(b"{") && line_by_line {
        Shape::Lines
    } else {
        Shape::Values
    }
}

fn read(input: &mut Input<'_>, text: Bytes) -> ControlFlow<()> {
    let shape = shape(&text.head, &input.ending);
    let mut reader = text.into_reader();
    match shape {
        Shape::Lines => read_lines(input, &mut reader),
        Shape::Array => read_values(input, &mut reader, Expect::Open),
        Shape::Values => read_values(input, &mut reader, Expect::AnyValue),
    }
}

fn read_lines(input: &mut Input<'_>, reader: &mut dyn Read) -> ControlFlow<()> {
    let mut line = 1;
    let mut carry = Vec::new();
    loop {
        let mut bytes = std::mem::take(&mut carry);
        let n_carried = bytes.len();
        bytes.reserve(BATCH_BYTES);
        let n_read = match reader.take(BATCH_BYTES as u64).read_to_end(&mut bytes) {
            Ok(n_read) => n_read,
            Err(error) => return input.io_error(&error),
        };
        if n_read == 0 {
            return if skip_space(&bytes, 0) < bytes.len() {
                input.batch(Content::Lines {
                    first_line: line,
                    bytes,
                })
            } else {
                ControlFlow::Continue(())
            };
        }
        let Some(at) = memchr::memrchr(b'\n', &bytes[n_carried..]) else {
            if bytes.len() > RECORD_BYTES_MAX {
                input.too_long(Position { line, column: 1 })?;
                bytes.clear();
                match skip_line(reader, &mut bytes) {
                    Ok(()) => line += 1,
                    Err(error) => return input.io_error(&error),
                }
            }
            carry = bytes;
            continue;
        };
        carry = bytes.split_off(n_carried + at + 1);
        let n_lines = memchr::memchr_iter(b'\n', &bytes).count() as u32;
        input.batch(Content::Lines {
            first_line: line,
            bytes,
        })?;
        line += n_lines;
    }
}

/// Reads to the end of the line and leaves what was read beyond it in `rest`.
fn skip_line(reader: &mut dyn Read, rest: &mut Vec<u8>) -> std::io::Result<()> {
    loop {
        rest.clear();
        if reader.take(BATCH_BYTES as u64).read_to_end(rest)? == 0 {
            return Ok(());
        }
        if let Some(at) = memchr::memchr(b'\n', rest) {
            rest.drain(..=at);
            return Ok(());
        }
    }
}

/// The lines of a block that hold something, with their numbers.
pub(super) fn lines(first_line: u32, bytes: &[u8]) -> impl Iterator<Item = (u32, &[u8])> {
    let mut at = 0;
    let mut line = first_line;
    std::iter::from_fn(move || {
        while at < bytes.len() {
            let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |n| at + n);
            let of_line = &bytes[at..end];
            let number = line;
            at = end + 1;
            line += 1;
            if skip_space(of_line, 0) < of_line.len() {
                return Some((number, of_line));
            }
        }
        None
    })
}

/// What may come next between the values of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expect {
    /// `[`
    Open,
    /// The first element of the array or `]`.
    First,
    /// `,` or `]`
    Comma,
    /// An element after a comma.
    Element,
    /// Nothing: the array is closed.
    Nothing,
    /// A value, there is no array.
    AnyValue,
    /// A line that begins with `{`, after a broken value.
    Resync,
}

/// Calls gathered for a batch.
#[derive(Default)]
struct Pieces {
    bytes: Vec<u8>,
    pieces: Vec<Piece>,
    /// Offset and place of the value in hand.
    begun: Option<(usize, Position)>,
    n_total: u32,
}

impl Pieces {
    fn end_piece(&mut self) {
        if let Some((start, at)) = self.begun.take() {
            self.n_total += 1;
            let range = start..self.bytes.len();
            self.pieces.push(Piece {
                range,
                line: at.line,
                column: at.column,
                ordinal: self.n_total,
            });
        }
    }

    fn flush(&mut self, input: &mut Input<'_>) -> ControlFlow<()> {
        if let Some((start, _)) = self.begun.take() {
            self.bytes.truncate(start);
        }
        if self.pieces.is_empty() {
            return ControlFlow::Continue(());
        }
        let bytes = std::mem::take(&mut self.bytes);
        let pieces = std::mem::take(&mut self.pieces);
        input.batch(Content::Pieces {
            kind: PieceKind::Json,
            bytes,
            pieces,
        })
    }
}

fn read_values(
    input: &mut Input<'_>,
    reader: &mut dyn Read,
    mut expect: Expect,
) -> ControlFlow<()> {
    let mut at = Position::START;
    let mut scanner = Scanner::default();
    let mut calls = Pieces::default();
    let mut block = Vec::with_capacity(BATCH_BYTES / 8);
    loop {
        block.clear();
        let n_read = match reader.take(BATCH_BYTES as u64 / 8).read_to_end(&mut block) {
            Ok(n_read) => n_read,
            Err(error) => {
                calls.flush(input)?;
                return input.io_error(&error);
            }
        };
        if n_read == 0 {
            break;
        }
        let mut rest = &block[..];
        while !rest.is_empty() {
            if let Some((start, began)) = calls.begun {
                let step = scanner.feed(rest);
                let n = match step {
                    Step::More => rest.len(),
                    Step::End(n) | Step::Broken(n) => n,
                };
                calls.bytes.extend_from_slice(&rest[..n]);
                at.pass(&rest[..n]);
                rest = &rest[n..];
                match step {
                    Step::More if calls.bytes.len() - start > RECORD_BYTES_MAX => {
                        calls.flush(input)?;
                        return input.too_long(began);
                    }
                    Step::More => {}
                    Step::End(_) => {
                        calls.end_piece();
                        scanner = Scanner::default();
                        if calls.bytes.len() >= BATCH_BYTES {
                            calls.flush(input)?;
                        }
                    }
                    Step::Broken(_) if expect == Expect::AnyValue => {
                        calls.flush(input)?;
                        input
                            .error(Some(at), Problem::new(&locale::JSON_SYNTAX, &["@no-comma"]))?;
                        scanner = Scanner::default();
                        expect = Expect::Resync;
                    }
                    Step::Broken(_) => {
                        calls.flush(input)?;
                        return broken(input, at, "@no-comma");
                    }
                }
                continue;
            }
            if expect == Expect::Resync {
                if at.column == 1 && rest[0] == b'{' {
                    expect = Expect::AnyValue;
                    continue;
                }
                let n = memchr::memchr(b'\n', rest).map_or(rest.len(), |n| n + 1);
                at.pass(&rest[..n]);
                rest = &rest[n..];
                continue;
            }
            let n = skip_space(rest, 0);
            at.pass(&rest[..n]);
            rest = &rest[n..];
            let Some(byte) = rest.first() else { break };
            let next = match (expect, byte) {
                (Expect::Open, b'[') => Ok(Expect::First),
                (Expect::First | Expect::Comma, b']') => Ok(Expect::Nothing),
                (Expect::Comma, b',') => Ok(Expect::Element),
                (Expect::Comma | Expect::Open, _) => Err("@no-comma"),
                (Expect::Nothing, _) => Err("@trailing"),
                (Expect::Element, b']') => Err("@trailing-comma"),
                (_, b',' | b'}' | b']') => Err("@no-value"),
                (Expect::First | Expect::Element, _) => {
                    calls.begun = Some((calls.bytes.len(), at));
                    expect = Expect::Comma;
                    continue;
                }
                (Expect::AnyValue | Expect::Resync, _) => {
                    calls.begun = Some((calls.bytes.len(), at));
                    continue;
                }
            };
            match next {
                Ok(next) => expect = next,
                Err(reason) if expect == Expect::AnyValue => {
                    calls.flush(input)?;
                    input.error(Some(at), Problem::new(&locale::JSON_SYNTAX, &[reason]))?;
                    expect = Expect::Resync;
                    continue;
                }
                Err(reason) => {
                    calls.flush(input)?;
                    return broken(input, at, reason);
                }
            }
            at.pass(&rest[..1]);
            rest = &rest[1..];
        }
    }
    // A value that the end of the file cuts becomes the one error of the tail when it is parsed.
    let cut = calls.begun.is_some();
    calls.end_piece();
    let n_total = calls.n_total;
    calls.flush(input)?;
    match expect {
        Expect::Nothing if n_total == 0 => {
            input.error(None, Problem::new(&locale::EMPTY_FILE, &[]))
        }
        Expect::First | Expect::Element | Expect::Comma if !cut => broken(input, at, "@eof"),
        _ => ControlFlow::Continue(()),
    }
}

fn broken(input: &mut Input<'_>, at: Position, reason: &str) -> ControlFlow<()> {
    input.error(Some(at), Problem::new(&locale::JSON_BROKEN, &[reason]))
}

/// Parses one call without any further care: the least that reading a call can cost, for measuring against.
///
/// # Errors
/// What `serde_json` finds wrong; the words of the error are not for people.
pub fn parse_bare(text: &str) -> serde_json::Result<Call<'_>> {
    let options = Options::default();
    deserialize(text, &Context::new(&options)).map(|(call, _)| call)
}

/// One call from its text.
pub(super) fn parse<'a>(text: &'a str, record: &Record<'a>, options: &Options) -> ParseResult<'a> {
    let context = Context::new(options);
    let (mut call, doubt) = match json_plain::parse(text, options) {
        Some(parsed) => parsed,
        None => match deserialize(text, &context) {
            Ok(parsed) => parsed,
            Err(error) => return Err(explain(text, record, &context, &error)),
        },
    };
    let mut notes = context.notes.into_inner();
    if call.turns.is_empty() {
        notes.add(Note::new("turns", Problem::new(&locale::EMPTY_CALL, &[])));
    }
    if let Some(started_at) = call.started_at.take_if(|given| !times::is_date(given)) {
        notes.add(Note::new(
            "started_at",
            Problem::new(&locale::BAD_DATE, &[&started_at]),
        ));
        call.meta
            .entry("started_at".to_owned())
            .or_insert_with(|| Value::String(started_at.into_owned()));
    }
    times::settle(&mut call, doubt, &[], &mut notes);
    call.events.sort_by_key(|event| event.start);
    for note in &mut notes.0 {
        let at = find(text, &note.place).unwrap_or(0);
        let mut position = Position {
            line: record.line,
            column: record.column,
        };
        position.pass(&text.as_bytes()[..at]);
        note.line = Some(position.line);
    }
    Ok((call, notes))
}

type Doubt = Option<(usize, &'static str)>;

fn deserialize<'a>(text: &'a str, context: &Context<'_>) -> serde_json::Result<(Call<'a>, Doubt)> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let call = CallSeed(context).deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok((call, context.doubt.get()))
}

/// The error record of a call that `serde_json` or we refused.
fn explain(
    text: &str,
    record: &Record<'_>,
    context: &Context<'_>,
    error: &serde_json::Error,
) -> Box<super::ReadError> {
    let id = || {
        let at = locate(text, &[Key::Name("id")])?;
        let id = &text[at..value_end(text.as_bytes(), at)?];
        serde_json::from_str(id).ok().or_else(|| {
            id.bytes()
                .all(|b| b.is_ascii_digit())
                .then(|| id.to_owned())
        })
    };
    let mut read_error = if error.classify() == Category::Data {
        let place = context.place();
        let problem = context.failure.take().unwrap_or_else(|| {
            let message = error.to_string();
            let expected = message
                .split_whitespace()
                .find(|word| word.starts_with('@'))
                .unwrap_or("@object");
            Problem::new(&locale::WRONG_TYPE, &[expected])
        });
        let at = find(text, &place).unwrap_or_else(|| skip_space(text.as_bytes(), 0));
        record.error(&text.as_bytes()[..at], place, problem)
    } else {
        let n_before: usize = text
            .split_inclusive('\n')
            .take(error.line().saturating_sub(1))
            .map(str::len)
            .sum();
        let at = match error.classify() {
            Category::Eof => text.trim_end().len(),
            _ => (n_before + error.column().saturating_sub(1)).min(text.len()),
        };
        let problem = Problem::new(&locale::JSON_SYNTAX, &[&syntax(error)]);
        record.error(&text.as_bytes()[..at], String::new(), problem)
    };
    read_error.call = id().filter(|id: &String| !id.trim().is_empty());
    read_error
}

/// What `serde_json` says, as a term of `locale` where we have one.
fn syntax(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    const KNOWN: &[(&str, &str)] = &[
        ("EOF", "@eof"),
        ("expected `,`", "@no-comma"),
        ("expected `:`", "@no-colon"),
        ("expected value", "@no-value"),
        ("expected ident", "@no-value"),
        ("key must be", "@no-key"),
        ("trailing comma", "@trailing-comma"),
        ("trailing char", "@trailing"),
        ("control character", "@control"),
        ("invalid escape", "@escape"),
        ("lone leading", "@escape"),
        ("unexpected end of hex", "@escape"),
        ("invalid number", "@bad-number"),
        ("number out", "@bad-number"),
        ("recursion", "@deep"),
    ];
    let known = KNOWN.iter().find(|(begin, _)| message.starts_with(begin));
    known.map_or(message, |(_, term)| term).to_owned()
}

/// The offset of a place such as `turns[3].speaker`, or of the nearest thing around it that is there.
fn find(text: &str, place: &str) -> Option<usize> {
    let mut keys = Vec::new();
    for part in place.split('.') {
        let (name, index) = match part.split_once('[') {
            Some((name, index)) => (name, index.trim_end_matches(']').parse().ok()),
            None => (part, None),
        };
        if !name.is_empty() {
            keys.push(Key::Name(name));
        }
        keys.extend(index.map(Key::Index));
    }
    (0..=keys.len())
        .rev()
        .find_map(|n| locate(text, &keys[..n]))
}

/// What the visitors share: where they are, and what they found.
struct Context<'o> {
    options: &'o Options,
    /// `turns`, `events`, `agent`, `customer`, or nothing.
    list: Cell<&'static str>,
    index: Cell<Option<u32>>,
    word: Cell<Option<u32>>,
    field: Cell<&'static str>,
    failure: RefCell<Option<Problem>>,
    notes: RefCell<Notes>,
    doubt: Cell<Doubt>,
}

impl<'o> Context<'o> {
    fn new(options: &'o Options) -> Self {
        Self {
            options,
            list: Cell::new(""),
            index: Cell::new(None),
            word: Cell::new(None),
            field: Cell::new(""),
            failure: RefCell::new(None),
            notes: RefCell::default(),
            doubt: Cell::new(None),
        }
    }

    fn top(&self, field: &'static str) {
        self.list.set("");
        self.index.set(None);
        self.field.set(field);
    }

    fn enter(&self, list: &'static str, index: Option<u32>) {
        self.list.set(list);
        self.index.set(index);
        self.word.set(None);
        self.field.set("");
    }

    fn place(&self) -> String {
        let mut place = self.list.get().to_owned();
        if let Some(index) = self.index.get() {
            place.push_str(&format!("[{index}]"));
        }
        if let Some(word) = self.word.get() {
            place.push_str(&format!(".words[{word}]"));
        }
        let field = self.field.get();
        if !place.is_empty() && !field.is_empty() {
            place.push('.');
        }
        place + field
    }

    fn fail<E: de::Error>(&self, problem: Problem) -> E {
        *self.failure.borrow_mut() = Some(problem);
        E::custom("")
    }

    fn note(&self, problem: Problem) {
        self.notes
            .borrow_mut()
            .add(Note::new(self.place(), problem));
    }

    fn key_again<T>(&self, slot: &Option<T>) {
        if slot.is_some() {
            self.note(Problem::new(&locale::DUPLICATE_KEY, &[]));
        }
    }
}

/// A string, borrowed where it has no escapes.
struct Text<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("@string")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(TextVisitor)
    }
}

/// A string or a number taken as one; `null` and an empty string are nothing.
struct Ident<'de>(Option<Cow<'de, str>>);

impl<'de> Deserialize<'de> for Ident<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct IdentVisitor;
        impl<'de> Visitor<'de> for IdentVisitor {
            type Value = Ident<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("@id")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Ident(
                    (!text.trim().is_empty()).then_some(Cow::Borrowed(text)),
                ))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Ident(
                    (!text.trim().is_empty()).then(|| Cow::Owned(text.to_owned())),
                ))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
                Ok(Ident(Some(Cow::Owned(number.to_string()))))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
                Ok(Ident(Some(Cow::Owned(number.to_string()))))
            }
            fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
                Ok(Ident(Some(Cow::Owned(number.to_string()))))
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Ident(None))
            }
        }
        deserializer.deserialize_any(IdentVisitor)
    }
}

/// A time or a measure: a number, or a string that holds one; anything may stand there.
#[derive(Clone, Copy)]
enum Number {
    Nothing,
    Is(f64),
    Bad,
}

impl Number {
    fn value(self) -> Option<f64> {
        match self {
            Self::Is(value) => Some(value),
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NumberVisitor;
        impl<'de> Visitor<'de> for NumberVisitor {
            type Value = Number;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("@number")
            }
            fn visit_f64<E>(self, number: f64) -> Result<Number, E> {
                Ok(Number::Is(number))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Number, E> {
                Ok(Number::Is(number as f64))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Number, E> {
                Ok(Number::Is(number as f64))
            }
            fn visit_str<E>(self, text: &str) -> Result<Number, E> {
                Ok(times::parse_clock(text).map_or(Number::Bad, Number::Is))
            }
            fn visit_unit<E>(self) -> Result<Number, E> {
                Ok(Number::Nothing)
            }
            fn visit_bool<E>(self, _: bool) -> Result<Number, E> {
                Ok(Number::Bad)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Number, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Number::Bad)
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Number, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Number::Bad)
            }
        }
        deserializer.deserialize_any(NumberVisitor)
    }
}

struct CallSeed<'c, 'o>(&'c Context<'o>);

impl<'de> DeserializeSeed<'de> for CallSeed<'_, '_> {
    type Value = Call<'de>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for CallSeed<'_, '_> {
    type Value = Call<'de>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("@object")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Call<'de>, A::Error> {
        let context = self.0;
        let mut id = None;
        let mut turns = None;
        let mut call = Call::default();
        while let Some(Text(key)) = map.next_key()? {
            match &*key {
                "id" => {
                    context.top("id");
                    context.key_again(&id);
                    id = map.next_value::<Ident<'de>>()?.0;
                }
                "line" => {
                    context.top("line");
                    call.line = map.next_value::<Ident<'de>>()?.0;
                }
                "direction" => {
                    context.top("direction");
                    call.direction = match map.next_value::<Ident<'de>>()?.0 {
                        None => None,
                        Some(word) => Some(direction(&word, context)?),
                    };
                }
                "started_at" => {
                    context.top("started_at");
                    call.started_at = map.next_value::<Ident<'de>>()?.0;
                }
                "agent" => {
                    call.agent = map.next_value_seed(PartySeed {
                        context,
                        key: "agent",
                    })?
                }
                "customer" => {
                    call.customer = map.next_value_seed(PartySeed {
                        context,
                        key: "customer",
                    })?
                }
                "turns" => {
                    context.top("turns");
                    context.key_again(&turns);
                    // The doubts of a list that does not count do not count either.
                    context.doubt.set(None);
                    turns = map.next_value_seed(List::<TurnKind>(context, PhantomData))?;
                }
                "events" => {
                    context.top("events");
                    let events = map.next_value_seed(List::<EventKinds>(context, PhantomData))?;
                    call.events = events.unwrap_or_default().into_iter().flatten().collect();
                }
                "duration" => {
                    context.top("duration");
                    call.duration = match map.next_value::<Number>()? {
                        Number::Nothing => None,
                        Number::Is(seconds) if times::plausible(seconds) => {
                            Some(Millis::from_seconds(seconds))
                        }
                        other => {
                            let given = other
                                .value()
                                .map_or_else(|| "?".to_owned(), |value| value.to_string());
                            context.note(Problem::new(&locale::BAD_DURATION, &[&given]));
                            None
                        }
                    };
                }
                "meta" => {
                    context.top("meta");
                    let meta = map.next_value_seed(MetaSeed)?;
                    call.meta.extend(meta);
                }
                _ => {
                    context.top("");
                    let value = map.next_value()?;
                    call.meta.entry(key.into_owned()).or_insert(value);
                }
            }
        }
        context.top("");
        let Some(turns) = turns else {
            return Err(context.fail(Problem::new(&locale::NOT_A_CALL, &[])));
        };
        context.top("id");
        let Some(id) = id else {
            return Err(context.fail(Problem::new(&locale::NO_ID, &[])));
        };
        call.id = id;
        call.turns = turns;
        Ok(call)
    }
}

fn direction<E: de::Error>(word: &str, context: &Context<'_>) -> Result<Direction, E> {
    words::direction(word)
        .ok_or_else(|| context.fail(Problem::new(&locale::UNKNOWN_DIRECTION, &[word])))
}

/// What the objects of a list are.
trait Kind<'de> {
    type Value;
    fn enter(context: &Context<'_>, index: u32);
    fn visit<A: MapAccess<'de>>(
        context: &Context<'_>,
        index: u32,
        map: A,
    ) -> Result<Self::Value, A::Error>;
}

/// `null` or a list of objects.
struct List<'c, 'o, K>(&'c Context<'o>, PhantomData<K>);

impl<'de, K: Kind<'de>> DeserializeSeed<'de> for List<'_, '_, K> {
    type Value = Option<Vec<K::Value>>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, K: Kind<'de>> Visitor<'de> for List<'_, '_, K> {
    type Value = Option<Vec<K::Value>>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("@array")
    }
    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        for index in 0.. {
            K::enter(self.0, index);
            let seed = Object::<K> {
                context: self.0,
                index,
                kind: PhantomData,
            };
            match seq.next_element_seed(seed)? {
                Some(item) => items.push(item),
                None => break,
            }
        }
        Ok(Some(items))
    }
}

/// One object of a list.
struct Object<'c, 'o, K> {
    context: &'c Context<'o>,
    index: u32,
    kind: PhantomData<K>,
}

impl<'de, K: Kind<'de>> DeserializeSeed<'de> for Object<'_, '_, K> {
    type Value = K::Value;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, K: Kind<'de>> Visitor<'de> for Object<'_, '_, K> {
    type Value = K::Value;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("@object")
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        K::visit(self.context, self.index, map)
    }
}

struct TurnKind;

impl<'de> Kind<'de> for TurnKind {
    type Value = Turn<'de>;
    fn enter(context: &Context<'_>, index: u32) {
        context.enter("turns", Some(index));
    }
    fn visit<A: MapAccess<'de>>(
        context: &Context<'_>,
        index: u32,
        mut map: A,
    ) -> Result<Turn<'de>, A::Error> {
        let mut speaker = None;
        let mut text = Cow::Borrowed("");
        let mut words = Vec::new();
        let mut raw = RawTimes::default();
        while let Some(Text(key)) = map.next_key()? {
            match &*key {
                "speaker" => {
                    context.field.set("speaker");
                    speaker = match map.next_value::<Ident<'de>>()?.0 {
                        None => None,
                        Some(word) => Some(speaker_of(&word, context)?),
                    };
                }
                "text" => {
                    context.field.set("text");
                    text = map
                        .next_value::<Option<Text<'de>>>()?
                        .map_or(Cow::Borrowed(""), |text| text.0);
                }
                "start" => {
                    let number = map.next_value::<Number>()?;
                    raw.start = number.value();
                    raw.bad |= matches!(number, Number::Bad);
                }
                "end" => {
                    let number = map.next_value::<Number>()?;
                    raw.end = number.value();
                    raw.bad |= matches!(number, Number::Bad);
                }
                "words" => {
                    context.field.set("words");
                    words = map
                        .next_value_seed(List::<WordKind>(context, PhantomData))?
                        .unwrap_or_default();
                    context.word.set(None);
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        context.field.set("speaker");
        let Some(speaker) = speaker else {
            return Err(context.fail(Problem::new(&locale::NO_SPEAKER, &[])));
        };
        if speaker != Speaker::System && text.trim().is_empty() {
            context.field.set("text");
            context.note(Problem::new(&locale::EMPTY_TEXT, &[]));
        }
        let time = raw.span().unwrap_or_else(|reason| {
            if context.doubt.get().is_none() {
                context.doubt.set(Some((index as usize, reason)));
            }
            None
        });
        Ok(Turn {
            speaker,
            time,
            text,
            words,
        })
    }
}

fn speaker_of<E: de::Error>(word: &str, context: &Context<'_>) -> Result<Speaker, E> {
    if context.options.roles.is_empty() {
        match word {
            "agent" => return Ok(Speaker::Agent),
            "customer" => return Ok(Speaker::Customer),
            _ => {}
        }
    }
    context
        .options
        .speaker(word)
        .ok_or_else(|| context.fail(Options::unknown_speaker(word)))
}

struct WordKind;

impl<'de> Kind<'de> for WordKind {
    type Value = Word<'de>;
    fn enter(context: &Context<'_>, index: u32) {
        context.word.set(Some(index));
        context.field.set("");
    }
    fn visit<A: MapAccess<'de>>(
        context: &Context<'_>,
        _: u32,
        mut map: A,
    ) -> Result<Word<'de>, A::Error> {
        let mut text = Cow::Borrowed("");
        let mut raw = RawTimes::default();
        let mut confidence = None;
        while let Some(Text(key)) = map.next_key()? {
            match &*key {
                "text" => {
                    context.field.set("text");
                    text = map
                        .next_value::<Option<Text<'de>>>()?
                        .map_or(Cow::Borrowed(""), |text| text.0);
                }
                "start" => raw.start = map.next_value::<Number>()?.value(),
                "end" => raw.end = map.next_value::<Number>()?.value(),
                "confidence" => {
                    confidence = map
                        .next_value::<Number>()?
                        .value()
                        .map(|value| value as f32)
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        // A recogniser fails to align a word now and then; the turn's own times stand all the same.
        let time: Option<TimeSpan> = raw.span().ok().flatten();
        Ok(Word {
            text,
            time,
            confidence,
        })
    }
}

struct EventKinds;

impl<'de> Kind<'de> for EventKinds {
    /// `None` for an event that is noted and not used.
    type Value = Option<Event>;
    fn enter(context: &Context<'_>, index: u32) {
        context.enter("events", Some(index));
    }
    fn visit<A: MapAccess<'de>>(
        context: &Context<'_>,
        _: u32,
        mut map: A,
    ) -> Result<Self::Value, A::Error> {
        let mut kind = None;
        let mut start = Number::Nothing;
        let mut end = Number::Nothing;
        while let Some(Text(key)) = map.next_key()? {
            match &*key {
                "type" => kind = map.next_value::<Ident<'de>>()?.0,
                "start" => start = map.next_value()?,
                "end" => end = map.next_value()?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        let bad = |reason: &str| {
            context.note(Problem::new(&locale::BAD_EVENT, &[reason]));
            Ok(None)
        };
        let Some(kind) = kind.as_deref().and_then(EventKind::by_name) else {
            return bad(kind.as_deref().unwrap_or("type"));
        };
        let Some(start) = start.value().filter(|start| times::plausible(*start)) else {
            return bad("@not-time");
        };
        let end = match end {
            Number::Nothing => None,
            Number::Is(end) if end < start => return bad("@end-first"),
            Number::Is(end) if times::plausible(end) => Some(Millis::from_seconds(end)),
            _ => return bad("@not-time"),
        };
        Ok(Some(Event {
            kind,
            start: Millis::from_seconds(start),
            end,
        }))
    }
}

/// The agent or the customer: an object, a mere name, or `null`.
struct PartySeed<'c, 'o> {
    context: &'c Context<'o>,
    key: &'static str,
}

impl<'de> DeserializeSeed<'de> for PartySeed<'_, '_> {
    type Value = Party<'de>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        self.context.enter(self.key, None);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for PartySeed<'_, '_> {
    type Value = Party<'de>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("@object")
    }
    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Party::default())
    }
    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Party {
            name: Some(Cow::Borrowed(name)),
            ..Party::default()
        })
    }
    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Party {
            name: Some(Cow::Owned(name.to_owned())),
            ..Party::default()
        })
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut party = Party::default();
        while let Some(Text(key)) = map.next_key()? {
            let (field, slot) = match &*key {
                "id" => ("id", &mut party.id),
                "name" => ("name", &mut party.name),
                "group" => ("group", &mut party.group),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            self.context.field.set(field);
            *slot = map.next_value::<Ident<'de>>()?.0;
        }
        Ok(party)
    }
}

/// An object of anything, or `null`.
struct MetaSeed;

impl<'de> DeserializeSeed<'de> for MetaSeed {
    type Value = BTreeMap<String, Value>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for MetaSeed {
    type Value = BTreeMap<String, Value>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("@object")
    }
    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(BTreeMap::new())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut meta = BTreeMap::new();
        while let Some(key) = map.next_key()? {
            meta.insert(key, map.next_value()?);
        }
        Ok(meta)
    }
}
