//! Phrase sets, written the way a standard writes them -> hits in the words of a call.
//!
//! What the notation means is stated once, in `docs/rules.md`, "Phrase notation".

mod compile;
mod error;
mod find;
mod forms;
mod guess;
mod locale;
mod loss;
mod near;
mod parse;
mod slots;
mod walk;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

pub use error::{PhraseError, PhraseErrorKind};
pub use find::MatcherCache;
pub use guess::{Guesser, Wild};
pub use loss::{Part, Parts};
pub(crate) use near::distance;
pub use parse::{Leaf, Node, Owner, Phrase, Slot, example_text, parse};

use crate::lexicon::Lexicon;
use crate::text::Spellings;

/// In whose words a set is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AskedOf {
    /// In either side's.
    #[default]
    Both,
    /// In the agent's only.
    Agent,
    /// In the customer's only.
    Customer,
    /// In nobody's: other sets have it as a part of their phrases.
    Nobody,
}

impl AskedOf {
    fn agent(self) -> bool {
        matches!(self, Self::Both | Self::Agent)
    }

    fn customer(self) -> bool {
        matches!(self, Self::Both | Self::Customer)
    }
}

/// A set of phrases as a pack writes it.
#[derive(Debug, Clone, Default)]
pub struct SetSource<'a> {
    /// Unique within the pack.
    pub id: &'a str,
    /// The wordings.
    pub phrases: Vec<&'a str>,
    /// Longer phrases inside which a hit does not count.
    pub except: Vec<&'a str>,
    /// No loose matching.
    pub exact: bool,
    /// In whose words it is asked for: it is not looked for in the other side's.
    pub asked_of: AskedOf,
    /// Asked for only beside something that other sets tell, such as a hold: [`Matcher::find_first`] leaves it for
    /// [`Matcher::find_later`]. What cannot be looked for apart, because it is a part of a set that is needed at once or has such a one
    /// among its phrases, is not left.
    pub later: bool,
}

/// A set of a [`Matcher`]: its index among the sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SetId(pub u32);

/// All phrase sets of a pack, ready to be found. Shared by all threads; each brings its own [`MatcherCache`].
#[derive(Debug)]
pub struct Matcher {
    forms: Arc<forms::FormTable>,
    automaton: compile::Automaton,
    sets: Vec<MatcherSet>,
    ids: BTreeMap<String, SetId>,
}

#[derive(Debug)]
struct MatcherSet {
    id: String,
    phrases: Vec<String>,
}

impl MatcherSet {
    fn of(source: &SetSource<'_>) -> Self {
        Self {
            id: source.id.to_owned(),
            phrases: source
                .phrases
                .iter()
                .map(|&phrase| phrase.to_owned())
                .collect(),
        }
    }
}

impl Matcher {
    /// Compiles a pack's sets. `declared` are the pack's own words with their forms; they come before the dictionary's.
    ///
    /// # Errors
    /// Everything that is wrong, in order of the sets and phrases.
    pub fn build(
        sets: &[SetSource<'_>],
        declared: &BTreeMap<String, Vec<String>>,
        lexicon: &Lexicon,
    ) -> Result<Self, Vec<PhraseError>> {
        compile::build(sets, declared, lexicon)
    }

    /// Words to be read otherwise than they are divided: `glued` are two words written without the space between them, `split` one
    /// word written with a space inside. To be told before any text is read with [`Matcher::spellings`].
    pub fn with_divisions(
        mut self,
        glued: &[(String, String)],
        split: &[(String, String)],
    ) -> Self {
        if let Some(forms) = Arc::get_mut(&mut self.forms) {
            for (first, second) in glued {
                forms.add_parts(first, second);
            }
            for (head, tail) in split {
                forms.add_split(head, tail);
            }
        }
        self
    }

    /// Spoken words with what they stand for in writing («чё», «что»): a spoken word is found wherever the written one is looked for. One word
    /// may stand for several. To be told before any text is read.
    pub fn with_spoken(mut self, spoken: &[(String, String)]) -> Self {
        if let Some(forms) = Arc::get_mut(&mut self.forms) {
            for (word, written) in spoken {
                forms.add_spoken(word, written);
            }
        }
        self
    }

    /// The set with this id.
    pub fn set(&self, id: &str) -> Option<SetId> {
        self.ids.get(id).copied()
    }

    /// How many sets there are.
    pub fn n_sets(&self) -> usize {
        self.sets.len()
    }

    /// The id of a set.
    ///
    /// # Panics
    /// When the set is another matcher's.
    pub fn set_name(&self, set: SetId) -> &str {
        &self.sets[set.0 as usize].id
    }

    /// How many phrases the set has.
    ///
    /// # Panics
    /// When the set is another matcher's.
    pub fn n_phrases(&self, set: SetId) -> usize {
        self.sets[set.0 as usize].phrases.len()
    }

    /// A phrase as it was written.
    ///
    /// # Panics
    /// When there is no such phrase.
    pub fn phrase_text(&self, set: SetId, phrase: u16) -> &str {
        &self.sets[set.0 as usize].phrases[usize::from(phrase)]
    }

    /// One plain wording of a phrase, its sets put in.
    ///
    /// # Panics
    /// When there is no such phrase.
    pub fn example_text(&self, set: SetId, phrase: u16) -> String {
        let wording = |id: &str| Some(self.example_text(self.set(id)?, 0));
        parse(self.phrase_text(set, phrase))
            .map_or_else(|_| String::new(), |phrase| example_text(&phrase, &wording))
    }

    /// The words that the phrases are made of, for the tokeniser.
    pub fn spellings(&self) -> Arc<dyn Spellings> {
        self.forms.clone()
    }
}

/// A phrase found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Which set.
    pub set: SetId,
    /// Which of its phrases.
    pub phrase: u16,
    /// Index into `TokenizedCall::runs`.
    pub run: u32,
    /// Indices into `TokenizedCall::tokens`; never empty.
    pub tokens: Range<u32>,
    /// Some word was matched loosely: a letter is wrong. What forbids must not count it.
    pub loose: bool,
    /// Whose name the first name slot asks for, and the tokens that it took. A slot that asks for a certain owner comes before one that takes any name.
    pub name: Option<(Owner, Range<u32>)>,
}

