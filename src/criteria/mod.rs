//! Timeline -> verdicts: the kinds of check, one file each.
//!
//! A kind is a table of a rule file: its `serde` struct is what a pack writes, [`Kind::judge`] what it means. Adding one takes
//! its file and a line in [`kinds!`].

mod address;
mod again;
mod bound;
mod condition;
mod context;
mod each;
mod explain;
mod heard;
mod introduced;
mod limit;
mod locale;
mod near;
mod order;
mod said;
mod say;
mod unsaid;
mod verdict;
mod zone;

use std::borrow::Cow;
use std::fmt::Debug;
use std::ops::Range;

use serde::Deserialize;
use smallvec::SmallVec;

use crate::call::Speaker;
use crate::phrase::SetId;
use toml::Spanned;

pub use bound::Bound;
pub use condition::Condition;
pub use context::Context;
pub use each::runs_beside;
pub use explain::MissedAt;
pub(crate) use heard::{guessed_at, settle};
pub use near::{AROUND_SLOT, Near, NearMiss, Note, WORDS_SLOT};
pub use say::{Say, SaySource};
pub use verdict::{Evidence, Judgement, Reason, Verdict};
pub use zone::{Zone, Zones};

/// A kind of check.
pub trait Kind: CloneKind + Debug + Send + Sync {
    /// The phrase sets it uses, each with the exceptions that hold for phrases written in place.
    fn says(&mut self) -> Vec<(&mut Say, &[Spanned<String>])> {
        Vec::new()
    }

    /// The numbers it uses.
    fn bounds(&self) -> Vec<&Bound> {
        Vec::new()
    }

    /// What comes near, where the kind has it.
    fn near(&self) -> Option<&Near> {
        None
    }

    /// Whose words it looks at.
    fn speaker(&self) -> Speaker {
        Speaker::Agent
    }

    /// Words of the other side that it looks for.
    fn other_side(&self) -> Vec<(Speaker, &Say)> {
        Vec::new()
    }

    /// Whether it asks for words beside holds only, see [`runs_beside`].
    fn asks_beside_holds(&self) -> bool {
        false
    }

    /// Whether it is lost when nobody knows who spoke.
    fn needs_speakers(&self) -> bool {
        true
    }

    /// What is missing when this fails because something is not said, and where it would stand. Empty where a fault is no lack
    /// of words.
    fn would_stand(&self, _context: &Context<'_, '_>) -> Vec<Missing> {
        Vec::new()
    }

    /// The words of the call that leave a fault in doubt, one for each thing that is missing.
    fn in_doubt(&self, _context: &Context<'_, '_>) -> Option<Vec<Range<usize>>> {
        None
    }

    /// Whether what is missing when this fails may have been said in a part of the call that the record does not have.
    fn may_be_cut(&self, _context: &Context<'_, '_>) -> bool {
        false
    }

    /// What it asks of the agent's words, for who tries a pack.
    fn asks(&self) -> Asks<'_> {
        Asks::Other
    }

    /// Whether it may be kept by words of the agent of which only this is known; `true` where that does not tell.
    fn may_pass(&self, _gist: &Gist<'_>) -> bool {
        true
    }

    /// The verdict on a call.
    fn judge<'p>(&'p self, context: &Context<'_, 'p>) -> Judgement<'p>;
}

/// A copy of a check whose kind is not known; every kind that is `Clone` has it.
pub trait CloneKind {
    /// A copy.
    fn boxed(&self) -> Box<dyn Kind>;
}

impl<K: Kind + Clone + 'static> CloneKind for K {
    fn boxed(&self) -> Box<dyn Kind> {
        Box::new(self.clone())
    }
}

impl Clone for Box<dyn Kind> {
    fn clone(&self) -> Self {
        (**self).boxed()
    }
}

/// What is known of some words of the agent before they are judged by themselves.
pub struct Gist<'g> {
    /// Whether a set is said in them.
    pub says: &'g dyn Fn(SetId) -> bool,
    /// Somebody may introduce themselves in them: a frame for it or a first name is there.
    pub may_introduce: bool,
}

/// Something that a criterion misses: any of these would do.
#[derive(Debug, Clone, Default)]
pub struct Missing {
    /// The runs in which it could be.
    pub runs: Vec<usize>,
    /// A phrase of one of these.
    pub sets: Vec<SetId>,
    /// Any word, in these runs.
    pub any_word: Vec<usize>,
    /// A name like this.
    pub names: Vec<String>,
    /// An exception of the set that covers these tokens.
    pub around: Option<(SetId, std::ops::Range<usize>)>,
}

