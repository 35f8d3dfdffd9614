//! Yes-or-no facts about a call that conditions of a pack may name.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer};

use super::locale;
use crate::locale::Lang;

macro_rules! facts {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// A fact about the call.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Fact {
            $($(#[$doc])* $variant,)+
        }

        impl Fact {
            /// Every fact.
            pub const ALL: &'static [Fact] = &[$(Fact::$variant),+];
            /// Their names in rule files, in the same order.
            pub const NAMES: &'static [&'static str] = &[$($name),+];
        }
    };
}

facts! {
    /// No words of the customer at all.
    CustomerNeverSpeaks = "customer_never_speaks",
    /// The customer does not react to the greeting for a while, or never.
    SilentAfterGreeting = "silent_after_greeting",
    /// The customer said their own name.
    CustomerIntroduced = "customer_introduced",
    /// The customer said their own name before being asked.
    IntroducedUnasked = "introduced_unasked",
    /// The agent called the customer by a name that the customer had not given yet.
    NamedFromStart = "named_from_start",
    /// The agent calls somebody by a name that may be the customer's, who gave none.
    SomebodyNamed = "somebody_named",
    /// The agent said a name in the opening that may be their own.
    SomebodyNamedInOpening = "somebody_named_in_opening",
    /// The customer gave no first name that the tables have, and the agent says another name.
    GivenNameDoubtful = "given_name_doubtful",
    /// The customer began to take leave before the agent did.
    CustomerStartsFarewell = "customer_starts_farewell",
    /// The customer said what may be the start of a farewell before the agent began it.
    CustomerMayStartFarewell = "customer_may_start_farewell",
    /// The customer hung up and the agent had no turn after the customer's last words.
    CustomerHungUp = "customer_hung_up",
    /// A question and its answer: few turns of the customer.
    ShortAnswer = "short_answer",
    /// Every spoken turn has times.
    Timed = "timed",
    /// Thanks and goodbye of the agent in one turn.
    FullFarewell = "full_farewell",
    /// The agent said that the customer is heard badly.
    BadAudio = "bad_audio",
}

impl Fact {
    /// The bit of this fact in a set of facts.
    pub(super) fn bit(self) -> u32 {
        1 << self as u32
    }

    /// A sentence that says why a criterion does not apply: because the fact `holds`, or because it does not.
    pub fn sentence(self, holds: bool, lang: Lang) -> &'static str {
        let (held, not_held) = locale::fact(self);
        if holds { held } else { not_held }.pick(lang)
    }
}

impl<'de> Deserialize<'de> for Fact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;
        impl de::Visitor<'_> for Name {
            type Value = Fact;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a fact")
            }
            fn visit_str<E: de::Error>(self, name: &str) -> Result<Fact, E> {
                let known = Fact::NAMES.iter().position(|known| *known == name);
                known
                    .map(|i| Fact::ALL[i])
                    .ok_or_else(|| E::unknown_variant(name, Fact::NAMES))
            }
        }
        deserializer.deserialize_str(Name)
    }
}
