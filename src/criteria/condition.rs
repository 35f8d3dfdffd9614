//! `when`, `unless`, `excuse`, `doubt`: whether a criterion applies to a call, and whether a fault is sure.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;

use serde::de::{
    self, Deserialize, Deserializer, IntoDeserializer as _, MapAccess, SeqAccess, Visitor,
};
use serde_json::Value;

use super::{Context, Judgement, Say, locale, zone::Zones};
use crate::call::{Direction, Speaker};
use crate::phrase::Hit;
use crate::timeline::Fact;

/// One table of `[[when]]`, `[[unless]]`, `[[excuse]]` or `[[doubt]]`: it holds when all of its keys hold.
///
/// Some fifty are asked a call, mostly of metadata alone: what few have stands elsewhere.
#[derive(Debug, Clone, Default)]
pub struct Condition {
    /// Any of these lines.
    pub line: Vec<String>,
    /// Who called.
    pub direction: Option<Direction>,
    /// `(key of meta, any of these values)`.
    pub meta: Vec<(String, Vec<Value>)>,
    /// All of these.
    pub facts: Vec<Fact>,
    /// The agent said it.
    pub said: Option<Box<Say>>,
    /// The customer said it.
    pub customer_said: Option<Box<Say>>,
    /// `customer_said` counts only as the answer to these words of the agent.
    pub answering: Option<Box<Say>>,
    /// Where `said` and `customer_said` look.
    pub zone: Zones,
    /// Why the criterion does not apply then, in the pack's language.
    pub reason: Option<String>,
}

/// One name or a list of them. (An untagged enum would lose what is wrong with the name.)
struct OneOrMany<T>(Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Names<T> {
            type Value = OneOrMany<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name or a list of names")
            }
            fn visit_str<E: de::Error>(self, name: &str) -> Result<Self::Value, E> {
                T::deserialize(name.into_deserializer()).map(|one| OneOrMany(vec![one]))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut many = Vec::new();
                while let Some(one) = seq.next_element()? {
                    many.push(one);
                }
                Ok(OneOrMany(many))
            }
        }
        deserializer.deserialize_any(Names(PhantomData))
    }
}

/// A list means any of its values.
fn values_of(value: Value) -> Vec<Value> {
    match value {
        Value::Array(values) => values,
        value => vec![value],
    }
}

const KEYS: &[&str] = &[
    "line",
    "direction",
    "meta.<name>",
    "fact",
    "said",
    "customer_said",
    "answering",
    "zone",
    "reason",
];

impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ConditionVisitor)
    }
}

struct ConditionVisitor;

impl<'de> Visitor<'de> for ConditionVisitor {
    type Value = Condition;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table of conditions")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Condition, A::Error> {
        let mut condition = Condition::default();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "line" => condition.line = map.next_value::<OneOrMany<String>>()?.0,
                "direction" => {
                    condition.direction = Some(match map.next_value::<String>()?.as_str() {
                        "inbound" => Direction::Inbound,
                        "outbound" => Direction::Outbound,
                        other => {
                            return Err(de::Error::unknown_variant(
                                other,
                                &["inbound", "outbound"],
                            ));
                        }
                    });
                }
                "fact" => condition.facts = map.next_value::<OneOrMany<Fact>>()?.0,
                "said" => condition.said = Some(map.next_value()?),
                "customer_said" => condition.customer_said = Some(map.next_value()?),
                "answering" => condition.answering = Some(map.next_value()?),
                "zone" => condition.zone = map.next_value()?,
                "reason" => condition.reason = Some(map.next_value()?),
                "meta" => {
                    let values = map.next_value::<std::collections::BTreeMap<String, Value>>()?;
                    condition.meta.extend(
                        values
                            .into_iter()
                            .map(|(key, value)| (key, values_of(value))),
                    );
                }
                other => match other.strip_prefix("meta.") {
                    Some(name) => {
                        let values = values_of(map.next_value()?);
                        condition.meta.push((name.to_owned(), values));
                    }
                    None => return Err(de::Error::unknown_field(other, KEYS)),
                },
            }
        }
        Ok(condition)
    }
}

impl Condition {
    /// The phrase sets it looks for.
    pub fn says(&mut self) -> Vec<&mut Say> {
        let says = [&mut self.said, &mut self.customer_said, &mut self.answering];
        let says = says.into_iter().flatten();
        says.map(|say| &mut **say).collect()
    }

