//! One call in the form that programs write it in: text -> `Call`, or nothing where anything is out of the ordinary.
//!
//! Nearly every call of a large file has the same few keys with plain values. Here they are read without the machinery that tells
//! what is wrong with the others: those are read again by `json.rs`, which gives the same for what both can read.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;
use wide::u8x16;

use super::json_scan::value_end;
use super::times::{self, RawTimes};
use super::{Options, words};
use crate::call::{Call, Event, EventKind, Millis, Party, Speaker, Turn};

/// The call, and the first turn with times that cannot be believed, with the reason (a term of `locale`).
pub(super) type Parsed<'a> = (Call<'a>, Option<(usize, &'static str)>);

/// `None` for what this does not understand, broken JSON too.
pub(super) fn parse<'a>(text: &'a str, options: &Options) -> Option<Parsed<'a>> {
    // A line may end as it does on Windows.
    let text = text.trim_end_matches('\r');
    let quotes = Quotes::of(text.as_bytes());
    let mut reader = Reader {
        text,
        at: 0,
        quotes,
    };
    let parsed = reader.call(options)?;
    reader.spaces();
    (reader.at == text.len() && reader.quotes.all_are_plain()).then_some(parsed)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// Those before `at` are behind it.
    quotes: Quotes<'a>,
}

/// The quotation marks of a text, one after another. Where nothing is escaped a string lies between two of them.
///
/// Bytes are looked at once, sixty-four at a time, and no jump hangs on the length of a short string.
struct Quotes<'a> {
    bytes: &'a [u8],
    /// Where the block begins.
    base: usize,
    /// The block's marks that were not given yet, a bit for each byte.
    left: u64,
    /// In the blocks so far there is a control character or a backslash.
    is_odd: bool,
}

/// So many bytes are looked at together: as many as a number has bits.
const BLOCK: usize = 64;

impl<'a> Quotes<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        let mut quotes = Self {
            bytes,
            base: 0,
            left: 0,
            is_odd: false,
        };
        quotes.look();
        quotes
    }

    /// Looks at the block at `base`.
    #[inline(never)]
    fn look(&mut self) {
        let rest = self.bytes.get(self.base..).unwrap_or_default();
        let mut last;
        let block = match rest.first_chunk() {
            Some(block) => block,
            None => {
                last = [b' '; BLOCK];
                last[..rest.len()].copy_from_slice(rest);
                &last
            }
        };
        let (parts, _) = block.as_chunks::<16>();
        let (space, backslash) = (u8x16::splat(b' '), u8x16::splat(b'\\'));
        // Control characters are less than a space.
        let (mut least, mut escapes) = (space, u8x16::splat(0));
        self.left = 0;
        for (at, part) in parts.iter().enumerate() {
            let bytes = u8x16::from(*part);
            least = least.min(bytes);
            escapes |= bytes.simd_eq(backslash);
            let quotes = bytes.simd_eq(u8x16::splat(b'"'));
            self.left |= u64::from(quotes.to_bitmask()) << (16 * at);
        }
        self.is_odd |= (least.simd_ne(space) | escapes).any();
    }

    /// The place of the next one.
    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.left == 0 {
            if self.base + BLOCK >= self.bytes.len() {
                return None;
            }
            self.base += BLOCK;
            self.look();
        }
        let at = self.base + self.left.trailing_zeros() as usize;
        self.left &= self.left - 1;
        Some(at)
    }

    /// Passes over those before `at`.
    fn skip_to(&mut self, at: usize) {
        while self.base + BLOCK <= at && self.base + BLOCK < self.bytes.len() {
            self.base += BLOCK;
            self.look();
        }
        let n_before = at.saturating_sub(self.base);
        self.left &= u64::MAX.checked_shl(n_before as u32).unwrap_or(0);
    }

    /// Whether no byte of the text is a control character or a backslash; looks at the rest.
    fn all_are_plain(&mut self) -> bool {
        self.skip_to(self.bytes.len());
        !self.is_odd
    }
}

/// More brackets than this in a value of the metadata may be more than `json.rs` allows inside one another.
const BRACKETS_MAX: usize = 64;
/// So many digits are exact as `f64`.
const DIGITS_MAX: u32 = 15;
const POWERS: [f64; DIGITS_MAX as usize + 1] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
];
/// A turn of a call takes more bytes of its line as a rule.
const TURN_BYTES: usize = 96;

/// Sets what was not set before.
fn once<T>(slot: &mut Option<T>, value: T) -> Option<()> {
    slot.is_none().then(|| *slot = Some(value))
}

impl<'a> Reader<'a> {
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    #[inline]
    fn spaces(&mut self) {
        while self.byte() == Some(b' ') {
            self.at += 1;
        }
    }

    /// Goes behind this byte, which comes next, and behind the spaces around it.
    #[inline]
    fn pass(&mut self, byte: u8) -> Option<()> {
        self.spaces();
        (self.byte()? == byte).then_some(())?;
        self.at += 1;
        self.spaces();
        Some(())
    }

