//! `Call -> TokenizedCall`: the words of every turn as numbers with their places, merged turns, markers.
//!
//! Places are bytes of [`Turn::text`](crate::call::Turn); the text itself is never altered.

mod facts;
mod heard;
mod locale;
mod norm;
mod punct;
mod scan;
mod stretches;
mod vocabulary;

use std::ops::Range;

pub use facts::WordFacts;
pub(crate) use facts::cardinal;
pub use heard::Heard;
pub use norm::{as_cyrillic, is_letter, is_word_char, norm};
pub use punct::Punct;
pub use vocabulary::{Marks, NormId, Outline, Shape, Spellings, Unheard, Vocabulary, WordId};

use crate::call::{Call, Millis, Speaker, TimeSpan, Turn};
use crate::locale::Lang;
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
    /// The word's: who goes through a call asks for no other memory.
    pub outline: Outline,
    /// The word's.
    pub marks: Marks,
}

impl Token {
    /// The same with another word in its place.
    fn with(self, word: WordId, vocabulary: &Vocabulary) -> Self {
        Self {
            word,
            outline: vocabulary.outline(word),
            marks: vocabulary.marks(word),
            ..self
        }
    }
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
    /// What the recogniser made up: taken out of the words, in order.
    pub invented: Vec<Invented>,
}

/// Text of a turn that nobody said: the recogniser made it up in silence or noise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invented {
    /// Index into `Call::turns`.
    pub turn: u32,
    /// Bytes of `Turn::text`; `None`: the turn has nothing else.
    pub span: Option<(u32, u32)>,
}

/// The memory of a [`TokenizedCall`], to be used for the next one.
#[derive(Debug, Default)]
pub struct Buffers {
    tokens: Vec<Token>,
    runs: Vec<Run>,
    markers: Vec<Marker>,
}

