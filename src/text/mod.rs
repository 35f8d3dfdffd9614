//! `Call -> TokenizedCall`: the words of every turn as numbers with their places, merged turns, markers.
//!
//! Places are bytes of [`Turn::text`](crate::call::Turn); the text itself is never altered.

mod facts;
mod norm;
mod punct;
mod scan;
mod vocabulary;

use std::ops::Range;

pub use facts::WordFacts;
pub(crate) use facts::cardinal;
pub use norm::{as_cyrillic, is_letter, is_word_char, norm};
pub use punct::Punct;
pub use vocabulary::{Marks, NormId, Spellings, Vocabulary, WordId};

use crate::call::{Call, Millis, Speaker, TimeSpan, Turn};
use scan::{Piece, scan};

/// A word or a number where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Which word.
    pub word: WordId,
    /// Index into `Call::turns`.
    pub turn: u32,
    /// Byte of `Turn::text`.
    pub start: u32,
    /// Byte of `Turn::text`, behind the last.
    pub end: u32,
}

/// A merged turn: what one party said in neighbouring turns without a break.
///
/// Runs are in order and cover every turn; a turn without words, such as one of the system, is in a run without tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Whose words.
    pub speaker: Speaker,
    /// First turn, and the one behind the last. A turn with a marker inside may lie in several runs.
    pub turns: (u32, u32),
    /// First token, and the one behind the last; may be empty.
    pub tokens: (u32, u32),
    /// From the start of the first turn to the latest end; `None` unless all of its turns have times. A run that is a part of a turn has that turn's time.
    pub time: Option<TimeSpan>,
}

impl Run {
    /// The indices of its turns.
    pub fn turns(&self) -> Range<usize> {
        self.turns.0 as usize..self.turns.1 as usize
    }

    /// The indices of its tokens.
    pub fn tokens(&self) -> Range<usize> {
        self.tokens.0 as usize..self.tokens.1 as usize
    }
}

/// Text that nobody said: `[удержание]`, or the whole turn of the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marker {
    /// Index into `Call::turns`.
    pub turn: u32,
    /// Byte of `Turn::text`, at the bracket.
    pub start: u32,
    /// Byte of `Turn::text`, behind the closing bracket.
    pub end: u32,
    /// The first token that comes after it; the number of all tokens when none does.
    pub before_token: u32,
    /// How many runs begin before it.
    pub before_run: u32,
}

/// A call with its words found.
#[derive(Debug)]
pub struct TokenizedCall<'c> {
    /// The call.
    pub call: &'c Call<'c>,
    /// All words in order.
    pub tokens: Vec<Token>,
    /// Merged turns in order.
    pub runs: Vec<Run>,
    /// Markers in order.
    pub markers: Vec<Marker>,
    /// Nothing but memory.
    pieces: Vec<Piece>,
}

/// The memory of a [`TokenizedCall`], to be used for the next one.
#[derive(Debug, Default)]
pub struct Buffers {
    tokens: Vec<Token>,
    runs: Vec<Run>,
    markers: Vec<Marker>,
    pieces: Vec<Piece>,
}

impl<'c> TokenizedCall<'c> {
    /// Gives the memory back for the next call.
    pub fn into_buffers(self) -> Buffers {
        Buffers {
            tokens: self.tokens,
            runs: self.runs,
            markers: self.markers,
            pieces: self.pieces,
        }
    }

    /// The text from the first to the last of these tokens, which stand in one turn; of the first one's turn only otherwise.
    ///
    /// # Panics
    /// When the range is empty or outside the call.
    pub fn text(&self, tokens: Range<usize>) -> &'c str {
        let first = self.tokens[tokens.start];
        let text = &*self.call.turns[first.turn as usize].text;
        let last = self.tokens[tokens]
            .iter()
            .rfind(|last| last.turn == first.turn);
        &text[first.start as usize..last.unwrap_or(&first).end as usize]
    }

    /// What stands between the previous token of the turn, or the turn's start, and this token.
    pub fn before(&self, token: usize) -> Punct {
        let Token { turn, start, .. } = self.tokens[token];
        let from = match token.checked_sub(1).map(|previous| self.tokens[previous]) {
            Some(previous) if previous.turn == turn => previous.end,
            _ => 0,
        };
        Punct::of(&self.call.turns[turn as usize].text[from as usize..start as usize])
    }

    /// What stands between this token and the next one of the turn, or the turn's end.
    pub fn after(&self, token: usize) -> Punct {
        let Token { turn, end, .. } = self.tokens[token];
        let text = &self.call.turns[turn as usize].text;
        let to = match self.tokens.get(token + 1) {
            Some(next) if next.turn == turn => next.start as usize,
            _ => text.len(),
        };
        Punct::of(&text[end as usize..to])
    }

    /// The text of a turn.
    pub(crate) fn turns_text(&self, turn: u32) -> &'c str {
        &self.call.turns[turn as usize].text
    }

    /// The index of the run that holds the token.
    pub fn run_of(&self, token: usize) -> usize {
        self.runs
            .partition_point(|run| run.tokens.1 as usize <= token)
    }
}

