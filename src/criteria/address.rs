//! `[address]`: how the agent addresses the customer.

use std::sync::LazyLock;

use serde::Deserialize;
use toml::Spanned;

use super::{Asks, Bound, Context, Judgement, Kind, Say, Zones, locale};
use crate::call::Speaker;
use crate::timeline::NameForm;
use crate::timeline::QuoteReach;

/// See `docs/rules.md`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Address {
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
        Judgement::fail(locale::TOO_FEW.pick(context.lang), evidence)
    }

    fn label<'p>(&'p self, context: &Context<'_, 'p>) -> Judgement<'p> {
        let mut evidence = Vec::new();
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
            }
        }
        if evidence.is_empty() {
            Judgement::pass(evidence)
        } else {
            Judgement::fail(locale::SAID.pick(context.lang), evidence)
        }
    }
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
        return Judgement::na(locale::NO_NAME_GIVEN.pick(context.lang));
    }
    let mut evidence = Vec::new();
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
    Judgement::fail(locale::WRONG_FORM.pick(context.lang), evidence)
}
