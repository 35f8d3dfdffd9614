//! What has to be said, in a rule file: the id of a phrase set, or phrases right there.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, SeqAccess, Visitor};
use toml::Spanned;

use crate::phrase::SetId;

/// A phrase set of the pack: named, or written in place (then it becomes a set of its own when the pack is loaded).
#[derive(Debug, Clone)]
pub struct Say {
    /// As written.
    pub source: SaySource,
    /// Where in the file, in bytes.
    pub at: std::ops::Range<usize>,
    /// The set; meaningless until the pack is compiled.
    pub set: SetId,
}

/// See [`Say`].
#[derive(Debug, Clone)]
pub enum SaySource {
    /// Id of a set.
    Named(String),
    /// Phrases written in place.
    Phrases(Vec<Spanned<String>>),
}

impl<'de> Deserialize<'de> for Say {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<SaySource>::deserialize(deserializer)?;
        Ok(Self {
            at: spanned.span(),
            source: spanned.into_inner(),
            set: SetId::default(),
        })
    }
}

impl<'de> Deserialize<'de> for SaySource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SourceVisitor)
    }
}

struct SourceVisitor;

impl<'de> Visitor<'de> for SourceVisitor {
    type Value = SaySource;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the id of a phrase set, or a list of phrases")
    }

    fn visit_str<E: de::Error>(self, id: &str) -> Result<SaySource, E> {
        Ok(SaySource::Named(id.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<SaySource, A::Error> {
        let mut phrases = Vec::new();
        while let Some(phrase) = seq.next_element()? {
            phrases.push(phrase);
        }
        Ok(SaySource::Phrases(phrases))
    }
}
