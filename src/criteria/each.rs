//! `[each]`: before or after every hold, transfer or promise something is said.

use serde::de::{Deserialize, Deserializer};
use toml::Spanned;

use super::{Asks, Context, Evidence, Judgement, Kind, Say, SaySource, locale};
use crate::call::Speaker;
use crate::phrase::SetId;
use crate::text::norm;
use crate::timeline::QuoteReach;

/// See `docs/rules.md`.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Each {
    of: Of,
    #[serde(rename = "where")]
    place: Place,
    say: Option<Say>,
    #[serde(default)]
    all: Vec<Say>,
    #[serde(default)]
    except: Vec<Spanned<String>>,
    /// The first turn after a hold may also begin with one of these words.
    #[serde(default)]
    first_words: Vec<String>,
    /// A first turn after a hold that is only this is passed over.
    skip: Option<Say>,
    #[serde(default)]
    enough: Enough,
}

#[derive(Debug, Clone)]
enum Of {
    Hold,
    Rehold,
    Transfer,
    /// Words of the agent.
    Words(Say),
}

impl<'de> Deserialize<'de> for Of {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let say = Say::deserialize(deserializer)?;
        Ok(match &say.source {
            SaySource::Named(name) if name == "hold" => Self::Hold,
            SaySource::Named(name) if name == "rehold" => Self::Rehold,
            SaySource::Named(name) if name == "transfer" => Self::Transfer,
            _ => Self::Words(say),
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
enum Place {
    Before,
    FirstTurnAfter,
    Around,
    Reply,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
enum Enough {
    #[default]
    All,
    One,
}

/// One of what is looked at: where the words have to be, and where to point when they are missing.
struct Item {
    runs: Vec<usize>,
    point: Vec<usize>,
    /// Met without words.
    met: bool,
}

impl Kind for Each {
    fn says(&mut self) -> Vec<(&mut Say, &[Spanned<String>])> {
        let except = self.except.as_slice();
        let of = match &mut self.of {
            Of::Words(say) => Some(say),
            _ => None,
        };
        let all = self
            .say
            .iter_mut()
            .chain(&mut self.all)
            .chain(&mut self.skip)
            .chain(of);
        all.map(|say| (say, except)).collect()
    }

    fn asks(&self) -> Asks<'_> {
        match self.place {
            Place::Reply => Asks::Other,
            Place::Before | Place::FirstTurnAfter | Place::Around => Asks::Around,
        }
    }

    fn judge<'p>(&'p self, context: &Context<'_, 'p>) -> Judgement<'p> {
        let items = match &self.of {
            Of::Hold => self.holds(context),
            Of::Rehold => reholds(context),
            Of::Transfer => self.transfers(context),
            Of::Words(say) => words(context, say.set),
        };
        let items = match items {
            Ok(items) => items,
            Err(nothing) => return Judgement::na(nothing.pick(context.lang)),
        };
        let mut kept = Vec::new();
        let mut broken: Vec<Evidence<'p>> = Vec::new();
        let mut n_kept = 0;
        for item in &items {
            if self.is_met(context, item, &mut kept) {
                n_kept += 1;
            } else {
                broken.extend(
                    item.point
                        .iter()
                        .map(|run| context.run_evidence(*run))
                        .flat_map(|e| e.into_iter().take(1)),
                );
            }
        }
        let enough = match self.enough {
            Enough::All => n_kept == items.len(),
            Enough::One => n_kept > 0,
        };
        if enough {
            return Judgement::pass(kept);
        }
        broken.dedup();
        Judgement::fail(locale::NOT_EACH.pick(context.lang), broken)
    }
}

impl Each {
    fn holds(&self, context: &Context<'_, '_>) -> Result<Vec<Item>, crate::locale::Text> {
        let timeline = context.timeline;
        let mut items = Vec::new();
        for (i, hold) in timeline.holds.iter().enumerate() {
            if self.place == Place::Before {
                let previous_back = i.checked_sub(1).and_then(|i| timeline.holds[i].back);
                let request = hold.request;
                // The turn that asks, and the one before it, unless that lies before an earlier hold.
                let earlier = request.and_then(|request| {
                    timeline
                        .agent_runs
                        .iter()
                        .copied()
                        .rfind(|run| *run < request)
                });
                let earlier = earlier.filter(|run| previous_back.is_none_or(|back| *run >= back));
                items.push(Item {
                    runs: earlier.into_iter().chain(request).collect(),
                    point: request.into_iter().collect(),
                    met: false,
                });
                continue;
            }
            // The call ended on hold: nobody came back to say anything.
            let Some(back) = hold.back else { continue };
            let only = |run: usize| {
                self.skip
                    .as_ref()
                    .is_some_and(|skip| context.is_only(run, skip.set))
            };
            let mut runs = vec![back];
            let next = timeline.agent_runs.iter().copied().find(|run| *run > back);
            runs.extend(next.filter(|_| only(back)));
            items.push(Item {
                point: runs.clone(),
                runs,
                met: false,
            });
        }
        if items.is_empty() {
            Err(locale::NO_HOLD)
        } else {
            Ok(items)
        }
    }

