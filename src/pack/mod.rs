//! `rules/<pack>/` -> [`Pack`]: the matcher, the criteria and the numbers of one standard.

mod error;
mod file;
mod load;
pub(crate) mod locale;
mod plain;
mod script;
mod source;

use std::borrow::Cow;
use std::collections::BTreeMap;

pub use error::PackError;
pub use file::{EventToml, ExampleToml, Mutation};
pub(crate) use load::{closest, suggestion};
pub use script::{PassageWords, Quotes, ScriptKind, ScriptRule, ScriptWords, SlotMeaning, Stands};
pub use source::{PackFile, PackSource, embedded_ids};

use crate::criteria::Criterion;
use crate::phrase::Matcher;
use crate::score::{OnCritical, PackInfo};
use crate::timeline::{Parameters, TimelineRules};

/// In an example with `wordings`, this stands for each of them in turn.
pub const WORDING_SLOT: &str = "{wording}";

/// One standard, ready to judge calls.
#[derive(Debug)]
pub struct Pack {
    pub(crate) info: PackInfo,
    pub(crate) language: String,
    pub(crate) lines: Vec<String>,
    pub(crate) default_line: String,
    pub(crate) on_critical: OnCritical,
    pub(crate) parameters: Parameters,
    pub(crate) meta_defaults: BTreeMap<String, serde_json::Value>,
    pub(crate) timeline: TimelineRules,
    pub(crate) matcher: Matcher,
    /// In the order of `info.criteria`.
    pub(crate) criteria: Vec<Criterion>,
    /// What each criterion can say about a template, in the same order.
    pub(crate) script_rules: Vec<Option<ScriptRule>>,
    /// What words mean in templates; of `rules/common`.
    pub(crate) script_words: ScriptWords,
    /// Where each criterion is written, in the same order.
    pub(crate) homes: Vec<Home>,
    /// Sets that came from the pack's own files and from the common ones.
    pub(crate) sets: Vec<SetHome>,
}

/// Where a criterion is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// The file.
    pub path: String,
    /// One sentence for people: why the standard wants it.
    pub why: Option<String>,
    /// Why changes to examples may leave its verdict as it should not be.
    pub survives: BTreeMap<Mutation, String>,
    /// The file up to its examples.
    pub head: Cow<'static, str>,
    /// The examples as text.
    pub tail: Cow<'static, str>,
    /// Lines of `head`.
    pub head_lines: u32,
}

/// Where a phrase set is written, and what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetHome {
    /// As rule files name it.
    pub id: String,
    /// The file.
    pub path: String,
    /// Line and column, both from 1, the column in characters, of each phrase with its quotation mark.
    pub places: Vec<(u32, u32)>,
    /// As written.
    pub phrases: Vec<String>,
    /// As written.
    pub except: Vec<String>,
    /// The same of each exception.
    pub except_places: Vec<(u32, u32)>,
    /// From `rules/common`.
    pub common: bool,
    /// Written in place in a criterion's file.
    pub in_place: bool,
}

impl Pack {
    /// A pack inside the program; `None` when there is none with this id.
    ///
    /// # Errors
    /// All problems of its files; the packs inside the program have none (a test holds that).
    pub fn embedded(id: &str) -> Option<Result<Self, Vec<PackError>>> {
        PackSource::embedded(id).map(|source| load::load(&source))
    }

    /// A pack from a folder; `common` is looked for beside it, then inside the program.
    ///
    /// # Errors
    /// All problems of its files, or that they cannot be read.
    pub fn from_dir(dir: &std::path::Path) -> Result<Self, Vec<PackError>> {
        load::load(&PackSource::from_dir(dir).map_err(|error| vec![error])?)
    }

    /// From files in memory.
    ///
    /// # Errors
    /// All problems of its files.
    pub fn from_source(source: &PackSource) -> Result<Self, Vec<PackError>> {
        load::load(source)
    }

    /// Identity, titles and points.
    pub fn info(&self) -> &PackInfo {
        &self.info
    }

    /// `ru` or `en`: the language of its texts.
    pub fn language(&self) -> &str {
        &self.language
    }

    /// The lines that the pack knows.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    /// The line that holds where the call names none.
    pub fn default_line(&self) -> &str {
        &self.default_line
    }

    /// The thresholds.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// Where the criteria are written, in order.
    pub fn homes(&self) -> &[Home] {
        &self.homes
    }

    /// The phrase sets.
    pub fn sets(&self) -> &[SetHome] {
        &self.sets
    }

    /// The exceptions that hold for a set: its own, then those of every set that stands in it as a whole phrase. Each as the index of
    /// its set among [`Pack::sets`] and its own among that set's.
    ///
    /// # Panics
    /// When there is no such set.
    pub fn exceptions(&self, set: usize) -> Vec<(usize, usize)> {
        let sets: Vec<&SetHome> = self.sets.iter().collect();
        load::exceptions(set, &sets)
    }

    /// The matcher of all phrases. Its sets are those of [`Pack::sets`], in the same order.
    pub fn matcher(&self) -> &Matcher {
        &self.matcher
    }

    /// The criteria, in order.
    pub fn criteria(&self) -> &[Criterion] {
        &self.criteria
    }

    /// What each criterion can say about a template, in the order of [`Pack::criteria`]; `None`: nothing.
    pub fn script_rules(&self) -> &[Option<ScriptRule>] {
        &self.script_rules
    }

    /// What words mean in templates; empty where the pack does not use `common`.
    pub fn script_words(&self) -> &ScriptWords {
        &self.script_words
    }

    /// The same, for a project that has words of its own.
    pub(crate) fn script_words_mut(&mut self) -> &mut ScriptWords {
        &mut self.script_words
    }

    /// The examples of a criterion, with the line of each, those with several wordings once for each; the problems of a file whose examples cannot be read.
    ///
    /// # Errors
    /// When the tables of examples are not valid.
    pub fn examples(&self, criterion: usize) -> Result<Vec<(u32, ExampleToml)>, PackError> {
        load::examples(&self.homes[criterion])
    }
}
