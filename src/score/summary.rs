//! Many scorecards -> totals by criterion and by agent.
//!
//! Its size depends on the number of criteria and agents, never on the number of calls.

use std::collections::BTreeMap;

use crate::criteria::Verdict;

use super::Scorecard;

/// Totals of a run, one entry a pack in the order of the packs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// One a pack.
    pub packs: Vec<PackSummary>,
    /// Calls that could not be read.
    pub errors: u64,
    /// Calls that were scored, each counted once however many packs it was held against.
    pub calls: u64,
}

/// Totals of one pack.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PackSummary {
    /// All calls.
    pub mean: Mean,
    /// Scorecards on whose call as a whole doubt was cast.
    pub doubtful: u64,
    /// One a criterion, in the pack's order.
    pub criteria: Vec<Tally>,
    /// By the agent's id, else name; the empty key holds calls that name nobody.
    pub agents: BTreeMap<String, AgentSummary>,
}

/// How often a criterion had each outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Met.
    pub pass: u64,
    /// Broken.
    pub fail: u64,
    /// Did not apply.
    pub na: u64,
    /// Could not be told.
    pub unknown: u64,
}

impl Tally {
    /// Counts one outcome.
    pub fn add(&mut self, verdict: Verdict) {
        // Without a jump: which it is nobody can guess.
        self.pass += u64::from(verdict == Verdict::Pass);
        self.fail += u64::from(verdict == Verdict::Fail);
        self.na += u64::from(verdict == Verdict::Na);
        self.unknown += u64::from(verdict == Verdict::Unknown);
    }

    /// Calls that it was decided for.
    pub fn applied(&self) -> u64 {
        self.pass + self.fail
    }

    /// Broken / decided; `None` where it was never decided.
    pub fn fault_share(&self) -> Option<f64> {
        (self.applied() > 0).then(|| self.fail as f64 / self.applied() as f64)
    }
}

/// A mean of scores, exact to a millionth of a point in whatever order scores are added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mean {
    /// Scorecards, with or without a score.
    pub calls: u64,
    scored: u64,
    millionths: i128,
}

impl Mean {
    /// Adds a scorecard; one without a score (nothing was possible) counts as a call only.
    pub fn add(&mut self, score: Option<f64>) {
        self.calls += 1;
        if let Some(score) = score {
            self.scored += 1;
            self.millionths += (score * 1e6).round() as i128;
        }
    }

    fn merge(&mut self, other: &Self) {
        self.calls += other.calls;
        self.scored += other.scored;
        self.millionths += other.millionths;
    }

    /// The mean, `0.0..=100.0`; `None` where no call has a score.
    pub fn value(&self) -> Option<f64> {
        (self.scored > 0).then(|| self.millionths as f64 / 1e6 / self.scored as f64)
    }
}

/// Totals of one agent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AgentSummary {
    /// As the first of the calls that has it says; may be empty.
    pub name: String,
    /// Likewise.
    pub group: String,
    /// The agent's calls.
    pub mean: Mean,
    /// Faults by criterion, in the pack's order.
    pub fails: Vec<u64>,
}

impl PackSummary {
    /// The agents with those that some calls name by id and others only by name as one: where exactly one id has the name, and
    /// the groups, as far as both are given, are one. Which file named the agent how does not matter then.
    pub fn agents_joined(&self) -> BTreeMap<String, AgentSummary> {
        let mut joined = self.agents.clone();
        for (name, by_name) in self
            .agents
            .iter()
            .filter(|(key, a)| !key.is_empty() && **key == a.name)
        {
            let group_fits = |a: &AgentSummary| {
                [&a.group, &by_name.group].iter().any(|g| g.is_empty()) || a.group == by_name.group
            };
            let mut same = self
                .agents
                .iter()
                .filter(|(key, a)| *key != name && a.name == *name && group_fits(a));
            let (Some((key, _)), None) = (same.next(), same.next()) else {
                continue;
            };
            let from = joined.remove(name);
            if let (Some(agent), Some(from)) = (joined.get_mut(key), from) {
                agent.merge(&from);
            }
        }
        joined
    }
}

