//! Rule files as nearly all are written -> the tables that the full TOML parser makes of them, in a fifth of its time.
//!
//! What is not read here: escapes, multi-line and literal strings, dotted keys, tables more than two deep, control characters, and
//! everything that is wrong. The full parser reads the whole file then.

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

/// The table that a text is; `None`: the full parser has to tell.
pub(super) fn table(text: &str) -> Option<DeTable<'_>> {
    // All bytes, without a jump: that goes many at a time.
    let is_control = |byte: u8| (byte < b' ') & (byte != b'\n') & (byte != b'\t') | (byte == 0x7f);
    if text.bytes().fold(false, |any, byte| any | is_control(byte)) {
        return None;
    }
    let mut document = Document::default();
    let mut reader = Reader { text, at: 0 };
    loop {
        reader.skip_filler();
        match reader.peek() {
            None => {
                document.close()?;
                return Some(document.root);
            }
            Some(b'[') => {
                document.close()?;
                document.header = Some(reader.header()?);
            }
            Some(_) => {
                let (key, value) = reader.pair(0)?;
                if document.current.insert(key, value).is_some() {
                    return None;
                }
            }
        }
        reader.end_line()?;
    }
}

type Key<'i> = Spanned<Cow<'i, str>>;
type Value<'i> = Spanned<DeValue<'i>>;

/// `[parent.key]`, `[[key]]`.
struct Header<'i> {
    parent: Option<Key<'i>>,
    key: Key<'i>,
    is_array: bool,
    span: Range<usize>,
}

#[derive(Default)]
struct Document<'i> {
    root: DeTable<'i>,
    /// What stands below the last header.
    current: DeTable<'i>,
    header: Option<Header<'i>>,
    /// Tables of the root that others may stand in.
    parents: Vec<Cow<'i, str>>,
    /// Arrays that `[[…]]` began: parent and key.
    arrays: Vec<(Option<Cow<'i, str>>, Cow<'i, str>)>,
}

impl<'i> Document<'i> {
    /// Puts the table in hand in its place.
    fn close(&mut self) -> Option<()> {
        let table = std::mem::take(&mut self.current);
        let Some(header) = self.header.take() else {
            self.root = table;
            return Some(());
        };
        let table = Spanned::new(header.span.clone(), DeValue::Table(table));
        let name = header.key.get_ref().clone();
        let array = (
            header.parent.as_ref().map(|key| key.get_ref().clone()),
            name,
        );
        let place = match header.parent {
            None => &mut self.root,
            Some(parent) => {
                let name = parent.get_ref().clone();
                if !self.root.contains_key(name.as_ref()) {
                    let none = DeValue::Table(DeTable::new());
                    let span = parent.span();
                    self.root.insert(parent, Spanned::new(span, none));
                    self.parents.push(name.clone());
                } else if !self.parents.contains(&name) {
                    return None;
                }
                match self.root.get_mut(name.as_ref())?.get_mut() {
                    DeValue::Table(table) => table,
                    _ => return None,
                }
            }
        };
        if !header.is_array {
            if array.0.is_none() {
                self.parents.push(array.1);
            }
            return place.insert(header.key, table).is_none().then_some(());
        }
        if let Some(known) = place.get_mut(array.1.as_ref()) {
            return match known.get_mut() {
                DeValue::Array(tables) if self.arrays.contains(&array) => {
                    tables.push(table);
                    Some(())
                }
                _ => None,
            };
        }
        let mut tables = DeArray::new();
        tables.push(table);
        place.insert(
            header.key,
            Spanned::new(header.span, DeValue::Array(tables)),
        );
        self.arrays.push(array);
        Some(())
    }
}

/// Deeper values are left to the full parser.
const DEPTH_MAX: usize = 8;
/// Most lists have no more.
const ITEMS: usize = 16;

struct Reader<'i> {
    text: &'i str,
    at: usize,
}

