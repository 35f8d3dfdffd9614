//! The numbers of a pack: thresholds that its standard sets, by line where they differ.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::call::Millis;

/// Name → value, for all lines or by line.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(transparent)]
pub struct Parameters(BTreeMap<String, Parameter>);

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
enum Parameter {
    Same(f64),
    ByLine(BTreeMap<String, f64>),
}

/// The key of [`Parameter::ByLine`] that holds for the lines that are not named.
const DEFAULT_LINE: &str = "default";

impl Parameters {
    /// The name of the confidence below which a word is badly heard; a pack without it does not look at confidence.
    pub const HEARD_MIN: &'static str = "heard_min";

    /// The value on a line; `None` where the pack does not name it.
    pub fn get(&self, name: &str, line: &str) -> Option<f64> {
        match self.0.get(name)? {
            Parameter::Same(value) => Some(*value),
            Parameter::ByLine(values) => values
                .get(line)
                .or_else(|| values.get(DEFAULT_LINE))
                .copied(),
        }
    }

    /// Names and the lines that they mention, for checks at load time.
    pub fn lines(&self) -> impl Iterator<Item = (&str, Vec<&str>)> {
        self.0.iter().map(|(name, parameter)| {
            let lines = match parameter {
                Parameter::Same(_) => Vec::new(),
                Parameter::ByLine(values) => values
                    .keys()
                    .map(String::as_str)
                    .filter(|line| *line != DEFAULT_LINE)
                    .collect(),
            };
            (name.as_str(), lines)
        })
    }

    /// Names, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// What the timeline needs of the parameters, on one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thresholds {
    /// Agent turns in the opening.
    pub opening_turns: usize,
    /// Agent turns in the closing.
    pub closing_turns: usize,
    /// A silence longer than this after a request to wait is a hold.
    pub hold_pause: Millis,
    /// A customer who says nothing for so long after the greeting is silent.
    pub answer: Millis,
    /// Words of the customer that the agent cuts off by at least this are an interruption.
    pub interruption: Millis,
    /// At most so many customer turns make a short call.
    pub short_call_turns: usize,
}

impl Thresholds {
    /// The names that every pack has to give, `merge_s` (read by the text stage) among them.
    pub const NAMES: [&str; 7] = [
        "merge_s",
        "opening_turns",
        "closing_turns",
        "hold_pause_s",
        "answer_s",
        "interruption_s",
        "short_call_turns",
    ];

    /// Those of a line; a name that is missing counts as 0 (loading a pack refuses that).
    pub fn of(parameters: &Parameters, line: &str) -> Self {
        let number = |name| parameters.get(name, line).unwrap_or(0.0);
        let time = |name| Millis::from_seconds(number(name));
        Self {
            opening_turns: number("opening_turns") as usize,
            closing_turns: number("closing_turns") as usize,
            hold_pause: time("hold_pause_s"),
            answer: time("answer_s"),
            interruption: time("interruption_s"),
            short_call_turns: number("short_call_turns") as usize,
        }
    }
}