    fn transfers(&self, context: &Context<'_, '_>) -> Result<Vec<Item>, crate::locale::Text> {
        let timeline = context.timeline;
        let mut items = Vec::new();
        for transfer in &timeline.transfers {
            let point: Vec<usize> = transfer.run.into_iter().collect();
            if self.place == Place::Reply {
                if transfer.noticed {
                    items.push(Item {
                        runs: Vec::new(),
                        point,
                        met: transfer.answered,
                    });
                }
                continue;
            }
            let earlier = transfer.run.and_then(|run| {
                timeline
                    .agent_runs
                    .iter()
                    .copied()
                    .rfind(|earlier| *earlier < run)
            });
            items.push(Item {
                runs: earlier.into_iter().chain(transfer.run).collect(),
                point,
                met: false,
            });
        }
        if items.is_empty() {
            Err(locale::NO_TRANSFER)
        } else {
            Ok(items)
        }
    }

    fn is_met<'p>(
        &'p self,
        context: &Context<'_, 'p>,
        item: &Item,
        kept: &mut Vec<Evidence<'p>>,
    ) -> bool {
        if item.met {
            return true;
        }
        if self.says_nothing() {
            return false;
        }
        let before = kept.len();
        let mut all = true;
        for say in self.say.iter().chain(&self.all) {
            let hits = context.timeline.said_by(say.set, Speaker::Agent);
            let hit = hits
                .rev()
                .find(|hit| item.runs.contains(&(hit.run as usize)));
            match hit {
                Some(hit) => context.cite(hit, None, kept),
                None => all = false,
            }
        }
        if all {
            return true;
        }
        kept.truncate(before);
        for run in &item.runs {
            let first = context.timeline.text.runs[*run]
                .tokens()
                .find(|token| !context.is_filler(*token));
            if let Some(token) = first
                && self
                    .first_words
                    .iter()
                    .any(|word| norm(word) == context.norm(token))
            {
                context.cite_tokens(token..token + 1, None, kept);
                return true;
            }
        }
        false
    }

    fn says_nothing(&self) -> bool {
        self.say.is_none() && self.all.is_empty()
    }
}

/// Holds that were asked for in the first turn after another one.
fn reholds(context: &Context<'_, '_>) -> Result<Vec<Item>, crate::locale::Text> {
    let holds = &context.timeline.holds;
    let chained = holds
        .windows(2)
        .filter(|pair| pair[0].back.is_some() && pair[0].back == pair[1].request);
    let items: Vec<Item> = chained
        .filter_map(|pair| pair[1].request)
        .map(|run| Item {
            runs: vec![run],
            point: vec![run],
            met: false,
        })
        .collect();
    if items.is_empty() {
        Err(locale::NO_REHOLD)
    } else {
        Ok(items)
    }
}

/// Words of the agent, with what the agent says around them.
fn words(context: &Context<'_, '_>, set: SetId) -> Result<Vec<Item>, crate::locale::Text> {
    let agent_runs = &context.timeline.agent_runs;
    let mut items: Vec<Item> = Vec::new();
    for hit in context
        .timeline
        .said_by(set, Speaker::Agent)
        .filter(|hit| !context.timeline.is_quoted(hit, QuoteReach::Short))
    {
        let run = hit.run as usize;
        let at = agent_runs.partition_point(|other| *other < run);
        let until = (at + 3).min(agent_runs.len());
        items.push(Item {
            runs: agent_runs[at..until].to_vec(),
            point: vec![run],
            met: false,
        });
    }
    if items.is_empty() {
        Err(locale::NO_OCCASION)
    } else {
        Ok(items)
    }
}
