//! A number in a rule file: written there, or the name of a parameter of the pack.

use serde::Deserialize;

use crate::timeline::Parameters;

/// A limit or a count.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Bound {
    /// Written in place.
    Number(f64),
    /// A parameter of `pack.toml`, which may differ by line.
    Parameter(String),
}

impl Bound {
    /// The number that holds on a line. Names are checked when the pack is loaded; an unknown one gives 0.
    pub fn value(&self, parameters: &Parameters, line: &str) -> f64 {
        match self {
            Self::Number(number) => *number,
            Self::Parameter(name) => parameters.get(name, line).unwrap_or(0.0),
        }
    }
}
