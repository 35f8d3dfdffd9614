//! Texts -> what stands between spaces and plain punctuation, and which word each such stretch is if it was met before.
//!
//! Most stretches of most texts are words that were met before: here they are found without a look at single letters, and the
//! waits for memory overlap. What the others are, `scan.rs` tells.

use wide::u8x16;

use super::vocabulary::{Known, Lookup, Vocabulary};
use crate::call::{Speaker, Turn};

/// Bytes without a space or a plain punctuation mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    /// Byte of the text.
    pub(super) start: u32,
    /// Byte of the text, behind the last.
    pub(super) end: u32,
}

/// The stretches of a turn that are left.
pub(super) struct OfTurn<'s> {
    edges: &'s [[u32; 2]],
    words: &'s [Known],
    /// What the edges are counted from.
    start: u32,
}

impl<'s> OfTurn<'s> {
    /// Where the next one begins.
    pub(super) fn next_start(&self) -> Option<u32> {
        Some(self.edges.first()?[0] - self.start)
    }

    /// Takes the next ones that are short plain words and were met before, up to one that is not; now and then that one was all the same.
    pub(super) fn known(&mut self) -> impl Iterator<Item = (&'s Known, Stretch)> + use<'s> {
        let n_known = self.words.iter().position(|word| word.number == 0);
        let (words, edges) = self.split_off(n_known.unwrap_or(self.words.len()));
        let start = self.start;
        let stretches = words.iter().zip(edges);
        stretches.map(move |(word, edges)| (word, Stretch::new(*edges, start)))
    }

    fn split_off(&mut self, n: usize) -> (&'s [Known], &'s [[u32; 2]]) {
        let (words, edges);
        (words, self.words) = self.words.split_at(n);
        (edges, self.edges) = self.edges.split_at(n);
        (words, edges)
    }
}

impl Iterator for OfTurn<'_> {
    type Item = Stretch;

    fn next(&mut self) -> Option<Stretch> {
        let edges = *self.edges.first()?;
        self.split_off(1);
        Some(Stretch::new(edges, self.start))
    }
}

impl Stretch {
    fn new([from, to]: [u32; 2], start: u32) -> Self {
        Self {
            start: from - start,
            end: to - start,
        }
    }
}

/// The stretches of some turns. Its memory is used again.
#[derive(Default)]
pub(super) struct Stretches {
    /// The texts, zeros behind each up to a full block, and a block of zeros.
    bytes: Vec<u8>,
    /// In `bytes`: where each stretch begins and ends, by turns. What lies behind the first `n_edges` means nothing.
    edges: Vec<u32>,
    n_edges: usize,
    /// By stretch.
    words: Vec<Known>,
    /// By turn: where its text begins in `bytes`, and how many stretches there are up to its end.
    turns: Vec<(u32, usize)>,
    lookups: Vec<Lookup>,
}

/// So many bytes are looked at together: as many as a number has bits.
const BLOCK: usize = 64;
/// So many bytes of text are cut before their words are looked up: they stay near the processor.
const BYTES: usize = 8 << 10;
/// So many words are looked up together.
const LOOKUPS: usize = 64;

impl Stretches {
    /// Cuts the first of these turns, at least one, in place of those before, and gives how many. What the system says is not cut.
    pub(super) fn fill(&mut self, turns: &[Turn<'_>], vocabulary: &Vocabulary) -> usize {
        self.bytes.clear();
        self.turns.clear();
        self.n_edges = 0;
        for turn in turns {
            let start = self.bytes.len();
            if turn.speaker != Speaker::System {
                self.bytes.extend_from_slice(turn.text.as_bytes());
                self.bytes.resize((self.bytes.len() / BLOCK + 1) * BLOCK, 0);
                self.cut(start);
            }
            self.turns.push((start as u32, self.n_edges / 2));
            if self.bytes.len() > BYTES {
                break;
            }
        }
        self.look_up(vocabulary);
        self.turns.len()
    }

    /// The stretches of a turn, counted from the first that [`Stretches::fill`] was given.
    pub(super) fn of_turn(&self, turn: usize) -> OfTurn<'_> {
        let (start, until) = self.turns[turn];
        let from = turn.checked_sub(1).map_or(0, |before| self.turns[before].1);
        let (edges, _) = self.edges.as_chunks::<2>();
        OfTurn {
            edges: &edges[from..until],
            words: &self.words[from..until],
            start,
        }
    }

    fn cut(&mut self, start: usize) {
        let (blocks, _) = self.bytes[start..].as_chunks::<BLOCK>();
        let mut first = start as u32;
        let mut last = 0;
        for block in blocks {
            let inside = bits_inside(block);
            let mut edges = inside ^ (inside << 1 | last);
            last = inside >> (BLOCK - 1);
            let n_edges = edges.count_ones() as usize;
            // Each byte can be an edge.
            if self.edges.len() < self.n_edges + BLOCK {
                self.edges.resize(2 * (self.n_edges + BLOCK), 0);
            }
            let room = &mut self.edges[self.n_edges..self.n_edges + BLOCK];
            // Most blocks have few: what is written too much costs less than a jump that hangs on their number.
            const FEW: usize = 12;
            let (few, more) = room.split_at_mut(FEW);
            for edge in few {
                *edge = first + edges.trailing_zeros();
                edges &= edges.wrapping_sub(1);
            }
            if n_edges > FEW {
                for edge in &mut more[..n_edges - FEW] {
                    *edge = first + edges.trailing_zeros();
                    edges &= edges.wrapping_sub(1);
                }
            }
            self.n_edges += n_edges;
            first += BLOCK as u32;
        }
    }

    fn look_up(&mut self, vocabulary: &Vocabulary) {
        // What is behind the last word may be looked at with it.
        self.bytes.resize(self.bytes.len() + BLOCK, 0);
        self.words.resize(self.n_edges / 2, Known::NOT);
        self.lookups.resize(LOOKUPS, Lookup::NONE);
        let (places, _) = self.edges[..self.n_edges].as_chunks::<2>();
        let words = self.words.chunks_mut(LOOKUPS);
        for (places, words) in places.chunks(LOOKUPS).zip(words) {
            let lookups = &mut self.lookups[..words.len()];
            vocabulary.known(&self.bytes, places, lookups, words);
        }
    }
}

/// Which bytes of a block have to be looked at, the first at the lowest bit: letters, digits, brackets, the apostrophe, and
/// whatever is not ASCII. The others never belong to a word.
#[inline]
fn bits_inside(block: &[u8; BLOCK]) -> u64 {
    let (parts, _) = block.as_chunks::<16>();
    let mut bits = 0;
    for (at, part) in parts.iter().enumerate() {
        let bytes = u8x16::from(*part);
        let letter = bytes.simd_ge(u8x16::splat(b'@'));
        let digit = (bytes - u8x16::splat(b'0')).simd_lt(u8x16::splat(10));
        let apostrophe = bytes.simd_eq(u8x16::splat(b'\''));
        bits |= u64::from((letter | digit | apostrophe).to_bitmask()) << (16 * at);
    }
    bits
}