impl AgentSummary {
    fn merge(&mut self, from: &Self) {
        for (to, from) in [(&mut self.name, &from.name), (&mut self.group, &from.group)] {
            if to.is_empty() {
                to.clone_from(from);
            }
        }
        self.mean.merge(&from.mean);
        grow(&mut self.fails, from.fails.len());
        for (n, more) in self.fails.iter_mut().zip(&from.fails) {
            *n += more;
        }
    }
}

/// What a summary takes from one scorecard.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome<'a> {
    /// The agent's id, else name, else empty.
    pub agent: &'a str,
    /// May be empty.
    pub name: &'a str,
    /// May be empty.
    pub group: &'a str,
    /// The card's score.
    pub score: Option<f64>,
    /// Whether doubt was cast on the call as a whole.
    pub doubtful: bool,
}

impl<'a> Outcome<'a> {
    /// Of a scorecard.
    pub fn of(card: &Scorecard<'a>) -> Self {
        let agent = &card.call.agent;
        let name = agent.name.as_deref().unwrap_or("");
        Self {
            agent: agent.id.as_deref().unwrap_or(name),
            name,
            group: agent.group.as_deref().unwrap_or(""),
            score: card.score,
            doubtful: !card.doubts.is_empty(),
        }
    }
}

impl Summary {
    /// Nothing yet, for `n_packs` packs.
    pub fn new(n_packs: usize) -> Self {
        Self {
            packs: vec![PackSummary::default(); n_packs],
            ..Self::default()
        }
    }

    /// Adds the scorecard of the pack at `pack_idx`; the call itself is counted by the caller in [`Summary::calls`].
    pub fn add_card(&mut self, pack_idx: usize, card: &Scorecard<'_>) {
        self.add(
            pack_idx,
            Outcome::of(card),
            card.judgements.iter().map(|judgement| judgement.verdict),
        );
    }

    /// Adds an outcome with its verdicts in the pack's order; a pack index out of range is a bug of the caller and is ignored.
    pub fn add(
        &mut self,
        pack_idx: usize,
        outcome: Outcome<'_>,
        verdicts: impl Iterator<Item = Verdict>,
    ) {
        let Some(pack) = self.packs.get_mut(pack_idx) else {
            return;
        };
        pack.mean.add(outcome.score);
        pack.doubtful += u64::from(outcome.doubtful);
        let mut new = AgentSummary::default();
        let known = pack.agents.get_mut(outcome.agent);
        let is_new = known.is_none();
        let agent = known.unwrap_or(&mut new);
        for (to, from) in [
            (&mut agent.name, outcome.name),
            (&mut agent.group, outcome.group),
        ] {
            if to.is_empty() && !from.is_empty() {
                from.clone_into(to);
            }
        }
        agent.mean.add(outcome.score);
        for (idx, verdict) in verdicts.enumerate() {
            if pack.criteria.len() <= idx {
                pack.criteria.push(Tally::default());
            }
            pack.criteria[idx].add(verdict);
            if agent.fails.len() <= idx {
                agent.fails.push(0);
            }
            agent.fails[idx] += u64::from(verdict == Verdict::Fail);
        }
        if is_new {
            pack.agents.insert(outcome.agent.to_owned(), new);
        }
    }

    /// Adds the totals of another run over the same packs; names of agents known here stay.
    pub fn merge(&mut self, other: &Self) {
        self.errors += other.errors;
        self.calls += other.calls;
        for (pack, from) in self.packs.iter_mut().zip(&other.packs) {
            pack.mean.merge(&from.mean);
            pack.doubtful += from.doubtful;
            grow(&mut pack.criteria, from.criteria.len());
            for (tally, from) in pack.criteria.iter_mut().zip(&from.criteria) {
                tally.pass += from.pass;
                tally.fail += from.fail;
                tally.na += from.na;
                tally.unknown += from.unknown;
            }
            for (key, from) in &from.agents {
                pack.agents.entry(key.clone()).or_default().merge(from);
            }
        }
    }
}

fn grow<T: Clone + Default>(items: &mut Vec<T>, len: usize) {
    if items.len() < len {
        items.resize(len, T::default());
    }
}
