//! `[address]`: how the agent addresses the customer.

use std::sync::LazyLock;

use serde::Deserialize;
use toml::Spanned;

use super::{Asks, Bound, Context, Judgement, Kind, Missing, Say, Zones, locale};
use crate::call::Speaker;
use crate::timeline::NameForm;
use crate::timeline::QuoteReach;

/// See `docs/rules.md`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Address {
    check: Check,
    /// `uses`: how often at least.
    at_least: Option<Bound>,
    /// `label`: what must not stand for a name.
    labels: Option<Say>,
    #[serde(default)]
    except: Vec<Spanned<String>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Check {
    Uses,
    Form,
    Label,
}

/// An address has no zone.
static EVERYWHERE: LazyLock<Zones> = LazyLock::new(Zones::default);

impl Kind for Address {
    fn says(&mut self) -> Vec<(&mut Say, &[Spanned<String>])> {
        let except = self.except.as_slice();
        self.labels.iter_mut().map(|say| (say, except)).collect()
    }

    fn bounds(&self) -> Vec<&Bound> {
        self.at_least.iter().collect()
    }

    fn would_stand(&self, context: &Context<'_, '_>) -> Vec<Missing> {
        if self.check != Check::Uses {
            return Vec::new();
        }
        let introductions = context.timeline.naming.introductions.iter();
        let own = introductions.filter(|one| one.speaker == Speaker::Customer);
        let used = context.timeline.naming.addresses.iter();
        let words = own.clone().flat_map(|one| one.tokens.clone());
        let words = words.chain(used.flat_map(|one| one.tokens.clone()));
        let names = words.map(|token| context.norm(token).to_owned()).collect();
        // Half of the name may be badly heard where the customer gives it.
        let beside = own.filter(|one| {
            let before = one.tokens.start.checked_sub(1);
            let beside = before.into_iter().chain([one.tokens.end]);
            let n_tokens = context.timeline.text.tokens.len();
            beside
                .filter(|token| *token < n_tokens)
                .any(|token| context.is_badly_heard(token))
        });
        let any_word: Vec<usize> = beside.map(|one| one.run).collect();
        let mut runs = context.timeline.agent_runs.clone();
        runs.extend(&any_word);
        vec![Missing {
            runs,
            names,
            any_word,
            ..Missing::default()
        }]
    }

    fn may_be_cut(&self, context: &Context<'_, '_>) -> bool {
        match self.check {
            Check::Uses => context.timeline.gaps.any(),
            Check::Form => context.timeline.gaps.before,
            Check::Label => false,
        }
    }

    fn asks(&self) -> Asks<'_> {
        match self.check {
            Check::Label => Asks::Unsaid(&EVERYWHERE),
            Check::Uses | Check::Form => Asks::Other,
        }
    }

    fn judge<'p>(&'p self, context: &Context<'_, 'p>) -> Judgement<'p> {
        match self.check {
            Check::Uses => self.uses(context),
            Check::Form => form(context),
            Check::Label => self.label(context),
        }
    }
}

impl Address {
    fn uses<'p>(&'p self, context: &Context<'_, 'p>) -> Judgement<'p> {
        let wanted = self
            .at_least
            .as_ref()
            .map_or(1.0, |bound| context.number(bound)) as usize;
        let mut evidence = Vec::new();
        let addresses = &context.timeline.naming.addresses;
        for address in addresses.iter().take(wanted.max(2)) {
            context.cite_tokens(address.tokens.clone(), None, &mut evidence);
        }
        if addresses.len() >= wanted {
            return Judgement::pass(evidence);
        }
        let lang = context.lang;
        let all: Vec<_> = addresses.iter().map(|one| one.tokens.clone()).collect();
        let mut detail = match addresses.len() {
            0 => locale::NO_NAME_USED.pick(lang).to_owned(),
            n => format!(
                "{}, {}",
                locale::too_few(lang, n, wanted),
                context.quote_each(&all)
            ),
        };
        let mut tell = |sentence: String| {
            detail.push_str("; ");
            detail.push_str(&sentence);
        };
        if let Some(name) = given(context).filter(|_| addresses.is_empty()) {
            tell(locale::name_given(lang, &name));
        }
        let mentions = context.timeline.part(context.timeline.roles.name_mention);
        let mention = mentions.iter().find(|hit| {
            context.timeline.text.runs[hit.run as usize].speaker == Speaker::Agent
                && all
                    .iter()
                    .all(|own| own.end <= hit.tokens().start || hit.tokens().end <= own.start)
        });
        if let Some(mention) = mention {
            context.cite(mention, None, &mut evidence);
            tell(locale::name_talked_about(
                lang,
                &context.quote(mention.tokens()),
            ));
        }
        evidence.sort_by_key(|one| (one.turn, one.span));
        Judgement::fail(locale::TOO_FEW.pick(lang), evidence).with_detail(detail)
    }

    fn label<'p>(&'p self, context: &Context<'_, 'p>) -> Judgement<'p> {
        let mut evidence = Vec::new();
        let mut said = Vec::new();
        for hit in self
            .labels
            .iter()
            .flat_map(|say| context.timeline.said_by(say.set, Speaker::Agent))
        {
            if !hit.loose
                && !context.timeline.is_quoted(hit, QuoteReach::Long)
                && context.timeline.label_is_address(hit)
            {
                context.cite(hit, context.advice.map(Into::into), &mut evidence);
                said.push(hit.tokens());
            }
        }
        if evidence.is_empty() {
            return Judgement::pass(evidence);
        }
        let mut detail = context.quote_each(&said);
        if let Some(name) = given(context) {
            detail = format!("{detail}, {}", locale::name_given(context.lang, &name));
        }
        Judgement::fail(locale::SAID.pick(context.lang), evidence).with_detail(detail)
    }
}

/// The name that the customer gave, in the words of the call.
fn given(context: &Context<'_, '_>) -> Option<String> {
    let introductions = &context.timeline.naming.introductions;
    let own = introductions
        .iter()
        .find(|introduction| introduction.speaker == Speaker::Customer)?;
    Some(context.quote(own.tokens.clone()))
}

fn form<'p>(context: &Context<'_, 'p>) -> Judgement<'p> {
    let addresses = &context.timeline.naming.addresses;
    if addresses.is_empty() {
        return Judgement::na(locale::NO_ADDRESS.pick(context.lang));
    }
    if addresses
        .iter()
        .all(|address| address.form == NameForm::NotGiven)
    {
        if context.timeline.gaps.before {
            return Judgement::unknown(locale::CUT_FACT.pick(context.lang));
        }
        return Judgement::na(locale::NO_NAME_GIVEN.pick(context.lang));
    }
    let mut evidence = Vec::new();
    let mut wrong = Vec::new();
    for address in addresses {
        if matches!(
            address.form,
            NameForm::Short | NameForm::Surname | NameForm::Other
        ) {
            context.cite_tokens(
                address.tokens.clone(),
                context.advice.map(Into::into),
                &mut evidence,
            );
            wrong.push(address.tokens.clone());
        }
    }
    if evidence.is_empty() {
        let first = addresses
            .iter()
            .find(|address| address.form == NameForm::Given);
        if let Some(address) = first {
            context.cite_tokens(address.tokens.clone(), None, &mut evidence);
        }
        return Judgement::pass(evidence);
    }
    let said = locale::said(context.lang, &context.quote_each(&wrong));
    let detail = match given(context) {
        Some(name) => format!("{}, {said}", locale::name_given(context.lang, &name)),
        None => said,
    };
    Judgement::fail(locale::WRONG_FORM.pick(context.lang), evidence).with_detail(detail)
}