impl Hit {
    /// Its tokens as indices.
    pub fn tokens(&self) -> Range<usize> {
        self.tokens.start as usize..self.tokens.end as usize
    }
}

/// All hits in a call. Its memory is used again by the next [`Matcher::find`].
#[derive(Debug, Default)]
pub struct Hits {
    by_set: Vec<Vec<Hit>>,
    /// Sets that have hits.
    found: Vec<u32>,
}

impl Hits {
    /// No hits.
    pub fn new() -> Self {
        Self::default()
    }

    /// The hits of a set in text order; none overlaps another.
    pub fn of(&self, set: SetId) -> &[Hit] {
        self.by_set.get(set.0 as usize).map_or(&[], Vec::as_slice)
    }

    /// Whether some hit begins before one of these tokens, which are in order, and goes on at it.
    pub(crate) fn go_over(&self, tokens: &[usize]) -> bool {
        let goes_over = |hit: &Hit| {
            let hit = hit.tokens();
            let next = tokens.partition_point(|token| *token <= hit.start);
            tokens.get(next).is_some_and(|token| *token < hit.end)
        };
        let hits = self
            .found
            .iter()
            .flat_map(|set| &self.by_set[*set as usize]);
        hits.into_iter().any(goes_over)
    }

    /// Lets go of the hits that do not pass.
    pub(crate) fn retain(&mut self, keep: impl Fn(&Hit) -> bool) {
        for set in &self.found {
            self.by_set[*set as usize].retain(&keep);
        }
    }

    fn clear(&mut self, n_sets: usize) {
        for set in self.found.drain(..) {
            self.by_set[set as usize].clear();
        }
        self.by_set.resize_with(n_sets, Vec::new);
    }

    fn push(&mut self, hit: Hit) {
        let set = hit.set.0;
        let hits = &mut self.by_set[set as usize];
        if hits.is_empty() {
            self.found.push(set);
        }
        hits.push(hit);
    }

    /// Adds the hits of runs that are also in another call, elsewhere. By run of that call: its number in this one, and its first token there
    /// and here.
    fn add_moved(
        &mut self,
        others: &Hits,
        is_wanted: impl Fn(u32) -> bool,
        moved: &[Option<(u32, u32, u32)>],
    ) {
        for &set in others.found.iter().filter(|set| is_wanted(**set)) {
            let hits = &mut self.by_set[set as usize];
            let (n_own, was_empty) = (hits.len(), hits.is_empty());
            for hit in &others.by_set[set as usize] {
                let Some((run, from, to)) = moved[hit.run as usize] else {
                    continue;
                };
                let moved = |tokens: &Range<u32>| tokens.start - from + to..tokens.end - from + to;
                hits.push(Hit {
                    run,
                    tokens: moved(&hit.tokens),
                    name: hit.name.as_ref().map(|(owner, name)| (*owner, moved(name))),
                    ..*hit
                });
            }
            if n_own > 0 {
                hits.sort_unstable_by_key(|hit| hit.tokens.start);
            }
            if was_empty && !hits.is_empty() {
                self.found.push(set);
            }
        }
    }

    /// Adds the loose hits that overlap none of their set; of those that overlap one another the leftmost.
    fn add_loose(&mut self, loose: &mut Vec<Hit>) {
        for hit in loose.drain(..) {
            let hits = &self.by_set[hit.set.0 as usize];
            let at = hits.partition_point(|other| other.tokens.end <= hit.tokens.start);
            if hits
                .get(at)
                .is_none_or(|next| hit.tokens.end <= next.tokens.start)
            {
                if at == hits.len() {
                    self.push(hit);
                } else {
                    self.by_set[hit.set.0 as usize].insert(at, hit);
                }
            }
        }
    }
}
