//! `etalon.toml`: what a project says about all its templates.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::problem::Problem;
use super::text::Lines;
use super::{Diagnostic, Severity};
use crate::call::Direction;
use crate::pack::{Pack, closest, suggestion};

/// What stands in `etalon.toml`; everything may be left out.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Names of packs, or paths of folders from where the file stands.
    pub packs: Vec<String>,
    /// A line of the contact centre.
    pub line: Option<String>,
    direction: Option<DirectionToml>,
    /// Patterns of a `.gitignore`: of the folders that are searched only such files are linted. All, where there are none.
    pub include: Vec<String>,
    /// Patterns of a `.gitignore`: such files are left out.
    pub exclude: Vec<String>,
    severity: BTreeMap<String, Level>,
    words: ExtraWords,
    #[serde(skip)]
    text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum DirectionToml {
    Inbound,
    Outbound,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Level {
    Error,
    Warning,
    Off,
}

/// Words besides those of `script.toml`, patterns as there.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ExtraWords {
    agent: Vec<String>,
    customer: Vec<String>,
    /// Meaning of a slot -> words of it.
    slots: BTreeMap<String, Vec<String>>,
}

impl Config {
    /// Reads the text of the file.
    ///
    /// # Errors
    /// When it is no TOML, has a key that is not known, or a value that cannot be.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        match toml::from_str::<Self>(text) {
            Ok(config) => Ok(Self {
                text: text.to_owned(),
                ..config
            }),
            Err(error) => {
                let message = error.message();
                let place = Lines::of(text).place(text, error.span().map_or(0, |span| span.start));
                let mut quoted = message.split('`').skip(1).step_by(2);
                let problem = match (message.starts_with("unknown field"), quoted.next()) {
                    (true, Some(wrong)) => {
                        let near = suggestion(message).unwrap_or_default();
                        let known = quoted.collect::<Vec<_>>().join(", ");
                        Problem::new("config/unknown-key", true, &[wrong, &near, &known])
                    }
                    _ => Problem::new("config/value", true, &[message]),
                };
                Err(problem.at(place))
            }
        }
    }

    /// Who calls whom.
    pub fn direction(&self) -> Option<Direction> {
        self.direction.map(|direction| match direction {
            DirectionToml::Inbound => Direction::Inbound,
            DirectionToml::Outbound => Direction::Outbound,
        })
    }

    /// Whether it names criteria or slots, which [`Config::check`] looks up.
    pub fn names_any(&self) -> bool {
        !self.severity.is_empty() || !self.words.slots.is_empty()
    }

    /// What it names that does not exist: criteria none of which `known` holds, meanings of slots.
    pub fn check(&self, known: &[String], packs: &[Pack]) -> Vec<Problem> {
        let place =
            |word: &str| Lines::of(&self.text).place(&self.text, self.text.find(word).unwrap_or(0));
        let mut problems = Vec::new();
        for id in self.severity.keys().filter(|id| !known.contains(id)) {
            let near = closest(id, known.iter().map(String::as_str)).unwrap_or_default();
            problems
                .push(Problem::new("config/unknown-criterion", true, &[id, near]).at(place(id)));
        }
        let meanings: Vec<&str> = packs
            .iter()
            .flat_map(|pack| &pack.script_words().slots.meanings)
            .map(|meaning| meaning.means.as_str())
            .collect();
        for means in self
            .words
            .slots
            .keys()
            .filter(|means| !meanings.contains(&means.as_str()))
        {
            let near = closest(means, meanings.iter().copied()).unwrap_or_default();
            let mut known = meanings.clone();
            known.dedup();
            problems.push(
                Problem::new(
                    "config/unknown-slot",
                    true,
                    &[means, near, &known.join(", ")],
                )
                .at(place(means)),
            );
        }
        problems
    }

    /// Adds its words to those of a pack.
    pub fn extend(&self, pack: &mut Pack) {
        let words = pack.script_words_mut();
        words.labels.agent.extend(self.words.agent.iter().cloned());
        words
            .labels
            .customer
            .extend(self.words.customer.iter().cloned());
        for meaning in &mut words.slots.meanings {
            let extra = self.words.slots.get(&meaning.means);
            meaning.words.extend(extra.into_iter().flatten().cloned());
        }
    }

    /// Whether a criterion is not asked.
    pub fn is_off(&self, criterion: &str) -> bool {
        self.severity.get(criterion) == Some(&Level::Off)
    }

    /// Gives findings their severities, and takes those away that are off.
    pub fn apply(&self, diagnostics: &mut Vec<Diagnostic>) {
        diagnostics.retain_mut(|one| {
            match self.severity.get(&one.criterion) {
                Some(Level::Error) => one.severity = Severity::Error,
                Some(Level::Warning) => one.severity = Severity::Warning,
                Some(Level::Off) => return false,
                None => {}
            }
            true
        });
    }
}