/// Finds the words. Turns of one speaker less than `merge` apart form one [`Run`].
///
/// When the vocabulary has grown too large it is emptied first: an older [`TokenizedCall`] of the same vocabulary is then stale
/// (see [`Vocabulary::generation`]).
pub fn tokenize<'c>(
    call: &'c Call<'c>,
    vocabulary: &mut Vocabulary,
    merge: Millis,
    buffers: Buffers,
) -> TokenizedCall<'c> {
    vocabulary.shrink();
    let Buffers {
        mut tokens,
        mut runs,
        mut markers,
        mut pieces,
    } = buffers;
    tokens.clear();
    runs.clear();
    markers.clear();
    let mut marker_stands_between = false;
    for (turn_idx, turn) in call.turns.iter().enumerate() {
        let turn_idx = turn_idx as u32;
        // The run as it was before this turn, until a word of this turn has joined it.
        let mut kept = None;
        let mut run = match runs.pop() {
            Some(run) if !marker_stands_between && continues(&run, turn, merge) => {
                kept = Some(run);
                Run {
                    turns: (run.turns.0, turn_idx + 1),
                    time: join(run.time, turn.time),
                    ..run
                }
            }
            previous => {
                runs.extend(previous);
                begin(turn, turn_idx, tokens.len())
            }
        };
        marker_stands_between = false;
        if turn.speaker == Speaker::System {
            markers.push(Marker {
                turn: turn_idx,
                start: 0,
                end: turn.text.len() as u32,
                before_token: tokens.len() as u32,
                before_run: runs.len() as u32 + 1,
            });
            runs.push(run);
            continue;
        }
        pieces.clear();
        scan(&turn.text, |piece| pieces.push(piece));
        vocabulary.warm(pieces.iter().filter_map(|piece| piece.key));
        for &Piece { start, end, key } in &pieces {
            match key {
                Some(key) => {
                    kept = None;
                    if marker_stands_between && tokens.len() as u32 > run.tokens.0 {
                        run.tokens.1 = tokens.len() as u32;
                        runs.push(run);
                        run = begin(turn, turn_idx, tokens.len());
                    }
                    marker_stands_between = false;
                    let token = |word, start, end| Token {
                        word,
                        turn: turn_idx,
                        start,
                        end,
                    };
                    let raw = || &turn.text[start as usize..end as usize];
                    match vocabulary.intern(raw, key) {
                        Ok(word) => tokens.push(token(word, start, end)),
                        Err(glued) => {
                            let cut = start + glued.cut;
                            tokens.push(token(glued.first, start, cut));
                            tokens.push(token(glued.second, cut, end));
                        }
                    }
                }
                None => {
                    marker_stands_between = true;
                    if let Some(kept) = kept.take() {
                        runs.push(kept);
                        run = begin(turn, turn_idx, tokens.len());
                    }
                    let run_has_words = tokens.len() as u32 > run.tokens.0;
                    markers.push(Marker {
                        turn: turn_idx,
                        start,
                        end,
                        before_token: tokens.len() as u32,
                        before_run: runs.len() as u32 + u32::from(run_has_words),
                    });
                }
            }
        }
        run.tokens.1 = tokens.len() as u32;
        runs.push(run);
    }
    TokenizedCall {
        call,
        tokens,
        runs,
        markers,
        pieces,
    }
}

fn begin(turn: &Turn<'_>, turn_idx: u32, n_tokens: usize) -> Run {
    Run {
        speaker: turn.speaker,
        turns: (turn_idx, turn_idx + 1),
        tokens: (n_tokens as u32, n_tokens as u32),
        time: turn.time,
    }
}

fn continues(run: &Run, turn: &Turn<'_>, merge: Millis) -> bool {
    run.speaker == turn.speaker
        && match (run.time, turn.time) {
            (Some(run), Some(turn)) => turn.start - run.end < merge,
            _ => true,
        }
}

fn join(run: Option<TimeSpan>, turn: Option<TimeSpan>) -> Option<TimeSpan> {
    let (run, turn) = (run?, turn?);
    Some(TimeSpan {
        start: run.start,
        end: run.end.max(turn.end),
    })
}
