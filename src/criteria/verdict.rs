//! What a criterion says about a call, and on what evidence.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::Context;
use crate::call::TimeSpan;
use crate::text::Run;

/// The outcome of one criterion for one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It applies and the agent met it.
    Pass,
    /// It applies and the agent broke it.
    Fail,
    /// It does not apply to this call.
    Na,
    /// It may apply, but the transcript cannot show it.
    Unknown,
}

impl Verdict {
    /// All four, in the order of reports.
    pub const ALL: [Verdict; 4] = [Self::Pass, Self::Fail, Self::Na, Self::Unknown];

    /// The name in files: `pass`, `fail`, `na` or `unknown`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Na => "na",
            Self::Unknown => "unknown",
        }
    }
}

/// A place in the call: words of one turn, a stretch of time, or both.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Evidence<'p> {
    /// Index into `Call::turns`.
    pub turn: Option<u32>,
    /// Bytes of `Turn::text`, half-open; `None` where the whole turn or no word is meant.
    pub span: Option<(u32, u32)>,
    /// When, for a pause, a hold or an overlap.
    pub time: Option<TimeSpan>,
    /// What to say instead.
    pub suggest: Option<Cow<'p, str>>,
}

impl Evidence<'_> {
    /// A whole turn.
    pub fn of_turn(turn: u32) -> Self {
        Self {
            turn: Some(turn),
            ..Self::default()
        }
    }
}

/// A verdict with its reason and evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement<'p> {
    /// The outcome.
    pub verdict: Verdict,
    /// Why it failed, does not apply or cannot be told; for `pass` empty unless there is more to tell than the words.
    pub reason: Reason<'p>,
    /// In the order of the call.
    pub evidence: Vec<Evidence<'p>>,
    /// A `pass` that is read between the lines: where an excuse holds, the criterion does not apply rather than being met.
    pub soft: bool,
}

impl<'p> Judgement<'p> {
    /// Met; the evidence may be empty (nothing forbidden was said).
    pub fn pass(evidence: Vec<Evidence<'p>>) -> Self {
        Self {
            verdict: Verdict::Pass,
            reason: Reason::default(),
            evidence,
            soft: false,
        }
    }

    /// Broken.
    pub fn fail(reason: impl Into<Reason<'p>>, evidence: Vec<Evidence<'p>>) -> Self {
        Self {
            verdict: Verdict::Fail,
            reason: reason.into(),
            evidence,
            soft: false,
        }
    }

    /// Does not apply.
    pub fn na(reason: impl Into<Reason<'p>>) -> Self {
        Self {
            verdict: Verdict::Na,
            reason: reason.into(),
            evidence: Vec::new(),
            soft: false,
        }
    }

    /// Cannot be told.
    pub fn unknown(reason: impl Into<Reason<'p>>) -> Self {
        Self {
            verdict: Verdict::Unknown,
            reason: reason.into(),
            evidence: Vec::new(),
            soft: false,
        }
    }

    /// Cannot be told, for these words leave it open.
    pub(super) fn in_doubt(
        context: &Context<'_, 'p>,
        reason: impl Into<Reason<'p>>,
        words: &[Range<usize>],
    ) -> Self {
        let mut judgement = Self::unknown(reason);
        for tokens in words {
            context.cite_tokens(tokens.clone(), None, &mut judgement.evidence);
        }
        judgement.with_detail(context.quote_each(words))
    }

    /// Whether the evidence stands on both sides of one of these runs that were left out, next to it.
    pub fn stands_across(&self, runs: &[Run], left_out: &[usize]) -> bool {
        let is_in = |one: &Evidence<'_>, run: usize| {
            let turns = runs[run].turns();
            one.turn
                .is_some_and(|turn| turns.contains(&(turn as usize)))
        };
        let parts = |run: usize| {
            let mut pairs = self.evidence.windows(2);
            pairs.any(|pair| is_in(&pair[0], run - 1) && is_in(&pair[1], run + 1))
        };
        left_out.iter().any(|run| parts(*run))
    }

    /// With this to tell beside the reason.
    pub(super) fn with_detail(mut self, detail: String) -> Self {
        self.reason.detail = detail;
        self
    }
}

/// A sentence, most often of a rule, with what was said instead or how long it took behind it. The two are put together where they are
/// written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reason<'p> {
    pub(super) sentence: Cow<'p, str>,
    pub(super) detail: String,
}

impl Reason<'_> {
    /// Nothing to tell.
    pub fn is_empty(&self) -> bool {
        self.sentence.is_empty() && self.detail.is_empty()
    }

    /// What is told, piece by piece.
    pub fn pieces(&self) -> [&str; 3] {
        if self.detail.is_empty() {
            return [&self.sentence, "", ""];
        }
        let mut colons = memchr::memchr_iter(b':', self.sentence.as_bytes());
        let mark = match colons.any(|at| self.sentence[at + 1..].starts_with(' ')) {
            true => " — ",
            false => ": ",
        };
        [&self.sentence, mark, &self.detail]
    }
}

impl fmt::Display for Reason<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut pieces = self.pieces().into_iter();
        pieces.try_for_each(|piece| f.write_str(piece))
    }
}

impl<'p, T: Into<Cow<'p, str>>> From<T> for Reason<'p> {
    fn from(sentence: T) -> Self {
        Self {
            sentence: sentence.into(),
            detail: String::new(),
        }
    }
}
