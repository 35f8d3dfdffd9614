//! `near`: what comes near to something that is missing, and what to say of it.

use std::fmt;
use std::ops::Range;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use toml::Spanned;

use super::said::Who;
use super::{Context, Say, SaySource};
use crate::phrase::SetId;

/// In a note, this stands for the words that came near.
pub const WORDS_SLOT: &str = "{words}";
/// In a note, this stands for the words that came near, with a few beside them.
pub const AROUND_SLOT: &str = "{around}";
/// Words of a near miss that stand so close are told as one: «wait a minute» is two requests in a row.
const TOGETHER_TOKENS: usize = 2;

/// Near misses, the nearest first: a set or phrases, or tables with a note each.
#[derive(Debug, Clone, Default)]
pub struct Near(pub Vec<NearMiss>);

/// One thing that comes near.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NearMiss {
    /// What is said.
    pub say: Say,
    /// The sentence about it, with [`WORDS_SLOT`] or [`AROUND_SLOT`] in it.
    pub note: Option<Note>,
    /// Who says it.
    #[serde(default)]
    pub(super) who: Who,
}

/// A near miss that was heard.
pub(super) struct Heard<'p> {
    /// The hits, side by side in one run.
    pub(super) hits: Vec<Range<usize>>,
    /// The agent said it.
    pub(super) by_agent: bool,
    /// The sentence of the rule file.
    pub(super) note: Option<&'p str>,
}

impl Near {
    /// The sets that it looks for.
    pub(super) fn says(&mut self) -> impl Iterator<Item = &mut Say> {
        self.0.iter_mut().map(|miss| &mut miss.say)
    }

    /// The sets that it looks for in the customer's words.
    pub(super) fn customer_says(&self) -> impl Iterator<Item = &Say> {
        let of_customer = self.0.iter().filter(|miss| miss.who == Who::Customer);
        of_customer.map(|miss| &miss.say)
    }

    /// The first of the entries that is heard in these runs: its first words there, or its last ones.
    pub(super) fn heard<'p>(
        &'p self,
        context: &Context<'_, 'p>,
        last: bool,
        in_runs: impl Fn(usize) -> bool,
    ) -> Option<Heard<'p>> {
        self.0.iter().find_map(|miss| {
            let mut hits = context
                .timeline
                .said_by(miss.say.set, miss.who.speaker())
                .filter(|hit| in_runs(hit.run as usize));
            let hit = if last { hits.next_back() } else { hits.next() }?;
            let run = hit.run as usize;
            Some(Heard {
                hits: together(context, miss.say.set, run, hit.tokens()),
                by_agent: miss.who == Who::Agent,
                note: miss.note.as_ref().map(|note| note.0.as_str()),
            })
        })
    }
}

/// The hits of a set that stand beside one of them, in order.
fn together(
    context: &Context<'_, '_>,
    set: SetId,
    run: usize,
    of: Range<usize>,
) -> Vec<Range<usize>> {
    let all = context.timeline.hits.of(set).iter();
    let mut all: Vec<Range<usize>> = all
        .filter(|hit| hit.run as usize == run)
        .map(crate::phrase::Hit::tokens)
        .collect();
    let near = |pair: &[Range<usize>]| pair[0].end + TOGETHER_TOKENS >= pair[1].start;
    let mut from = all.iter().position(|hit| *hit == of).unwrap_or(0);
    let mut to = from;
    while from > 0 && near(&all[from - 1..=from]) {
        from -= 1;
    }
    while to + 1 < all.len() && near(&all[to..=to + 1]) {
        to += 1;
    }
    all.truncate(to + 1);
    all.drain(..from);
    all
}

/// A sentence in whose braces nothing stands but the known places.
#[derive(Debug, Clone)]
pub struct Note(pub String);

impl<'de> Deserialize<'de> for Note {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let note = String::deserialize(deserializer)?;
        let rest = note.replace(WORDS_SLOT, "").replace(AROUND_SLOT, "");
        if rest.contains(['{', '}']) {
            return Err(de::Error::custom(format!(
                "in a note only `{WORDS_SLOT}` and `{AROUND_SLOT}` may stand in braces"
            )));
        }
        Ok(Self(note))
    }
}

/// As written.
enum Source {
    Set(String),
    Phrases(Vec<Spanned<String>>),
    Misses(Vec<NearMiss>),
}

enum Item {
    Phrase(String),
    Miss(Box<NearMiss>),
}

impl<'de> Deserialize<'de> for Near {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Source>::deserialize(deserializer)?;
        let at = spanned.span();
        let say = |source| {
            Self(vec![NearMiss {
                say: Say {
                    source,
                    at,
                    set: SetId::default(),
                },
                note: None,
                who: Who::Agent,
            }])
        };
        Ok(match spanned.into_inner() {
            Source::Set(id) => say(SaySource::Named(id)),
            Source::Phrases(phrases) => say(SaySource::Phrases(phrases)),
            Source::Misses(misses) => Self(misses),
        })
    }
}

impl<'de> Deserialize<'de> for Source {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Sources;
        impl<'de> Visitor<'de> for Sources {
            type Value = Source;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the id of a phrase set, a list of phrases, or a list of tables { say, note, who }")
            }
            fn visit_str<E: de::Error>(self, id: &str) -> Result<Source, E> {
                Ok(Source::Set(id.to_owned()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Source, A::Error> {
                let mut phrases = Vec::new();
                let mut misses = Vec::new();
                while let Some(item) = seq.next_element::<Spanned<Item>>()? {
                    let span = item.span();
                    match item.into_inner() {
                        Item::Phrase(phrase) => phrases.push(Spanned::new(span, phrase)),
                        Item::Miss(miss) => misses.push(*miss),
                    }
                }
                match (phrases.is_empty(), misses.is_empty()) {
                    (_, true) => Ok(Source::Phrases(phrases)),
                    (true, false) => Ok(Source::Misses(misses)),
                    (false, false) => Err(de::Error::custom(
                        "`near` is a list of phrases or a list of tables, not of both",
                    )),
                }
            }
        }
        deserializer.deserialize_any(Sources)
    }
}

impl<'de> Deserialize<'de> for Item {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Items;
        impl<'de> Visitor<'de> for Items {
            type Value = Item;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a phrase, or a table { say, note, who }")
            }
            fn visit_str<E: de::Error>(self, phrase: &str) -> Result<Item, E> {
                Ok(Item::Phrase(phrase.to_owned()))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Item, A::Error> {
                let miss = NearMiss::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Item::Miss(Box::new(miss)))
            }
        }
        deserializer.deserialize_any(Items)
    }
}
