//! The packed dictionary: form -> readings -> the forms of their lexemes, read by offset from the program's own bytes.
//!
//! Layout, all numbers little-endian: the magic `etalonL2`, the lengths of nine sections (`u32` each), the sections; `build.rs`
//! takes section 7 out and leaves it empty, so that it is a `str` from the start:
//!
//! | | section | of |
//! |---|---|---|
//! | 0 | `fst` map | key of a form (`key.rs`) → number of its set of readings |
//! | 1 | `u32` starts, one more than sets | in section 2, in readings |
//! | 2 | readings: `u16` paradigm, `u16` index | likeliest first |
//! | 3 | `u32` starts, one more than paradigms | in section 4, in entries |
//! | 4 | entries: `u16` suffix, `u16` prefix (2 high bits) and tag | sorted by prefix and suffix |
//! | 5 | `u16` | index of each paradigm's dictionary form |
//! | 6 | `u32` starts, one more than suffixes | in section 7, in bytes |
//! | 7 | UTF-8 | suffixes |
//! | 8 | `u32` | packed tags, see `tag.rs` |
//!
//! A form is prefix + stem + suffix; the stem is what a reading's prefix and suffix leave of the form looked up.

use std::sync::OnceLock;

use super::key::{Key, LETTER_MIN};
use super::tag::Tag;

const MAGIC: &[u8] = b"etalonL2";
const PREFIXES: [&str; 4] = ["", "по", "наи", ""];

/// The dictionary; opening it reads a hundred bytes.
pub(crate) struct Dict {
    map: fst::Map<&'static [u8]>,
    sections: [&'static [u8]; 9],
    /// All suffixes one behind the other: section 7.
    suffixes: &'static str,
    /// By a form's first two letters; read when first asked for.
    starts: OnceLock<Box<[Start]>>,
}

/// A node of the map, if there is one, and what the way there adds up to.
type Start = (Option<fst::raw::CompiledAddr>, u64);

fn start(first: u8, second: u8) -> usize {
    usize::from(first - LETTER_MIN) * 32 + usize::from(second - LETTER_MIN)
}

/// The readings of a form, by the number that the dictionary gives them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadingSet(u32);

/// One way to understand a form: which paradigm, and which of its entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reading {
    /// Number of the paradigm.
    pub(crate) paradigm: u16,
    /// Index of the entry in the paradigm.
    pub(crate) index: u16,
}

/// One form of a paradigm.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    /// Stands before the stem: nothing but in comparatives.
    pub(crate) prefix: &'static str,
    /// Stands after the stem.
    pub(crate) suffix: &'static str,
    /// What form it is.
    pub(crate) tag: Tag,
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    let number = bytes[2 * at..].first_chunk();
    u16::from_le_bytes(*number.expect("the dictionary is whole"))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let number = bytes[4 * at..].first_chunk();
    u32::from_le_bytes(*number.expect("the dictionary is whole"))
}

impl Dict {
    /// Panics when the bytes are not what `pack_lexicon` wrote: they come from the program itself.
    pub(crate) fn open(bytes: &'static [u8], suffixes: &'static str) -> Self {
        assert!(
            bytes.starts_with(MAGIC),
            "the dictionary inside the program is a packed dictionary"
        );
        let lengths = &bytes[MAGIC.len()..];
        let mut rest = &lengths[9 * 4..];
        let sections = std::array::from_fn(|at| {
            let (section, after) = rest.split_at(u32_at(lengths, at) as usize);
            rest = after;
            section
        });
        let map = fst::Map::new(sections[0]).expect("the dictionary's map is whole");
        Self {
            map,
            sections,
            suffixes,
            starts: OnceLock::new(),
        }
    }

    /// Whether the dictionary has this form.
    pub(crate) fn has(&self, form: &str) -> bool {
        self.set(form).is_some()
    }

    /// The readings of a form; `None` when it is unknown.
    pub(crate) fn set(&self, form: &str) -> Option<ReadingSet> {
        let key = Key::of(form)?;
        let fst = self.map.as_fst();
        let (mut node, mut set, rest) = match key.bytes() {
            [
                first @ LETTER_MIN..=0xff,
                second @ LETTER_MIN..=0xff,
                rest @ ..,
            ] => {
                let start = self.starts.get_or_init(|| self.read_starts())[start(*first, *second)];
                (fst.node(start.0?), start.1, rest)
            }
            bytes => (fst.root(), 0, bytes),
        };
        for &byte in rest {
            let transition = node.transition(node.find_input(byte)?);
            set += transition.out.value();
            node = fst.node(transition.addr);
        }
        let set = || set + node.final_output().value();
        node.is_final().then(|| ReadingSet(set() as u32))
    }

    /// Every way through the map's first two letters.
    fn read_starts(&self) -> Box<[Start]> {
        let mut starts = vec![(None, 0); 32 * 32];
        let fst = self.map.as_fst();
        let is_letter = |step: &fst::raw::Transition| step.inp >= LETTER_MIN;
        for first in fst.root().transitions().filter(is_letter) {
            for second in fst.node(first.addr).transitions().filter(is_letter) {
                let set = first.out.value() + second.out.value();
                starts[start(first.inp, second.inp)] = (Some(second.addr), set);
            }
        }
        starts.into()
    }

