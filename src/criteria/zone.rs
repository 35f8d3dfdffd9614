//! Where in the call a criterion looks.

use serde::de::{self, Deserialize, Deserializer};
use smallvec::{SmallVec, smallvec};

/// A part of the call; `shared/standard/criteria.md` defines them, the timeline finds them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Zone {
    /// Up to and including the agent's second merged turn.
    Opening,
    /// The last merged agent turns, or everything from the closing question on.
    Closing,
    /// The whole call.
    Anywhere,
}

/// One zone or several; a place counts that lies in any of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zones(pub SmallVec<[Zone; 3]>);

impl Default for Zones {
    fn default() -> Self {
        Self(smallvec![Zone::Anywhere])
    }
}

impl<'de> Deserialize<'de> for Zones {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(untagged)]
        enum OneOrMany {
            One(Zone),
            Many(Vec<Zone>),
        }
        match OneOrMany::deserialize(deserializer) {
            Ok(OneOrMany::One(zone)) => Ok(Self(smallvec![zone])),
            Ok(OneOrMany::Many(zones)) => Ok(Self(zones.into())),
            Err(_) => Err(de::Error::custom(
                "a zone is one of `opening`, `closing`, `anywhere`, or a list of them",
            )),
        }
    }
}