impl<'i> Reader<'i> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn skip_while(&mut self, skips: impl Fn(u8) -> bool) {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().take_while(|byte| skips(**byte)).count();
    }

    fn skip_blanks(&mut self) {
        self.skip_while(|byte| matches!(byte, b' ' | b'\t'));
    }

    fn skip_comment(&mut self) {
        if self.peek() == Some(b'#') {
            let rest = &self.text.as_bytes()[self.at..];
            self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        }
    }

    /// Skips white space, ends of lines and comments.
    fn skip_filler(&mut self) {
        loop {
            self.skip_while(|byte| matches!(byte, b' ' | b'\t' | b'\n'));
            if self.peek() != Some(b'#') {
                return;
            }
            self.skip_comment();
        }
    }

    fn end_line(&mut self) -> Option<()> {
        self.skip_blanks();
        self.skip_comment();
        (self.at == self.text.len() || self.eat(b'\n')).then_some(())
    }

    fn header(&mut self) -> Option<Header<'i>> {
        let start = self.at;
        self.at += 1;
        let is_array = self.eat(b'[');
        let mut key = self.key()?;
        let parent = if self.eat(b'.') {
            Some(std::mem::replace(&mut key, self.key()?))
        } else {
            None
        };
        if !self.eat(b']') || is_array && !self.eat(b']') {
            return None;
        }
        Some(Header {
            parent,
            key,
            is_array,
            span: start..self.at,
        })
    }

    fn pair(&mut self, depth: usize) -> Option<(Key<'i>, Value<'i>)> {
        let key = self.key()?;
        self.skip_blanks();
        if !self.eat(b'=') {
            return None;
        }
        self.skip_blanks();
        Some((key, self.value(depth)?))
    }

    fn key(&mut self) -> Option<Key<'i>> {
        if self.peek() == Some(b'"') {
            return self.string();
        }
        let start = self.at;
        self.skip_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
        let key = &self.text[start..self.at];
        (!key.is_empty()).then(|| Spanned::new(start..self.at, Cow::Borrowed(key)))
    }

    /// With its quotation marks.
    fn string(&mut self) -> Option<Key<'i>> {
        let start = self.at;
        let rest = &self.text.as_bytes()[start + 1..];
        let len = memchr::memchr3(b'"', b'\\', b'\n', rest)?;
        let is_multi_line = len == 0 && rest.get(1) == Some(&b'"');
        if rest[len] != b'"' || is_multi_line {
            return None;
        }
        self.at = start + len + 2;
        let string = &self.text[start + 1..self.at - 1];
        Some(Spanned::new(start..self.at, Cow::Borrowed(string)))
    }

    fn value(&mut self, depth: usize) -> Option<Value<'i>> {
        if depth > DEPTH_MAX {
            return None;
        }
        let start = self.at;
        let value = match self.peek()? {
            b'"' => DeValue::String(self.string()?.into_inner()),
            b'[' => {
                self.at += 1;
                DeValue::Array(self.array(depth)?)
            }
            b'{' => {
                self.at += 1;
                DeValue::Table(self.inline_table(depth)?)
            }
            _ => {
                self.skip_while(|byte| byte.is_ascii_alphanumeric() || b"_.+-".contains(&byte));
                match &self.text[start..self.at] {
                    "true" => DeValue::Boolean(true),
                    "false" => DeValue::Boolean(false),
                    number if number.starts_with(|c: char| c.is_ascii_digit()) => {
                        DeValue::parse(number).ok()?.into_inner()
                    }
                    _ => return None,
                }
            }
        };
        Some(Spanned::new(start..self.at, value))
    }

    fn array(&mut self, depth: usize) -> Option<DeArray<'i>> {
        let mut array = Vec::with_capacity(ITEMS);
        loop {
            self.skip_filler();
            if self.eat(b']') {
                return Some(array.into_iter().collect());
            }
            array.push(self.value(depth + 1)?);
            self.skip_filler();
            if !self.eat(b',') && self.peek() != Some(b']') {
                return None;
            }
        }
    }

    fn inline_table(&mut self, depth: usize) -> Option<DeTable<'i>> {
        let mut table = DeTable::new();
        loop {
            self.skip_blanks();
            let (key, value) = self.pair(depth + 1)?;
            if table.insert(key, value).is_some() {
                return None;
            }
            self.skip_blanks();
            if self.eat(b'}') {
                return Some(table);
            }
            if !self.eat(b',') {
                return None;
            }
        }
    }
}
