//! The shapes of a pack's files, as they are written.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::script::ScriptRule;
use crate::criteria::Condition;
use crate::score::OnCritical;
use crate::timeline::{MarkerWords, Parameters};

/// `pack.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PackToml {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) version: String,
    #[serde(default = "russian")]
    pub(super) language: String,
    #[serde(default)]
    pub(super) uses: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) lines: Vec<String>,
    #[serde(default)]
    pub(super) default_line: Option<Spanned<String>>,
    #[serde(rename = "section", default)]
    pub(super) sections: Vec<SectionToml>,
    #[serde(default)]
    pub(super) scoring: ScoringToml,
    #[serde(default)]
    pub(super) parameters: Parameters,
    #[serde(default)]
    pub(super) meta_defaults: BTreeMap<String, serde_json::Value>,
    #[serde(default)]
    pub(super) markers: MarkerWords,
}

fn russian() -> String {
    "ru".to_owned()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SectionToml {
    pub(super) id: String,
    pub(super) title: String,
    /// The order of the criteria inside; those not named follow by id.
    #[serde(default)]
    pub(super) order: Vec<Spanned<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScoringToml {
    #[serde(default)]
    pub(super) critical: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) on_critical: OnCritical,
    /// For people.
    #[serde(default, rename = "why")]
    pub(super) _why: Option<String>,
}

/// A phrase set in `phrases.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SetToml {
    pub(super) phrases: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) except: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) exact: bool,
}

/// A word in `lexicon.toml`: all its forms, or a known word that it is declined like.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum WordToml {
    Forms(Vec<String>),
    Like(LikeToml),
    Parts(PartsToml),
    Split(SplitToml),
    ReadAs(ReadAsToml),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LikeToml {
    pub(super) like: String,
}

/// How recognisers divide a word otherwise.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PartsToml {
    pub(super) parts: String,
}

/// How recognisers tear a word: its pieces with a space between.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SplitToml {
    pub(super) split: Vec<String>,
}

/// The written words that a spoken one may stand for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReadAsToml {
    pub(super) read_as: Vec<String>,
}

/// Everything of a criterion's file before its examples, without the tables of checks and the variants.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CriterionToml {
    pub(super) id: Spanned<String>,
    pub(super) title: String,
    pub(super) clause: String,
    #[serde(default)]
    pub(super) why: Option<String>,
    pub(super) weight: u32,
    #[serde(default)]
    pub(super) advice: Option<String>,
    #[serde(default)]
    pub(super) reason: Option<String>,
    #[serde(default)]
    pub(super) when: Vec<Condition>,
    #[serde(default)]
    pub(super) unless: Vec<Condition>,
    #[serde(default)]
    pub(super) excuse: Vec<Condition>,
    #[serde(default)]
    pub(super) doubt: Vec<Condition>,
    #[serde(default)]
    pub(super) survives: BTreeMap<Mutation, String>,
    #[serde(default)]
    pub(super) phrases: BTreeMap<String, SetToml>,
    #[serde(default)]
    pub(super) script: Option<ScriptRule>,
}

/// What a `[[variant]]` has besides its tables of checks.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VariantToml {
    #[serde(default)]
    pub(super) when: Vec<Condition>,
    #[serde(default)]
    pub(super) reason: Option<String>,
}

/// The examples of a criterion's file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExamplesToml {
    #[serde(default, rename = "example")]
    pub(super) examples: Vec<Spanned<ExampleToml>>,
}

/// One example as written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExampleToml {
    /// What the criterion has to say.
    pub verdict: crate::criteria::Verdict,
    /// What is hard about it.
    #[serde(default)]
    pub why: Option<String>,
    /// The sentence that it has to say with it, word for word.
    #[serde(default)]
    pub reason: Option<String>,
    /// Which line took the call.
    #[serde(default)]
    pub line: Option<String>,
    /// Who called.
    #[serde(default)]
    pub direction: Option<String>,
    /// The agent's name in the metadata.
    #[serde(default)]
    pub agent: Option<String>,
    /// Metadata.
    #[serde(default)]
    pub meta: BTreeMap<String, serde_json::Value>,
    /// Events, as in a call.
    #[serde(default)]
    pub events: Vec<EventToml>,
    /// Seconds.
    #[serde(default)]
    pub duration: Option<f64>,
    /// Give the turns plausible times.
    #[serde(default)]
    pub timed: bool,
    /// The talk.
    pub call: String,
    /// One example for each of these, which stands in the talk for [`WORDING_SLOT`](super::WORDING_SLOT).
    #[serde(default)]
    pub wordings: Vec<Spanned<String>>,
    /// Why a change to it may leave the verdict as it should not be.
    #[serde(default)]
    pub survives: BTreeMap<Mutation, String>,
    /// Line from 1 where its table begins.
    #[serde(skip)]
    pub table: u32,
    /// Which of the wordings of its table is put in; `None` where the table has none.
    #[serde(skip)]
    pub wording: Option<usize>,
}

/// A change to an example whose effect on its verdict is known beforehand, see [`crate::stress`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mutation {
    /// Small letters, no punctuation. Changes nothing.
    Bare,
    /// `\u{451}` written as `\u{435}`. Changes nothing.
    Yo,
    /// A turn of the evidence is cut in two of the same speaker. Changes nothing.
    Split,
    /// A filler between the words of the evidence. Changes nothing.
    Filler,
    /// A letter is written twice in each long word of what is forbidden: nothing forbidden was said to the letter.
    Slip,
    /// The words on which it passed are gone: it does not pass.
    Drop,
    /// The speakers are swapped: the same words count no longer, for or against.
    Swap,
    /// The turns of the evidence are out of their zone: they count no longer.
    Move,
    /// A forbidden wording of another example is said: a fault.
    Insert,
    /// A required wording of another example is said: no fault any more.
    Supply,
}

impl Mutation {
    /// All of them, in the order of reports.
    pub const ALL: [Mutation; 10] = [
        Self::Bare,
        Self::Yo,
        Self::Split,
        Self::Filler,
        Self::Slip,
        Self::Drop,
        Self::Swap,
        Self::Move,
        Self::Insert,
        Self::Supply,
    ];

    /// The name in rule files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bare => "bare",
            Self::Yo => "yo",
            Self::Split => "split",
            Self::Filler => "filler",
            Self::Slip => "slip",
            Self::Drop => "drop",
            Self::Swap => "swap",
            Self::Move => "move",
            Self::Insert => "insert",
            Self::Supply => "supply",
        }
    }
}

/// An event of an example.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventToml {
    /// `hold`, `mute`, `transfer`, `ring`, `hangup`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Seconds.
    pub start: f64,
    /// Seconds.
    #[serde(default)]
    pub end: Option<f64>,
}