    /// The readings of a form, likeliest first; none when it is unknown.
    pub(crate) fn readings(&self, form: &str) -> impl Iterator<Item = Reading> + use<'_> {
        self.readings_in(self.set(form))
    }

    /// The same of a form that was looked up before.
    pub(crate) fn readings_in(
        &self,
        set: Option<ReadingSet>,
    ) -> impl Iterator<Item = Reading> + use<'_> {
        let start = |set| u32_at(self.sections[1], set as usize);
        let range = set.map_or(0..0, |ReadingSet(set)| start(set)..start(set + 1));
        range.map(|at| {
            let bytes = &self.sections[2][4 * at as usize..];
            Reading {
                paradigm: u16_at(bytes, 0),
                index: u16_at(bytes, 1),
            }
        })
    }

    /// The entry of a reading.
    pub(crate) fn entry(&self, reading: Reading) -> Entry {
        self.entry_at(
            u32_at(self.sections[3], usize::from(reading.paradigm)) as usize
                + usize::from(reading.index),
        )
    }

    /// What the form is by a reading: as its entry says, with fewer looks.
    pub(crate) fn tag(&self, reading: Reading) -> Tag {
        self.tag_by(u16_at(self.entry_bytes(reading), 1))
    }

    /// What is left of a form of which this is a reading: the same as the stem by its entry, with fewer looks.
    pub(crate) fn stem<'f>(&self, reading: Reading, form: &'f str) -> &'f str {
        let entry = self.entry_bytes(reading);
        let prefix = PREFIXES[usize::from(u16_at(entry, 1) >> 14)].len();
        let number = usize::from(u16_at(entry, 0));
        let suffix = u32_at(self.sections[6], number + 1) - u32_at(self.sections[6], number);
        let end = form.len().saturating_sub(suffix as usize);
        form.get(prefix..end).unwrap_or(form)
    }

    fn entry_bytes(&self, reading: Reading) -> &'static [u8] {
        let first = u32_at(self.sections[3], usize::from(reading.paradigm)) as usize;
        &self.sections[4][4 * (first + usize::from(reading.index))..]
    }

    fn tag_by(&self, packed: u16) -> Tag {
        Tag(u32_at(self.sections[8], usize::from(packed & 0x3fff)))
    }

    /// The dictionary form's entry.
    pub(crate) fn lemma(&self, paradigm: u16) -> Entry {
        self.entry(Reading {
            paradigm,
            index: u16_at(self.sections[5], usize::from(paradigm)),
        })
    }

    /// All entries of a paradigm, sorted by prefix and suffix.
    pub(crate) fn entries(&self, paradigm: u16) -> impl Iterator<Item = Entry> + use<'_> {
        let starts = self.sections[3];
        let range =
            u32_at(starts, usize::from(paradigm))..u32_at(starts, usize::from(paradigm) + 1);
        range.map(|at| self.entry_at(at as usize))
    }

    /// What the entries of a paradigm put before and behind the stem, each pair once.
    pub(crate) fn spellings(
        &self,
        paradigm: u16,
    ) -> impl Iterator<Item = (&'static str, &'static str)> + use<'_> {
        let start = |paradigm| 4 * u32_at(self.sections[3], paradigm) as usize;
        let paradigm = usize::from(paradigm);
        let entries = &self.sections[4][start(paradigm)..start(paradigm + 1)];
        let mut last = None;
        // Equal spellings are neighbours: the entries are sorted.
        entries.chunks_exact(4).filter_map(move |entry| {
            let spelling = (u16_at(entry, 1) >> 14, u16_at(entry, 0));
            let (prefix, suffix) = spelling;
            (last.replace(spelling) != Some(spelling))
                .then(|| (PREFIXES[usize::from(prefix)], self.suffix(suffix)))
        })
    }

    fn suffix(&self, number: u16) -> &'static str {
        let start = |number| u32_at(self.sections[6], number) as usize;
        let number = usize::from(number);
        &self.suffixes[start(number)..start(number + 1)]
    }

    fn entry_at(&self, at: usize) -> Entry {
        let bytes = &self.sections[4][4 * at..];
        let packed = u16_at(bytes, 1);
        Entry {
            prefix: PREFIXES[usize::from(packed >> 14)],
            suffix: self.suffix(u16_at(bytes, 0)),
            tag: self.tag_by(packed),
        }
    }
}

impl Entry {
    /// What is left of a form that this entry made.
    pub(crate) fn stem<'f>(&self, form: &'f str) -> &'f str {
        let rest = form.strip_prefix(self.prefix).unwrap_or(form);
        rest.strip_suffix(self.suffix).unwrap_or(rest)
    }

    /// The form that this entry makes of a stem.
    pub(crate) fn form(&self, stem: &str) -> String {
        let mut form = String::with_capacity(self.prefix.len() + stem.len() + self.suffix.len());
        form.push_str(self.prefix);
        form.push_str(stem);
        form.push_str(self.suffix);
        form
    }
}
