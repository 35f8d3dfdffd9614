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
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LikeToml {
    pub(super) like: String,
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
    /// Which of the wordings of its table is put in; `None` where the table has none.
    #[serde(skip)]
    pub wording: Option<usize>,
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
