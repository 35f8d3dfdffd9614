//! What the record of a call does not have: a beginning, an end, something in the midst.

use super::{Fact, MarkerKind, Roles, roles};
use crate::call::Speaker;
use crate::phrase::Hits;
use crate::text::TokenizedCall;

/// Where words of the call are missing in its transcript.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Gaps {
    /// Before the first words.
    pub before: bool,
    /// Between words.
    pub midst: bool,
    /// Behind the last words.
    pub after: bool,
}

impl Gaps {
    /// As markers say, or as the agent's first words show: whoever thanks for a wait or goes on with an answer before any greeting
    /// or name was in the midst of a talk.
    pub(super) fn of(
        text: &TokenizedCall<'_>,
        hits: &Hits,
        parts: &Roles,
        markers: &[MarkerKind],
        in_opening: impl Fn(usize) -> bool,
    ) -> Self {
        let mut gaps = Self::default();
        let kinds = text.markers.iter().zip(markers);
        for (marker, _) in kinds.filter(|(_, kind)| **kind == MarkerKind::Cut) {
            match marker.before_token as usize {
                0 => gaps.before = true,
                token if token == text.tokens.len() => gaps.after = true,
                _ => gaps.midst = true,
            }
        }
        let under_way = roles::hits(hits, parts.under_way);
        let starts = under_way.iter().any(|hit| {
            hit.tokens().start == 0 && text.runs[hit.run as usize].speaker == Speaker::Agent
        });
        if starts {
            let greets = [parts.greeting, parts.introduces].into_iter().any(|set| {
                let mut said = roles::hits(hits, set).iter();
                said.any(|hit| in_opening(hit.run as usize))
            });
            gaps.before |= !greets;
        }
        gaps
    }

    /// Anything is missing anywhere.
    pub fn any(self) -> bool {
        self.before || self.midst || self.after
    }

    /// Whether a fact of the words that are there may be none of the call.
    pub fn doubts(self, fact: Fact) -> bool {
        use Fact::{CustomerIntroduced, IntroducedUnasked, NamedFromStart};
        self.before
            && matches!(
                fact,
                CustomerIntroduced | IntroducedUnasked | NamedFromStart
            )
    }
}

/// The connection broke: nothing is said behind a marker that tells so.
pub(super) fn dropped(text: &TokenizedCall<'_>, markers: &[MarkerKind]) -> bool {
    let mut kinds = text.markers.iter().zip(markers);
    kinds.any(|(marker, kind)| {
        *kind == MarkerKind::Dropped && marker.before_token as usize == text.tokens.len()
    })
}