    /// Goes behind a comma, or behind what closes the list or object: then `false`.
    #[inline]
    fn goes_on(&mut self, close: u8) -> Option<bool> {
        self.spaces();
        let next = self.byte()?;
        self.at += 1;
        self.spaces();
        match next {
            b',' => Some(true),
            next if next == close => Some(false),
            _ => None,
        }
    }

    /// A string.
    #[inline]
    fn word(&mut self) -> Option<&'a str> {
        let (open, close) = self.marks()?;
        self.text.get(open + 1..close)
    }

    /// Goes behind a string; the places of its quotation marks. Mostly both lie in a block that was looked at.
    #[inline(always)]
    fn marks(&mut self) -> Option<(usize, usize)> {
        let open = self.quotes.next()?;
        let close = self.quotes.next()?;
        let begins = open == self.at;
        self.at = close + 1;
        begins.then_some((open, close))
    }

    /// A string that says something.
    fn said(&mut self) -> Option<Cow<'a, str>> {
        let word = self.word()?;
        let is_blank = word.trim().is_empty();
        (!is_blank).then_some(Cow::Borrowed(word))
    }

    /// The key of the next member; goes behind its colon.
    #[inline]
    fn key(&mut self) -> Option<&'a str> {
        let key = self.word()?;
        self.pass(b':')?;
        Some(key)
    }

    /// A number without sign and exponent.
    fn number(&mut self) -> Option<f64> {
        let start = self.at;
        let (mut number, mut n_digits) = (0_u64, 0);
        let mut digits = |reader: &mut Self| {
            let n_before = n_digits;
            while let Some(digit @ b'0'..=b'9') = reader.byte() {
                number = number
                    .wrapping_mul(10)
                    .wrapping_add(u64::from(digit - b'0'));
                n_digits += 1;
                reader.at += 1;
            }
            n_digits - n_before
        };
        let n_whole = digits(self);
        let has_zero_before = n_whole > 1 && self.text.as_bytes()[start] == b'0';
        let mut n_behind = 0;
        if self.byte() == Some(b'.') {
            self.at += 1;
            n_behind = digits(self);
            (n_behind > 0).then_some(())?;
        }
        let is_plain = n_whole > 0
            && !has_zero_before
            && n_digits <= DIGITS_MAX
            && !matches!(self.byte(), Some(b'e' | b'E'));
        is_plain.then(|| number as f64 / POWERS[n_behind as usize])
    }

    /// Any value, in the hands of `serde_json`.
    fn any<T: serde::Deserialize<'a>>(&mut self) -> Option<T> {
        let end = value_end(self.text.as_bytes(), self.at)?;
        let value = self.text.get(self.at..end)?;
        let n_brackets = value.bytes().filter(|b| matches!(b, b'[' | b'{')).count();
        self.at = end;
        self.quotes.skip_to(end);
        (n_brackets <= BRACKETS_MAX).then_some(())?;
        serde_json::from_str(value).ok()
    }

    fn call(&mut self, options: &Options) -> Option<Parsed<'a>> {
        let mut call = Call::default();
        let mut doubt = None;
        let (mut id, mut agent, mut customer, mut turns) = (None, None, None, None);
        let mut meta: Option<BTreeMap<String, Value>> = None;
        let mut events = None;
        self.pass(b'{')?;
        loop {
            let key = self.key()?;
            match key {
                "id" => once(&mut id, self.said()?)?,
                "line" => once(&mut call.line, self.said()?)?,
                "started_at" => once(&mut call.started_at, self.said()?)?,
                "direction" => once(&mut call.direction, words::direction(self.word()?)?)?,
                "agent" => once(&mut agent, self.party()?)?,
                "customer" => once(&mut customer, self.party()?)?,
                "turns" => once(&mut turns, self.turns(options, &mut doubt)?)?,
                "duration" => {
                    let seconds = self.number().filter(|seconds| times::plausible(*seconds))?;
                    once(&mut call.duration, Millis::from_seconds(seconds))?;
                }
                "meta" => once(&mut meta, self.any()?)?,
                "events" => once(&mut events, self.events()?)?,
                // What the metadata say themselves goes before a key beside them, wherever that stands.
                key => {
                    let value = self.any()?;
                    call.meta.entry(key.to_owned()).or_insert(value);
                }
            }
            if !self.goes_on(b'}')? {
                break;
            }
        }
        call.meta.extend(meta.unwrap_or_default());
        call.id = id?;
        call.turns = turns?;
        call.events = events.unwrap_or_default();
        call.agent = agent.unwrap_or_default();
        call.customer = customer.unwrap_or_default();
        Some((call, doubt))
    }

    fn party(&mut self) -> Option<Party<'a>> {
        let mut party = Party::default();
        self.pass(b'{')?;
        loop {
            let slot = match self.key()? {
                "id" => &mut party.id,
                "name" => &mut party.name,
                "group" => &mut party.group,
                _ => return None,
            };
            once(slot, self.said()?)?;
            if !self.goes_on(b'}')? {
                return Some(party);
            }
        }
    }

    fn turns(
        &mut self,
        options: &Options,
        doubt: &mut Option<(usize, &'static str)>,
    ) -> Option<Vec<Turn<'a>>> {
        let mut turns = Vec::with_capacity((self.text.len() - self.at) / TURN_BYTES + 4);
        self.pass(b'[')?;
        loop {
            let (speaker, text, times) = self.turn(options)?;
            let time = times.span().unwrap_or_else(|reason| {
                doubt.get_or_insert((turns.len(), reason));
                None
            });
            turns.push(Turn {
                speaker,
                time,
                text: Cow::Borrowed(text),
                words: Vec::new(),
            });
            if !self.goes_on(b']')? {
                return Some(turns);
            }
        }
    }

    #[inline]
    fn turn(&mut self, options: &Options) -> Option<(Speaker, &'a str, RawTimes)> {
        let (mut speaker, mut text) = (None, None);
        let mut times = RawTimes::default();
        self.pass(b'{')?;
        loop {
            // The key and its quotation mark as a number: there are few, and they come again and again.
            let key = self.beginning()?;
            self.marks()?;
            self.pass(b':')?;
            if key == const { bits_of(b"speaker\"") } {
                once(&mut speaker, self.speaker(options)?)?;
            } else if key & low_bytes(5) == const { bits_of(b"text\"") } {
                once(&mut text, self.word()?)?;
            } else if key & low_bytes(6) == const { bits_of(b"start\"") } {
                once(&mut times.start, self.number()?)?;
            } else if key & low_bytes(4) == const { bits_of(b"end\"") } {
                once(&mut times.end, self.number()?)?;
            } else {
                return None;
            }
            if !self.goes_on(b'}')? {
                break;
            }
        }
        let text: &str = text?;
        // Without words it is worth a note. Most texts begin with a letter of one of these.
        let begins = matches!(text.as_bytes().first(), Some(b'!'..=b'~' | 0xd0 | 0xd1));
        let speaks = begins || !text.trim_start().is_empty();
        // What is escaped is read again from the start: the sooner the better.
        (speaks && !self.quotes.is_odd).then_some((speaker?, text, times))
    }

    /// The value of a turn's `speaker`.
    #[inline]
    fn speaker(&mut self, options: &Options) -> Option<Speaker> {
        let begins = self.beginning()?;
        let (open, close) = self.marks()?;
        // Whose turn it is nobody can guess: told without a jump.
        let is_agent = begins & low_bytes(6) == const { bits_of(b"agent\"") };
        let is_customer = (begins == const { bits_of(b"customer") }) & (close - open == 9);
        if (is_agent | is_customer) & options.roles.is_empty() {
            return Some([Speaker::Customer, Speaker::Agent][usize::from(is_agent)]);
        }
        options.speaker(self.text.get(open + 1..close)?)
    }

    /// The first eight bytes of the string that comes next, and of what follows it.
    #[inline]
    fn beginning(&self) -> Option<u64> {
        let bytes = self.text.as_bytes().get(self.at + 1..)?;
        bytes.first_chunk().map(|bytes| u64::from_le_bytes(*bytes))
    }

    fn events(&mut self) -> Option<Vec<Event>> {
        let mut events = Vec::new();
        self.pass(b'[')?;
        if self.byte()? == b']' {
            self.at += 1;
            return Some(events);
        }
        loop {
            let (mut kind, mut start, mut end) = (None, None, None);
            self.pass(b'{')?;
            loop {
                match self.key()? {
                    "type" => once(&mut kind, self.word()?)?,
                    "start" => once(&mut start, self.number()?)?,
                    "end" => once(&mut end, self.number()?)?,
                    _ => return None,
                }
                if !self.goes_on(b'}')? {
                    break;
                }
            }
            let (start, end) = (start?, end);
            let holds = |end| end >= start && times::plausible(end);
            // What cannot be believed is worth a note.
            if !times::plausible(start) || !end.is_none_or(holds) {
                return None;
            }
            events.push(Event {
                kind: EventKind::by_name(kind?)?,
                start: Millis::from_seconds(start),
                end: end.map(Millis::from_seconds),
            });
            if !self.goes_on(b']')? {
                return Some(events);
            }
        }
    }
}

/// Up to eight bytes as [`Reader::beginning`] sees them.
const fn bits_of(bytes: &[u8]) -> u64 {
    let mut bits = 0;
    let mut at = bytes.len();
    while at > 0 {
        at -= 1;
        bits = bits << 8 | bytes[at] as u64;
    }
    bits
}

const fn low_bytes(n: u32) -> u64 {
    u64::MAX >> (64 - 8 * n)
}