impl<'c> TokenizedCall<'c> {
    /// Gives the memory back for the next call.
    pub fn into_buffers(self) -> Buffers {
        Buffers {
            tokens: self.tokens,
            runs: self.runs,
            markers: self.markers,
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

    /// Whether nobody said anything of the turn: the recogniser made all of it up.
    pub fn is_invented(&self, turn: usize) -> bool {
        !self.invented.is_empty()
            && self
                .invented
                .iter()
                .any(|one| one.turn as usize == turn && one.span.is_none())
    }

    /// That some text was taken for made up; `None` where none was.
    pub fn invented_doubt(&self, lang: Lang) -> Option<String> {
        let text = |one: &Invented| {
            let text = &*self.call.turns[one.turn as usize].text;
            one.span
                .map_or(text, |(from, to)| &text[from as usize..to as usize])
        };
        (!self.invented.is_empty()).then(|| locale::invented(lang, self.invented.iter().map(text)))
    }

    /// The same call without these runs, which are in order, each with its two neighbours made one run. A run needs two neighbours
    /// of one speaker and no marker between them; its turns then count as said by nobody.
    pub fn joined_over(&self, runs: &[usize]) -> Self {
        let mut tokens = Vec::with_capacity(self.tokens.len());
        let mut joined: Vec<Run> = Vec::with_capacity(self.runs.len());
        let mut invented = self.invented.clone();
        // By run: where it went.
        let mut places = Vec::with_capacity(self.runs.len());
        for (index, run) in self.runs.iter().enumerate() {
            if runs.binary_search(&index).is_ok() {
                let turns = run.turns();
                invented.extend(turns.map(|turn| Invented {
                    turn: turn as u32,
                    span: None,
                }));
                places.push(joined.len().saturating_sub(1));
                continue;
            }
            let start = tokens.len() as u32;
            tokens.extend_from_slice(&self.tokens[run.tokens()]);
            let end = tokens.len() as u32;
            let goes_on = index > 0 && runs.binary_search(&(index - 1)).is_ok();
            match joined.last_mut().filter(|_| goes_on) {
                Some(last) => {
                    last.turns.1 = run.turns.1;
                    last.tokens.1 = end;
                    last.time = join(last.time, run.time);
                }
                None => joined.push(Run {
                    tokens: (start, end),
                    ..*run
                }),
            }
            places.push(joined.len() - 1);
        }
        invented.sort_by_key(|one| (one.turn, one.span));
        let markers = self.markers.iter().map(|marker| {
            let before = marker.before_run as usize;
            let after = marker.before_token as usize;
            let gone = |token: &&Token| {
                runs.iter()
                    .any(|run| self.runs[*run].turns().contains(&(token.turn as usize)))
            };
            Marker {
                before_run: before
                    .checked_sub(1)
                    .map_or(0, |run| places[run] as u32 + 1),
                before_token: (after - self.tokens[..after].iter().filter(gone).count()) as u32,
                ..*marker
            }
        });
        Self {
            call: self.call,
            markers: markers.collect(),
            tokens,
            runs: joined,
            invented,
        }
    }

    /// The tokens of [`Self::joined_over`] these at which what the next run says begins.
    pub fn seams_over(&self, runs: &[usize]) -> Vec<usize> {
        let mut n_left_out = 0;
        let mut seam = |run: &usize| {
            n_left_out += self.runs[*run].tokens().len();
            self.runs[run + 1].tokens().start - n_left_out
        };
        runs.iter().map(&mut seam).collect()
    }

    /// By run of [`Self::joined_over`] these: which run it is here; `None` where it was joined.
    pub fn kept_over(&self, runs: &[usize]) -> Vec<Option<usize>> {
        let is_left_out = |run: usize| runs.binary_search(&run).is_ok();
        let mut kept: Vec<Option<usize>> = Vec::with_capacity(self.runs.len());
        for index in 0..self.runs.len() {
            let goes_on = is_left_out(index) || index > 0 && is_left_out(index - 1);
            match kept.last_mut().filter(|_| goes_on) {
                Some(last) => *last = None,
                None => kept.push(Some(index)),
            }
        }
        kept
    }

    /// The tokens that belong to a turn.
    pub fn tokens_of(&self, turn: usize) -> Range<usize> {
        let at = |turn: usize| {
            self.tokens
                .partition_point(|token| (token.turn as usize) < turn)
        };
        at(turn)..at(turn + 1)
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
    tokenize_without(call, vocabulary, merge, buffers, Vec::new())
}

/// Makes one word of two that are the pieces of one, where nothing stands between: «зво нок», also from turn to turn. The word
/// then lies where its first piece does, as far as it lies in that turn.
#[cold]
fn close(
    tokens: &mut Vec<Token>,
    head: usize,
    call: &Call<'_>,
    vocabulary: &mut Vocabulary,
) -> bool {
    let Some(&[first, second]) = tokens.get(head..head + 2) else {
        return false;
    };
    let text = |token: &Token| &*call.turns[token.turn as usize].text;
    let is_blank = |text: &str| text.trim().is_empty();
    let (end, start) = (first.end as usize, second.start as usize);
    let touch = match first.turn == second.turn {
        true => is_blank(&text(&first)[end..start]),
        false => is_blank(&text(&first)[end..]) && is_blank(&text(&second)[..start]),
    };
    let Some(word) = touch
        .then(|| vocabulary.join(first.word, second.word))
        .flatten()
    else {
        return false;
    };
    tokens[head] = first.with(word, vocabulary);
    if first.turn == second.turn {
        tokens[head].end = second.end;
    }
    tokens.remove(head + 1);
    true
}

/// The same without what the recogniser made up, in order of the text. The vocabulary is not emptied.
///
/// A turn that is made up altogether has no part in runs that have words: with times it does not part them, and whether its
/// neighbours belong together is told by the time between these; without times it does, for somebody was silent there.
pub fn tokenize_without<'c>(
    call: &'c Call<'c>,
    vocabulary: &mut Vocabulary,
    merge: Millis,
    buffers: Buffers,
    invented: Vec<Invented>,
) -> TokenizedCall<'c> {
    let Buffers {
        mut tokens,
        mut runs,
        mut markers,
    } = buffers;
    tokens.clear();
    runs.clear();
    markers.clear();
    let mut stretches = std::mem::take(&mut vocabulary.stretches);
    // The turns of `stretches`.
    let mut cut = 0..0;
    let mut marker_stands_between = false;
    // A word that nobody knows, the last one: what follows may be its rest.
    let mut open_head = None;
    // Turns before this one that are made up and in no run yet.
    let mut n_invented = 0;
    for (turn_idx, turn) in call.turns.iter().enumerate() {
        if turn_idx == cut.end {
            let n_cut = stretches.fill(&call.turns[turn_idx..], vocabulary);
            cut = turn_idx..turn_idx + n_cut;
        }
        let mut stretches = stretches.of_turn(turn_idx - cut.start);
        let turn_idx = turn_idx as u32;
        let own = invented_in(&invented, turn_idx);
        if own.iter().any(|one| one.span.is_none()) {
            if turn.time.is_some() {
                n_invented += 1;
            } else {
                runs.push(silent(turn, turn_idx, tokens.len()));
            }
            continue;
        }
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
                leave_out(call, &mut runs, turn_idx, &mut n_invented, tokens.len());
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
        let mut pieces = scan(&turn.text);
        loop {
            let next = stretches.next_start();
            let begins = next.is_some_and(|start| !pieces.reach_beyond(start));
            if begins && !marker_stands_between && own.is_empty() {
                let n_before = tokens.len();
                tokens.extend(stretches.known().map(|(word, stretch)| Token {
                    word: WordId(word.number - 1),
                    turn: turn_idx,
                    start: stretch.start,
                    end: stretch.end,
                    outline: word.outline,
                    marks: word.marks,
                }));
                if tokens.len() > n_before {
                    kept = None;
                    if let Some(head) = open_head.take().filter(|&at| at >= run.tokens.0) {
                        close(&mut tokens, head as usize, call, vocabulary);
                    }
                }
            }
            let Some(stretch) = stretches.next() else {
                break;
            };
            while let Some(piece) = pieces.next_within(stretch.start, stretch.end) {
                if !own.is_empty() && piece.lies_in(own) {
                    continue;
                }
                let Piece { start, end, key } = piece;
                match key {
                    Some(key) => {
                        kept = None;
                        if marker_stands_between && tokens.len() as u32 > run.tokens.0 {
                            run.tokens.1 = tokens.len() as u32;
                            runs.push(run);
                            run = begin(turn, turn_idx, tokens.len());
                        }
                        marker_stands_between = false;
                        let token = |vocabulary: &Vocabulary, word, start, end| Token {
                            word,
                            turn: turn_idx,
                            start,
                            end,
                            outline: vocabulary.outline(word),
                            marks: vocabulary.marks(word),
                        };
                        let raw = || &turn.text[start as usize..end as usize];
                        match vocabulary.intern(raw, key) {
                            Ok(word) => {
                                tokens.push(token(vocabulary, word, start, end));
                                let head = open_head.take().filter(|&at| at >= run.tokens.0);
                                if let Some(head) = head {
                                    close(&mut tokens, head as usize, call, vocabulary);
                                }
                            }
                            Err(glued) if glued.cut == 0 => {
                                tokens.push(token(vocabulary, glued.first, start, end));
                                let tail = tokens.len() - 1;
                                let is_closed = tail > run.tokens.0 as usize
                                    && close(&mut tokens, tail - 1, call, vocabulary);
                                open_head = (!is_closed).then_some(tail as u32);
                            }
                            Err(glued) => {
                                open_head = None;
                                let cut = start + glued.cut;
                                tokens.push(token(vocabulary, glued.first, start, cut));
                                tokens.push(token(vocabulary, glued.second, cut, end));
                            }
                        }
                    }
                    None => {
                        marker_stands_between = true;
                        if let Some(kept) = kept.take() {
                            runs.push(kept);
                            leave_out(call, &mut runs, turn_idx, &mut n_invented, tokens.len());
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
        }
        run.tokens.1 = tokens.len() as u32;
        runs.push(run);
        n_invented = 0;
    }
    let n_turns = call.turns.len() as u32;
    leave_out(call, &mut runs, n_turns, &mut n_invented, tokens.len());
    vocabulary.stretches = stretches;
    TokenizedCall {
        call,
        tokens,
        runs,
        markers,
        invented,
    }
}

/// What of a turn is made up.
fn invented_in(invented: &[Invented], turn: u32) -> &[Invented] {
    if invented.is_empty() {
        return &[];
    }
    let from = invented.partition_point(|one| one.turn < turn);
    let to = invented.partition_point(|one| one.turn <= turn);
    &invented[from..to]
}

/// Gives the last turns before this one, which are made up, runs of their own.
fn leave_out(
    call: &Call<'_>,
    runs: &mut Vec<Run>,
    turn: u32,
    n_invented: &mut u32,
    n_tokens: usize,
) {
    for left_out in turn - *n_invented..turn {
        runs.push(silent(&call.turns[left_out as usize], left_out, n_tokens));
    }
    *n_invented = 0;
}

/// The run of a turn in which nobody speaks.
fn silent(turn: &Turn<'_>, turn_idx: u32, n_tokens: usize) -> Run {
    Run {
        speaker: Speaker::System,
        ..begin(turn, turn_idx, n_tokens)
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