    /// Whether what is known of the call without its words lets the condition hold.
    pub fn holds_by_metadata(&self, context: &Context<'_, '_>) -> bool {
        (self.line.is_empty() || self.line.iter().any(|line| line == context.line))
            && self
                .direction
                .is_none_or(|direction| direction == context.timeline.call.direction_or_default())
            && self.meta.iter().all(|(key, values)| {
                context
                    .meta(key)
                    .is_some_and(|value| values.iter().any(|v| same(v, value)))
            })
    }

    /// Whether all of its keys hold.
    pub fn holds(&self, context: &Context<'_, '_>) -> bool {
        self.holds_by_metadata(context)
            && self.facts.iter().all(|fact| context.timeline.fact(*fact))
            && self
                .said
                .iter()
                .all(|say| context.said(say, Speaker::Agent, &self.zone))
            && (self.customer_said.is_none() || self.customer_words(context).is_some())
    }

    /// The first of the customer's words that `customer_said` looks for.
    pub(super) fn customer_words<'c>(&self, context: &Context<'c, '_>) -> Option<&'c Hit> {
        let say = self.customer_said.as_ref()?;
        let mut hits = context.hits(say, Speaker::Customer, &self.zone);
        hits.find(|hit| {
            let asked = |say| context.answers(hit.run as usize, say);
            self.answering.as_deref().is_none_or(asked)
        })
    }

    /// The words by which it holds.
    fn words(&self, context: &Context<'_, '_>) -> Vec<Range<usize>> {
        let facts = self.facts.iter();
        let facts = facts.filter_map(|fact| context.timeline.words_of(*fact));
        let said = self.said.iter();
        let said = said.filter_map(|say| context.hits(say, Speaker::Agent, &self.zone).next());
        let said = said.chain(self.customer_words(context));
        facts.chain(said.map(Hit::tokens)).collect()
    }

    /// What cannot be told for this holds, with the words that leave it open.
    pub(super) fn in_doubt<'p>(&'p self, context: &Context<'_, 'p>) -> Judgement<'p> {
        Judgement::in_doubt(context, self.reason_held(context), &self.words(context))
    }

    /// Whether it holds only by facts that may be otherwise, had the record a beginning.
    pub(super) fn is_doubtful(&self, context: &Context<'_, '_>) -> bool {
        let gaps = context.timeline.gaps;
        self.facts.iter().any(|fact| gaps.doubts(*fact))
    }

    /// Whether it may hold, had the record a beginning.
    pub(super) fn may_hold(&self, context: &Context<'_, '_>) -> bool {
        self.is_doubtful(context) && self.holds_by_metadata(context)
    }

    /// Why a criterion does not apply, for this holds (`unless`, `excuse`, `doubt`).
    pub fn reason_held<'p>(&'p self, context: &Context<'_, 'p>) -> Cow<'p, str> {
        self.reason(self.facts.first().map(|fact| (*fact, true)), context)
    }

    /// Why a criterion does not apply, for this does not hold (`when`): its own sentence, else the fact that is missing.
    pub fn reason_missing<'p>(&'p self, context: &Context<'_, 'p>) -> Cow<'p, str> {
        let by_words =
            !self.facts.is_empty() || self.said.is_some() || self.customer_said.is_some();
        if by_words && !self.holds_by_metadata(context) {
            // Its sentence is about the words or facts; nobody looked for them in such a call.
            let direction = context.timeline.call.direction_or_default();
            return Cow::Borrowed(
                match (self.direction, direction) {
                    (Some(Direction::Outbound), Direction::Inbound) => locale::INBOUND,
                    (Some(Direction::Inbound), Direction::Outbound) => locale::OUTBOUND,
                    _ => locale::OTHER_CALL,
                }
                .pick(context.lang),
            );
        }
        let missing = self
            .facts
            .iter()
            .find(|fact| !context.timeline.fact(**fact));
        self.reason(missing.map(|fact| (*fact, false)), context)
    }

    fn reason<'p>(&'p self, fact: Option<(Fact, bool)>, context: &Context<'_, 'p>) -> Cow<'p, str> {
        match (&self.reason, fact) {
            (Some(reason), _) => Cow::Borrowed(reason),
            (None, Some((fact, holds))) => Cow::Borrowed(fact.sentence(holds, context.lang)),
            (None, None) => Cow::Borrowed(locale::OTHER_CALL.pick(context.lang)),
        }
    }
}

/// Numbers compare by value, so that `1` and `1.0` are one.
fn same(a: &Value, b: &Value) -> bool {
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => a == b,
        _ => a == b,
    }
}
