//! One call in the form that programs write it in: text -> `Call`, or nothing where anything is out of the ordinary.
//!
//! Nearly every call of a large file has the same few keys with plain values. Here they are read without the machinery that tells
//! what is wrong with the others: those are read again by `json.rs`, which gives the same for what both can read.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use super::json_scan::value_end;
use super::times::{self, RawTimes};
use super::{Options, words};
use crate::call::{Call, Millis, Party, Speaker, Turn};

/// The call, and the first turn with times that cannot be believed, with the reason (a term of `locale`).
pub(super) type Parsed<'a> = (Call<'a>, Option<(usize, &'static str)>);

/// `None` for what this does not understand, broken JSON too.
pub(super) fn parse<'a>(text: &'a str, options: &Options) -> Option<Parsed<'a>> {
    // A line may end as it does on Windows.
    let text = text.trim_end_matches('\r');
    // Without escapes a string ends at the next quotation mark. One pass over all bytes costs less than a question at each.
    let is_odd = |odd, byte| odd | (byte < b' ') | (byte == b'\\');
    if text.bytes().fold(false, is_odd) {
        return None;
    }
    let mut reader = Reader { text, at: 0 };
    let parsed = reader.call(options)?;
    reader.spaces();
    (reader.at == text.len()).then_some(parsed)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

/// More brackets than this in a value of the metadata may be more than `json.rs` allows inside one another.
const BRACKETS_MAX: usize = 64;
/// So many digits are exact as `f64`.
const DIGITS_MAX: u32 = 15;
const POWERS: [f64; DIGITS_MAX as usize + 1] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
];
/// A turn of a call takes about so many bytes of its line.
const TURN_BYTES: usize = 256;

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

    /// A string that is short as a rule.
    #[inline]
    fn word(&mut self) -> Option<&'a str> {
        self.string(|rest| rest.iter().position(|byte| *byte == b'"'))
    }

    #[inline]
    fn string(&mut self, end: impl Fn(&[u8]) -> Option<usize>) -> Option<&'a str> {
        if self.byte()? != b'"' {
            return None;
        }
        let start = self.at + 1;
        let end = start + end(&self.text.as_bytes()[start..])?;
        self.at = end + 1;
        self.text.get(start..end)
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
        (n_brackets <= BRACKETS_MAX).then_some(())?;
        serde_json::from_str(value).ok()
    }

    fn call(&mut self, options: &Options) -> Option<Parsed<'a>> {
        let mut call = Call::default();
        let mut doubt = None;
        let (mut id, mut agent, mut customer, mut turns) = (None, None, None, None);
        let mut meta: Option<BTreeMap<String, Value>> = None;
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
                // What the metadata say themselves goes before a key beside them, wherever that stands.
                "events" => return None,
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
            let (mut turn, times) = self.turn(options)?;
            turn.time = times.span().unwrap_or_else(|reason| {
                doubt.get_or_insert((turns.len(), reason));
                None
            });
            turns.push(turn);
            if !self.goes_on(b']')? {
                return Some(turns);
            }
        }
    }

    fn turn(&mut self, options: &Options) -> Option<(Turn<'a>, RawTimes)> {
        let (mut speaker, mut text) = (None, None);
        let mut times = RawTimes::default();
        self.pass(b'{')?;
        loop {
            match self.key()? {
                "speaker" => once(&mut speaker, Self::speaker(self.word()?, options)?)?,
                "text" => once(&mut text, self.string(|rest| memchr::memchr(b'"', rest))?)?,
                "start" => once(&mut times.start, self.number()?)?,
                "end" => once(&mut times.end, self.number()?)?,
                _ => return None,
            }
            if !self.goes_on(b'}')? {
                break;
            }
        }
        // Without words it is worth a note.
        let text: &str = text?;
        let speaks = !text.trim_start().is_empty();
        let turn = Turn {
            speaker: speaker?,
            time: None,
            text: Cow::Borrowed(text),
            words: Vec::new(),
        };
        speaks.then_some((turn, times))
    }

    fn speaker(word: &str, options: &Options) -> Option<Speaker> {
        if options.roles.is_empty() {
            match word {
                "agent" => return Some(Speaker::Agent),
                "customer" => return Some(Speaker::Customer),
                _ => {}
            }
        }
        options.speaker(word)
    }
}
