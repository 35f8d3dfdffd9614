//! Whether the transcript can be trusted about who spoke.

use super::{Roles, locale, roles};
use crate::call::Speaker;
use crate::locale::Lang;
use crate::phrase::Hits;
use crate::text::TokenizedCall;

/// Why the speakers of a transcript cannot be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Doubt {
    /// Everything is said by one side although it is a talk.
    OneSpeaker,
    /// The agent's words stand under the customer.
    Swapped,
    /// There are no words at all.
    NoWords,
}

/// With fewer words than this the agent alone is a call that found nobody…
const MONOLOGUE_TOKENS: usize = 60;
/// … and with fewer than this where the agent does not say that nobody is heard, and no machine speaks.
const MONOLOGUE_UNPROMPTED_TOKENS: usize = 24;
/// A marker in brackets has so many words at most; more are what a machine says.
const MARKER_WORDS: usize = 3;
/// Sides are called swapped from so many phrases on that only agents say.
const SWAPPED_HITS: usize = 2;

impl Doubt {
    /// For the scorecard and for the reason of what cannot be told.
    pub fn sentence(self, lang: Lang) -> &'static str {
        locale::doubt(self).pick(lang)
    }

    /// Looks at who says what agents say.
    pub(super) fn of(text: &TokenizedCall<'_>, hits: &Hits, parts: &Roles) -> Option<Self> {
        let mut n_tokens = [0usize; 2];
        for run in &text.runs {
            match run.speaker {
                Speaker::Agent => n_tokens[0] += run.tokens().len(),
                Speaker::Customer => n_tokens[1] += run.tokens().len(),
                Speaker::System => {}
            }
        }
        let mut n_agent_talk = [0usize; 2];
        for hit in roles::hits(hits, parts.agent_talk)
            .iter()
            .filter(|hit| !hit.loose)
        {
            match text.runs[hit.run as usize].speaker {
                Speaker::Agent => n_agent_talk[0] += 1,
                Speaker::Customer => n_agent_talk[1] += 1,
                Speaker::System => {}
            }
        }
        let prompts = [parts.cannot_hear, parts.speak_please];
        let prompted = prompts
            .iter()
            .any(|set| !roles::hits(hits, *set).is_empty());
        // An answering machine has a voice of its own.
        let machine = text.call.turns.iter().any(|turn| {
            let said = turn.text.trim_start_matches('[');
            let is_said = said.len() == turn.text.len()
                || said.split_whitespace().nth(MARKER_WORDS).is_some();
            turn.speaker == Speaker::System && said.starts_with(char::is_alphabetic) && is_said
        });
        let longest_monologue = if prompted || machine {
            MONOLOGUE_TOKENS
        } else {
            MONOLOGUE_UNPROMPTED_TOKENS
        };
        match n_tokens {
            [0, 0] => Some(Self::NoWords),
            [0, _] => Some(Self::OneSpeaker),
            [agent, 0] if agent >= longest_monologue => Some(Self::OneSpeaker),
            _ if n_agent_talk[1] >= SWAPPED_HITS && n_agent_talk[1] > 2 * n_agent_talk[0] => {
                Some(Self::Swapped)
            }
            _ => None,
        }
    }
}
