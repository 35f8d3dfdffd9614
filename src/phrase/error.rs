//! What can be wrong with a phrase.

use std::ops::Range;

use super::locale;
use crate::locale::Lang;

/// A phrase that cannot be used, with the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhraseError {
    /// Index into the sets given to [`Matcher::build`](super::Matcher::build).
    pub set: usize,
    /// The phrase is one of the set's exceptions.
    pub except: bool,
    /// Index among the phrases, or among the exceptions, of the set.
    pub phrase: usize,
    /// Bytes of the phrase.
    pub at: Range<usize>,
    /// What is wrong.
    pub kind: PhraseErrorKind,
}

/// What is wrong with a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the codes below say it")]
pub enum PhraseErrorKind {
    UnknownWord { word: String },
    UnknownSlot { slot: String, near: Option<String> },
    UnknownSet { id: String, near: Option<String> },
    Unclosed { bracket: char },
    Unopened { bracket: char },
    Empty,
    EdgeGap,
    Misplaced { mark: char },
    Cycle { id: String },
    DuplicateSet { id: String },
    TooLarge,
}

impl PhraseError {
    pub(super) fn new(at: Range<usize>, kind: PhraseErrorKind) -> Self {
        Self {
            set: 0,
            except: false,
            phrase: 0,
            at,
            kind,
        }
    }

    /// The stable code: `phrase/unknown-word`…
    pub fn code(&self) -> &'static str {
        match self.kind {
            PhraseErrorKind::UnknownWord { .. } => "phrase/unknown-word",
            PhraseErrorKind::UnknownSlot { .. } => "phrase/unknown-slot",
            PhraseErrorKind::UnknownSet { .. } => "phrase/unknown-set",
            PhraseErrorKind::Unclosed { .. } => "phrase/unclosed",
            PhraseErrorKind::Unopened { .. } => "phrase/unopened",
            PhraseErrorKind::Empty => "phrase/empty",
            PhraseErrorKind::EdgeGap => "phrase/edge-gap",
            PhraseErrorKind::Misplaced { .. } => "phrase/misplaced",
            PhraseErrorKind::Cycle { .. } => "phrase/cycle",
            PhraseErrorKind::DuplicateSet { .. } => "phrase/duplicate-set",
            PhraseErrorKind::TooLarge => "phrase/too-large",
        }
    }

    /// One sentence for people, and what to do next.
    pub fn message(&self, lang: Lang) -> String {
        locale::message(&self.kind, lang)
    }
}

/// The candidate that `wrong` may have been meant for: at most a third of its letters away.
pub(super) fn nearest<'a>(
    wrong: &str,
    candidates: impl Iterator<Item = &'a str>,
) -> Option<String> {
    let limit = (wrong.chars().count() / 3).clamp(1, 3);
    candidates
        .map(|candidate| (super::near::distance(wrong, candidate, limit), candidate))
        .filter_map(|(distance, candidate)| Some((distance?, candidate)))
        .min()
        .map(|(_, candidate)| candidate.to_owned())
}
