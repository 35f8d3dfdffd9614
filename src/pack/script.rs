//! What a pack says about templates: the words of `rules/common/script.toml`, and a criterion's `[script]`.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

/// What a criterion can say about a template, from its rule file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScriptRule {
    /// Where it is looked at.
    pub kind: ScriptKind,
    /// Of which passage; see [`ScriptWords::passage`].
    #[serde(default)]
    pub of: Option<Spanned<String>>,
    /// Also missed in a whole script that has no such passage.
    #[serde(default)]
    pub required: bool,
    /// Wrong word -> right word or phrase in the same form, which may be put in without a look at what stands around; see
    /// [`Lexicon::exchange`](crate::lexicon::Lexicon::exchange).
    #[serde(default)]
    pub replace: BTreeMap<String, String>,
    /// The same for what somebody should look at. `*` stands for all that was found.
    #[serde(default)]
    pub reword: BTreeMap<String, String>,
}

/// See [`ScriptRule`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScriptKind {
    /// Every occurrence in the agent's speech is a finding.
    Anywhere,
    /// A passage that plainly is one lacks it.
    Passage,
    /// A whole script lacks it on some path.
    Whole,
}

/// `rules/common/script.toml`: what words in a template make a label, a heading, a condition, a slot.
///
/// The entries of lists are patterns: words in lower case with `е` for `ё`; `word*` is any word that begins so, `a|b` one of
/// two words, `…` up to three other words.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ScriptWords {
    /// What stands before the colon of a turn.
    pub labels: Labels,
    /// What titles a list of right and wrong wordings.
    pub lists: Lists,
    /// What a column of a table is headed with.
    pub columns: Columns,
    /// Headings that name the agent's part, besides those of the passages.
    pub headings: Headings,
    /// What governs a quotation inside instructions.
    pub quotes: Quotes,
    /// What opens a branch.
    pub branches: Branches,
    /// What slots mean.
    pub slots: Slots,
    /// Passages by their id.
    pub passage: BTreeMap<String, PassageWords>,
    /// What a customer of no account says where a call needs one; it names [`Slots::values`]'s customer.
    pub customer_says: String,
}

/// See [`ScriptWords`].
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Labels {
    /// The agent's.
    pub agent: Vec<String>,
    /// The customer's.
    pub customer: Vec<String>,
    /// Somebody else's, such as a machine's.
    pub other: Vec<String>,
    /// Not words of anybody: a remark for the agent.
    pub note: Vec<String>,
}

/// See [`ScriptWords`].
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Lists {
    /// Anywhere in a short title: what follows must not be said.
    pub forbidden: Vec<String>,
    /// The whole title: what follows must not be said.
    pub forbidden_whole: Vec<String>,
    /// The whole title: what follows is to be said.
    pub allowed: Vec<String>,
    /// Signs before a wrong wording.
    pub forbidden_signs: Vec<String>,
    /// Signs before a right one.
    pub allowed_signs: Vec<String>,
}

/// See [`ScriptWords`]. Looked for at the beginning of a header, in this order.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Columns {
    /// Wrong wordings, anywhere in the header.
    pub forbidden: Vec<String>,
    /// The customer's words although the header begins like one of the agent's.
    pub customer_first: Vec<String>,
    /// The agent's words.
    pub agent: Vec<String>,
    /// The customer's words.
    pub customer: Vec<String>,
    /// Who speaks in the row; all of the header.
    pub who: Vec<String>,
    /// What that one says.
    pub said: Vec<String>,
}

/// See [`ScriptWords`].
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Headings {
    /// The whole heading.
    pub agent: Vec<String>,
    /// The whole heading; the customer's part.
    pub customer: Vec<String>,
    /// What may stand before a heading, as its numbers may.
    pub ordinal: Vec<String>,
}

/// See [`ScriptWords`]. Of several the one nearest before the quotation governs it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Quotes {
    /// The agent is told to say it.
    pub say: Vec<String>,
    /// The same as an infinitive: behind a prohibition it goes on with it.
    pub say_infinitive: Vec<String>,
    /// What is said, as a noun: governs where nothing else does.
    pub say_noun: Vec<String>,
    /// The agent must not say it.
    pub prohibit: Vec<String>,
    /// Forbids what stands right behind it and nothing further.
    pub prohibit_next: Vec<String>,
    /// The same over a word or two.
    pub prohibit_near: Vec<String>,
    /// Behind the quotation: it must not be said.
    pub prohibit_behind: Vec<String>,
    /// The customer says it.
    pub customer: Vec<String>,
    /// Right before the quotation: it is a name.
    pub name: Vec<String>,
    /// Right before a short quotation: it is a name.
    pub name_behind: Vec<String>,
    /// It is written rather than said.
    pub written: Vec<String>,
    /// Somebody says it: the party that the sentence named last.
    pub says: Vec<String>,
    /// The agent as a party of a sentence.
    pub agent_party: Vec<String>,
    /// The customer as a party of a sentence.
    pub customer_party: Vec<String>,
    /// Goes on with what a prohibition governs, behind a comma.
    pub goes_on: Vec<String>,
}

/// See [`ScriptWords`].
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Branches {
    /// The last word of a condition that leads to the customer's own words in quotation marks.
    pub says: Vec<String>,
    /// The first words of a condition.
    pub opens: Vec<String>,
    /// A whole condition without such words: an answer.
    pub answers: Vec<String>,
}

/// See [`ScriptWords`].
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Slots {
    /// Words of a slot that make it the customer's.
    pub of_customer: Vec<String>,
    /// Meanings in the order in which they are tried, with the words that tell them.
    pub meanings: Vec<SlotMeaning>,
    /// Meaning -> what stands for the slot when it is judged.
    pub values: BTreeMap<String, String>,
    /// Behind these words a slot without words is a name.
    pub name_behind: Vec<String>,
    /// Right behind these words a name is the customer's.
    pub customer_behind: Vec<String>,
    /// Behind these words a time is a length of time.
    pub term_behind: Vec<String>,
    /// Before these words a slot is a bare number.
    pub units: Vec<String>,
}

/// See [`Slots`].
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlotMeaning {
    /// `name`, `full_name`, `surname`, `time`, `term`, `date`, `sum`, `number`.
    pub means: String,
    /// Any of these.
    pub words: Vec<String>,
}

/// How a passage is found, and what call it is put into.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PassageWords {
    /// The phrase set whose words make a passage of this kind.
    pub trigger: String,
    /// A hit of the trigger inside a hit of this set is none …
    #[serde(default)]
    pub not_within: Option<String>,
    /// … where one of these stands beside it, too; always where none is named.
    #[serde(default)]
    pub within_beside: Vec<String>,
    /// Beside a hit of these the words make none.
    #[serde(default)]
    pub not_beside: Vec<String>,
    /// Headings, from their first word.
    #[serde(default)]
    pub headings: Vec<String>,
    /// Headings that look so and are none.
    #[serde(default)]
    pub not_headings: Vec<String>,
    /// How it stands in a call.
    pub stands: Stands,
}

impl PassageWords {
    /// The phrase sets that it names.
    pub fn sets(&self) -> impl Iterator<Item = &str> {
        let lists = [&self.within_beside, &self.not_beside];
        let one = [Some(&self.trigger), self.not_within.as_ref()];
        let one = one.into_iter().flatten();
        one.chain(lists.into_iter().flatten()).map(String::as_str)
    }
}

/// Where in a call a passage stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stands {
    /// At the beginning.
    First,
    /// At the end, behind words of the customer.
    Last,
    /// Before a wait on the line.
    BeforeHold,
    /// In the middle.
    Middle,
}