/// What a kind of check asks of the agent's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks<'k> {
    /// That something is said in the zones.
    Said(&'k Zones),
    /// The same, and more than a wording alone can give.
    Order(&'k Zones),
    /// That something is not said in the zones.
    Unsaid(&'k Zones),
    /// That something is said before or after an event.
    Around,
    /// Something else, or of somebody else.
    Other,
}

impl<'k> Asks<'k> {
    /// Where the words have to be said, if they have to be.
    pub fn wanted_in(&self) -> Option<&'k Zones> {
        match self {
            Self::Said(zones) | Self::Order(zones) => Some(zones),
            Self::Unsaid(_) | Self::Around | Self::Other => None,
        }
    }
}

macro_rules! kinds {
    ($($name:ident: $kind:ty,)+) => {
        #[derive(Deserialize)]
        struct Tables {
            $(#[serde(default)] $name: Option<$kind>,)+
        }

        impl From<Tables> for Checks {
            fn from(tables: Tables) -> Self {
                let mut checks = Self::default();
                $(checks.0.extend(tables.$name.map(|kind| Box::new(kind) as Box<dyn Kind>));)+
                checks
            }
        }

        impl Checks {
            /// The names of the tables.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($name)),+];
        }
    };
}

/// The tables of checks in a rule file or a variant; all that are there have to be met. Mostly there is one.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(from = "Tables")]
pub struct Checks(SmallVec<[Box<dyn Kind>; 1]>);

impl Checks {
    fn each(&self) -> impl Iterator<Item = &dyn Kind> {
        self.0.iter().map(|kind| &**kind)
    }

    fn each_mut(&mut self) -> impl Iterator<Item = &mut dyn Kind> {
        self.0.iter_mut().map(|kind| &mut **kind as &mut dyn Kind)
    }
}

kinds! {
    said: said::Said,
    unsaid: unsaid::Unsaid,
    each: each::Each,
    order: order::Order,
    introduced: introduced::Introduced,
    address: address::Address,
    limit: limit::Limit,
}

/// One way to check a criterion, for the calls that its conditions name.
#[derive(Debug, Clone)]
pub struct Variant {
    /// Any of these; none means every call.
    pub when: Vec<Condition>,
    /// Why a fault is one; the criterion's own reason unless given.
    pub reason: Option<String>,
    /// What is checked.
    pub checks: Checks,
}

/// A criterion as the engine runs it.
#[derive(Debug, Clone)]
pub struct Criterion {
    /// It applies when any of these holds; none means always.
    pub when: Vec<Condition>,
    /// It does not apply when any of these holds.
    pub unless: Vec<Condition>,
    /// A fault does not count when any of these holds.
    pub excuse: Vec<Condition>,
    /// A fault cannot be told when any of these holds.
    pub doubt: Vec<Condition>,
    /// The first that fits the call is the check.
    pub variants: Vec<Variant>,
    /// Why a fault is one.
    pub reason: Option<String>,
    /// What to say or do.
    pub advice: Option<String>,
}

/// The name of the set, where it is not phrases written in place.
fn set_name(say: &Say) -> Option<String> {
    match &say.source {
        SaySource::Named(name) => Some(name.clone()),
        SaySource::Phrases(_) => None,
    }
}

impl Criterion {
    /// Every phrase set that it names, with the exceptions for phrases written in place.
    pub fn says(&mut self) -> Vec<(&mut Say, &[Spanned<String>])> {
        let mut all: Vec<(&mut Say, &[Spanned<String>])> = Vec::new();
        for condition in self
            .when
            .iter_mut()
            .chain(&mut self.unless)
            .chain(&mut self.excuse)
            .chain(&mut self.doubt)
        {
            all.extend(condition.says().into_iter().map(|say| (say, [].as_slice())));
        }
        for variant in &mut self.variants {
            for condition in &mut variant.when {
                all.extend(condition.says().into_iter().map(|say| (say, [].as_slice())));
            }
            for kind in variant.checks.each_mut() {
                all.extend(kind.says());
            }
        }
        all
    }

    /// The names of the sets of which it asks what the customer says.
    pub fn customer_sets(&mut self) -> Vec<String> {
        let mut names = Vec::new();
        for variant in &mut self.variants {
            for kind in variant.checks.each_mut() {
                if kind.speaker() == Speaker::Customer {
                    names.extend(kind.says().into_iter().filter_map(|(say, _)| set_name(say)));
                }
                let other = kind.other_side().into_iter();
                let other = other.filter(|(speaker, _)| *speaker == Speaker::Customer);
                names.extend(other.filter_map(|(_, say)| set_name(say)));
                let near = kind.near().into_iter().flat_map(Near::customer_says);
                names.extend(near.filter_map(set_name));
            }
        }
        let said = self
            .conditions()
            .filter_map(|condition| condition.customer_said.as_deref());
        names.extend(said.filter_map(set_name));
        names
    }

    /// The names of the sets of which it asks what the agent says.
    pub fn agent_sets(&mut self) -> Vec<String> {
        let mut names = Vec::new();
        for variant in &mut self.variants {
            for kind in variant.checks.each_mut() {
                // Who looks at a customer's words tells that only the agent said it.
                let of_customer: Vec<_> = match kind.speaker() {
                    Speaker::Agent => {
                        let other = kind.other_side().into_iter().map(|(_, say)| say);
                        let near = kind.near().into_iter().flat_map(Near::customer_says);
                        other.chain(near).map(|say| say.at.clone()).collect()
                    }
                    _ => Vec::new(),
                };
                let says = kind.says().into_iter();
                let says = says.filter(|(say, _)| !of_customer.contains(&say.at));
                names.extend(says.filter_map(|(say, _)| set_name(say)));
            }
        }
        let conditions = self.conditions();
        let said = conditions.flat_map(|condition| [&condition.said, &condition.answering]);
        names.extend(said.flatten().filter_map(|say| set_name(say)));
        names
    }

    /// The names of the sets that it asks for elsewhere than [beside holds](runs_beside).
    pub fn sets_elsewhere(&mut self) -> Vec<String> {
        let mut beside = Vec::new();
        for variant in &mut self.variants {
            for kind in variant.checks.each_mut() {
                if kind.asks_beside_holds() {
                    beside.extend(kind.says().into_iter().map(|(say, _)| say.at.clone()));
                }
            }
        }
        let all = self.says().into_iter();
        let elsewhere = all.filter(|(say, _)| !beside.contains(&say.at));
        elsewhere.filter_map(|(say, _)| set_name(say)).collect()
    }

    /// Whether it may be kept by words of the agent of which only this is known.
    pub fn may_pass(&self, gist: &Gist<'_>) -> bool {
        let mut variants = self.variants.iter();
        variants.any(|variant| variant.checks.each().all(|kind| kind.may_pass(gist)))
    }

    /// Every near miss that it knows.
    pub fn near_misses(&self) -> impl Iterator<Item = &NearMiss> {
        let kinds = self
            .variants
            .iter()
            .flat_map(|variant| variant.checks.each());
        kinds
            .filter_map(|kind| kind.near())
            .flat_map(|near| &near.0)
    }

    /// Every number that it uses.
    pub fn bounds(&self) -> Vec<&Bound> {
        self.variants
            .iter()
            .flat_map(|variant| variant.checks.each())
            .flat_map(|kind| kind.bounds())
            .collect()
    }

    /// What each of its checks asks of the agent's words.
    pub fn asks(&self) -> impl Iterator<Item = Asks<'_>> {
        self.variants
            .iter()
            .flat_map(|variant| variant.checks.each())
            .map(|kind| kind.asks())
    }

    /// Every condition, of its variants too.
    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        let variants = self.variants.iter().flat_map(|variant| &variant.when);
        self.when
            .iter()
            .chain(&self.unless)
            .chain(&self.excuse)
            .chain(&self.doubt)
            .chain(variants)
    }

    /// The verdict on a call.
    pub fn judge<'p>(&'p self, context: &Context<'_, 'p>) -> Judgement<'p> {
        let context = &context.of_criterion(self.advice.as_deref(), &self.when, &self.excuse);
        if let Some(doubt) = context.timeline.doubt
            && self
                .variants
                .iter()
                .flat_map(|variant| variant.checks.each())
                .any(|kind| kind.needs_speakers())
        {
            // What the metadata rule out stays ruled out; the rest hangs on who spoke.
            if !self.when.is_empty()
                && !self
                    .when
                    .iter()
                    .any(|condition| condition.holds_by_metadata(context))
            {
                return Judgement::na(self.when[0].reason_missing(context));
            }
            return Judgement::unknown(doubt.sentence(context.lang));
        }
        let cut = || Judgement::unknown(locale::CUT_FACT.pick(context.lang));
        if !self.when.is_empty() && !self.when.iter().any(|condition| condition.holds(context)) {
            if self.when.iter().any(|when| when.may_hold(context)) {
                return cut();
            }
            return Judgement::na(self.when[0].reason_missing(context));
        }
        if let Some(condition) = self
            .unless
            .iter()
            .find(|condition| condition.holds(context))
        {
            if condition.is_doubtful(context) {
                return cut();
            }
            return Judgement::na(condition.reason_held(context));
        }
        let Some(variant) = self.variant(context) else {
            return Judgement::na(locale::OTHER_CALL.pick(context.lang));
        };
        let mut judgement = all_of(variant.checks.each().map(|kind| kind.judge(context)));
        if judgement.verdict != Verdict::Fail && !judgement.soft {
            return judgement;
        }
        if let Some(condition) = self
            .excuse
            .iter()
            .find(|condition| condition.holds(context))
        {
            if condition.is_doubtful(context) {
                return cut();
            }
            return Judgement::na(condition.reason_held(context));
        }
        if judgement.verdict != Verdict::Fail {
            return judgement;
        }
        if context.timeline.gaps.any() {
            let failed = |kind: &&dyn Kind| kind.judge(context).verdict == Verdict::Fail;
            let mut failed = variant.checks.each().filter(failed);
            if failed.all(|kind| kind.may_be_cut(context)) {
                return Judgement::unknown(locale::MAY_BE_CUT.pick(context.lang));
            }
        }
        if context.heard.is_some() {
            let failed: Vec<&dyn Kind> = variant
                .checks
                .each()
                .filter(|kind| kind.judge(context).verdict == Verdict::Fail)
                .collect();
            if let Some(unknown) = heard::may_be_there(context, &failed) {
                return unknown;
            }
        }
        if let Some(reason) = variant.reason.as_deref().or(self.reason.as_deref()) {
            judgement.reason.sentence = Cow::Borrowed(reason);
        }
        judgement
    }

    /// What is checked in this call.
    fn variant(&self, context: &Context<'_, '_>) -> Option<&Variant> {
        self.variants.iter().find(|variant| {
            let mut when = variant.when.iter();
            variant.when.is_empty() || when.any(|condition| condition.holds(context))
        })
    }

    /// What a fault becomes where it cannot be told after all: the words that would excuse it, or meet the criterion, may have been said.
    pub fn in_doubt<'p>(&'p self, context: &Context<'_, 'p>) -> Option<Judgement<'p>> {
        let context = &context.of_criterion(self.advice.as_deref(), &self.when, &self.excuse);
        if let Some(doubt) = self.doubt.iter().find(|doubt| doubt.holds(context)) {
            return Some(doubt.in_doubt(context));
        }
        let checks = &self.variant(context)?.checks;
        // Mostly no check has any such words, and whether it failed is dearer to ask.
        checks.each().find_map(|kind| kind.in_doubt(context))?;
        let failed = |kind: &&dyn Kind| kind.judge(context).verdict == Verdict::Fail;
        let words = checks
            .each()
            .filter(failed)
            .map(|kind| kind.in_doubt(context));
        let words: Vec<_> = words.collect::<Option<Vec<_>>>()?.concat();
        let in_doubt = || Judgement::in_doubt(context, locale::IN_DOUBT.pick(context.lang), &words);
        (!words.is_empty()).then(in_doubt)
    }
}

/// All have to be met: a fault outweighs what cannot be told, and that outweighs what does not apply.
fn all_of<'p>(judgements: impl Iterator<Item = Judgement<'p>>) -> Judgement<'p> {
    let mut whole: Option<Judgement<'p>> = None;
    for next in judgements {
        let Some(so_far) = &mut whole else {
            whole = Some(next);
            continue;
        };
        let weight = |verdict| match verdict {
            Verdict::Fail => 3,
            Verdict::Unknown => 2,
            Verdict::Na => 1,
            Verdict::Pass => 0,
        };
        match weight(next.verdict).cmp(&weight(so_far.verdict)) {
            std::cmp::Ordering::Greater => *so_far = next,
            std::cmp::Ordering::Equal => {
                so_far.evidence.extend(next.evidence);
                // The same words may come near to one check and break the other.
                let detail = &mut so_far.reason.detail;
                if !detail.contains(&next.reason.detail) {
                    detail.push_str("; ");
                    detail.push_str(&next.reason.detail);
                }
            }
            std::cmp::Ordering::Less => {}
        }
    }
    whole.unwrap_or_else(|| Judgement::pass(Vec::new()))
}
