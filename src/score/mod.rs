//! Verdicts of one call -> [`Scorecard`]; many scorecards -> a summary.

mod arithmetic;

pub use arithmetic::scorecard;

mod summary;

pub use summary::{AgentSummary, Mean, Outcome, PackSummary, Summary, Tally};

use crate::call::{Call, Direction, Millis};
use crate::criteria::{Judgement, Verdict};
use crate::text::Invented;

/// Measures of a call; `None` is what the transcript cannot show.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Metrics {
    /// Length of the call.
    pub duration: Option<Millis>,
    /// Number of holds.
    pub holds: u32,
    /// Time on hold in all.
    pub hold_time: Option<Millis>,
    /// The longest silence outside holds.
    pub longest_pause: Option<Millis>,
    /// How often the agent cut in on the customer.
    pub interruptions: Option<u32>,
    /// The agent's part of the time in which somebody spoke, `0.0..=1.0`.
    pub agent_talk_share: Option<f64>,
    /// Turns as transcribed.
    pub turns: u32,
}

/// What a critical fault does to the score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnCritical {
    /// It is named in the scorecard.
    #[default]
    Report,
    /// No points for its section.
    ZeroSection,
    /// No points for the call.
    ZeroCall,
}

/// Identity and points of a criterion, as reports need them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CriterionInfo {
    /// `section.requirement`.
    pub id: String,
    /// The same as JSON has it, with what goes with it.
    pub json: CriterionJson,
    /// In the pack's language.
    pub title: String,
    /// Where the standard says so.
    pub clause: String,
    /// What to say or do.
    pub advice: String,
    /// Points; 0 is advice without points.
    pub weight: u32,
    /// A fault that the pack marks critical.
    pub critical: bool,
}

/// What is written of a criterion for each call, made ready when the pack is loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CriterionJson {
    /// The id in quotes.
    pub id: String,
    /// The members `id`, `verdict` and `weight`, by verdict in the order of [`Verdict::ALL`].
    by_verdict: [String; 4],
}

impl CriterionJson {
    /// Of a criterion with this id and so many points.
    pub fn of(id: &str, weight: u32) -> Self {
        let id = serde_json::Value::from(id).to_string();
        let members = |verdict: Verdict| {
            let verdict = verdict.name();
            format!(r#""id":{id},"verdict":"{verdict}","weight":{weight}"#)
        };
        Self {
            by_verdict: Verdict::ALL.map(members),
            id,
        }
    }

    /// The members `id`, `verdict` and `weight`.
    pub fn members(&self, verdict: Verdict) -> &str {
        &self.by_verdict[verdict as usize]
    }
}

/// Identity of a pack and its criteria in order, as reports need them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackInfo {
    /// Folder name, Latin.
    pub id: String,
    /// In the pack's language.
    pub title: String,
    /// Of the pack's data.
    pub version: String,
    /// `(id, title)` of each section in order.
    pub sections: Vec<(String, String)>,
    /// In the pack's order.
    pub criteria: Vec<CriterionInfo>,
}

/// One call held against one pack.
#[derive(Debug, Clone, PartialEq)]
pub struct Scorecard<'a> {
    /// The call.
    pub call: &'a Call<'a>,
    /// Path as given on the command line.
    pub path: &'a str,
    /// Physical line from 1 where the call begins, where that means something.
    pub source_line: Option<u32>,
    /// The pack.
    pub pack: &'a PackInfo,
    /// The line whose requirements held.
    pub line: &'a str,
    /// Who called whom.
    pub direction: Direction,
    /// 100 × earned / possible, `None` where nothing was possible.
    pub score: Option<f64>,
    /// Points of criteria that passed.
    pub earned: u32,
    /// Points of criteria that passed or failed.
    pub possible: u32,
    /// Indexes into `pack.criteria` of failed critical criteria.
    pub critical: Vec<usize>,
    /// Measures of the call.
    pub metrics: Metrics,
    /// One a criterion, in the pack's order.
    pub judgements: Vec<Judgement<'a>>,
    /// What is doubtful about the call as a whole (speakers swapped, one speaker for all, a line that the pack does not know, text
    /// that the recogniser made up), in the report's language.
    pub doubts: Vec<String>,
    /// The text that was not judged because the recogniser made it up.
    pub invented: Vec<Invented>,
}
