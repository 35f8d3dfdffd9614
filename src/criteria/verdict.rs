//! What a criterion says about a call, and on what evidence.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::call::TimeSpan;

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
    pub reason: Cow<'p, str>,
    /// What was said instead, how long it took: joins the reason of a fault.
    pub(super) detail: String,
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
            reason: Cow::Borrowed(""),
            detail: String::new(),
            evidence,
            soft: false,
        }
    }

    /// Broken.
    pub fn fail(reason: impl Into<Cow<'p, str>>, evidence: Vec<Evidence<'p>>) -> Self {
        Self {
            verdict: Verdict::Fail,
            reason: reason.into(),
            detail: String::new(),
            evidence,
            soft: false,
        }
    }

    /// Does not apply.
    pub fn na(reason: impl Into<Cow<'p, str>>) -> Self {
        Self {
            verdict: Verdict::Na,
            reason: reason.into(),
            detail: String::new(),
            evidence: Vec::new(),
            soft: false,
        }
    }

    /// Cannot be told.
    pub fn unknown(reason: impl Into<Cow<'p, str>>) -> Self {
        Self {
            verdict: Verdict::Unknown,
            reason: reason.into(),
            detail: String::new(),
            evidence: Vec::new(),
            soft: false,
        }
    }

    /// With this to tell beside the reason.
    pub(super) fn with_detail(mut self, detail: String) -> Self {
        self.detail = detail;
        self
    }

    /// Puts the detail behind the reason, which is a sentence of the rule.
    pub(super) fn tell_detail(&mut self) {
        if !self.detail.is_empty() {
            let mut colons = memchr::memchr_iter(b':', self.reason.as_bytes());
            let mark = if colons.any(|at| self.reason[at + 1..].starts_with(' ')) {
                " —"
            } else {
                ":"
            };
            self.reason = Cow::Owned([&*self.reason, mark, " ", &self.detail].concat());
            self.detail = String::new();
        }
    }
}
