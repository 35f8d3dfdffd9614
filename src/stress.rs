//! A pack under stress: every example is changed in a known way, and its verdict has to change where it should and nowhere else.
//!
//! What came out otherwise is a *survivor*: a fault of the rule, of an example, or of etalon. Where it is none, the rule file says
//! why under `survives`; a reason that no survivor needs is found too.

mod mutate;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::audit::Auditor;
use crate::call::{Call, Speaker};
use crate::criteria::{Asks, Evidence, Judgement, Verdict, Zone, Zones};
use crate::examples::{Told, told};
use crate::locale::Lang;
use crate::pack::{Mutation, Pack, PackError};
use crate::timeline::Thresholds;

use mutate::{At, Mutant, Place, Toward};

/// What the verdict on a changed example should have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// This one.
    Verdict(Verdict),
    /// Not this one; where words count, not on the words of the example.
    Not(Verdict),
}

/// A changed example whose verdict is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survivor {
    /// Index of the criterion whose example it is.
    pub criterion: usize,
    /// Index of the criterion whose verdict it is; another one where the change broke what nobody touched.
    pub judged: usize,
    /// How the example was changed.
    pub mutation: Mutation,
    /// File of the criterion.
    pub path: String,
    /// Line from 1 where the example begins.
    pub line: u32,
    /// The turns of the changed call that matter, with their speakers.
    pub turns: Vec<(Speaker, String)>,
    /// What should have come out.
    pub wanted: Wanted,
    /// What came out.
    pub got: Verdict,
    /// The reason that came with it.
    pub reason: String,
    /// Why it is no fault, as the rule file says it.
    pub excused: Option<String>,
}

/// A reason under `survives` that nothing needs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unused {
    /// The file.
    pub path: String,
    /// Line from 1 of the example, or of `survives` of the criterion.
    pub line: u32,
    /// Index of the criterion.
    pub criterion: usize,
    /// What it should have survived.
    pub mutation: Mutation,
}

/// How often something was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Examples that were changed so.
    pub tried: usize,
    /// Survivors without a reason.
    pub survived: usize,
    /// Survivors with one.
    pub excused: usize,
}

/// What came of a pack.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stress {
    /// Examples that were changed; those that come out wrong as they are were left alone.
    pub examples: usize,
    /// By criterion, example and mutation; those with a reason too.
    pub survivors: Vec<Survivor>,
    /// By file and line.
    pub unused: Vec<Unused>,
    /// By criterion and mutation: what was tried at least once.
    pub tallies: BTreeMap<(usize, Mutation), Tally>,
}

impl Stress {
    /// No survivor without a reason, and no reason without a survivor.
    pub fn is_ok(&self) -> bool {
        self.unused.is_empty() && self.survivors.iter().all(|one| one.excused.is_some())
    }
}

/// Changes every example of the criteria that `asked` names, on so many threads.
///
/// # Errors
/// Files whose examples cannot be read.
pub fn run(
    pack: &Pack,
    asked: &(dyn Fn(usize) -> bool + Sync),
    threads: usize,
) -> Result<Stress, Vec<PackError>> {
    let told = told(pack)?;
    let trial = Trial {
        pack,
        bases: bases(pack, &told, threads),
    };
    let criteria: Vec<usize> = (0..pack.criteria().len())
        .filter(|&idx| asked(idx))
        .collect();
    let next = AtomicUsize::new(0);
    let found = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                let mut auditor = Auditor::new(std::slice::from_ref(pack), Lang::Ru);
                while let Some(&criterion) = criteria.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let own = trial.criterion(criterion, &mut auditor);
                    let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
                    found.insert(criterion, own);
                }
            });
        }
    });
    let found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut stress = Stress::default();
    for own in found.into_values() {
        stress.examples += own.examples;
        stress.survivors.extend(own.survivors);
        stress.tallies.extend(own.tallies);
    }
    excuse(pack, &told, &mut stress);
    // A criterion's reason may be needed in another one's examples.
    let all = criteria.len() == pack.criteria().len();
    stress.unused = unused(pack, &told, &stress, asked, all);
    Ok(stress)
}

/// An example as it is, before anything is changed.
struct Base<'t> {
    told: &'t Told,
    /// Of every criterion.
    verdicts: Vec<Verdict>,
    /// Words that its own criterion shows, in order.
    evidence: Vec<Place>,
}

/// What a criterion says of a changed call.
struct Seen {
    verdicts: Vec<Verdict>,
    reason: String,
    evidence: Vec<Place>,
}

fn see(auditor: &mut Auditor<'_>, call: &Call<'_>, criterion: usize) -> Seen {
    let mut seen = None;
    auditor.audit(call, "", None, &mut |card| {
        let judgement = &card.judgements[criterion];
        seen = Some(Seen {
            verdicts: card.judgements.iter().map(|one| one.verdict).collect(),
            reason: judgement.reason.to_string(),
            evidence: places(call, judgement),
        });
    });
    seen.expect("one pack gives one scorecard")
}

/// The words of a judgement; a whole turn stands for its words, a stretch of time for none.
fn places(call: &Call<'_>, judgement: &Judgement<'_>) -> Vec<Place> {
    let place = |evidence: &Evidence<'_>| {
        let turn = evidence.turn.filter(|_| evidence.time.is_none())?;
        let length = call.turns.get(turn as usize)?.text.len() as u32;
        let (from, to) = evidence.span.unwrap_or((0, length));
        (from < to).then_some((turn, from, to))
    };
    let mut places: Vec<Place> = judgement.evidence.iter().filter_map(place).collect();
    places.sort_unstable();
    places.dedup();
    places
}

/// The examples that come out right as they are.
fn bases<'t>(pack: &Pack, told: &'t [Told], threads: usize) -> Vec<Base<'t>> {
    let per_thread = told.len().div_ceil(threads.max(1)).max(1);
    let base = |auditor: &mut Auditor<'_>, told: &'t Told| {
        let seen = see(auditor, &told.call.call, told.criterion);
        (seen.verdicts[told.criterion] == told.example.verdict).then_some(Base {
            told,
            verdicts: seen.verdicts,
            evidence: seen.evidence,
        })
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = told
            .chunks(per_thread)
            .map(|chunk| {
                scope.spawn(move || {
                    let mut auditor = Auditor::new(std::slice::from_ref(pack), Lang::Ru);
                    let bases = chunk.iter().filter_map(|told| base(&mut auditor, told));
                    bases.collect::<Vec<_>>()
                })
            })
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| {
                worker
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
            .collect()
    })
}

struct Trial<'t> {
    pack: &'t Pack,
    bases: Vec<Base<'t>>,
}

/// What came of one criterion.
#[derive(Default)]
struct Own {
    examples: usize,
    survivors: Vec<Survivor>,
    tallies: BTreeMap<(usize, Mutation), Tally>,
}

impl Trial<'_> {
    fn criterion(&self, criterion: usize, auditor: &mut Auditor<'_>) -> Own {
        let own: Vec<&Base<'_>> = self
            .bases
            .iter()
            .filter(|base| base.told.criterion == criterion)
            .collect();
        let mut out = Own {
            examples: own.len(),
            ..Own::default()
        };
        let asks: Vec<Asks<'_>> = self.pack.criteria()[criterion].asks().collect();
        for base in &own {
            self.neutral(base, auditor, &mut out);
            self.slip(base, &asks, auditor, &mut out);
            self.lose(base, &asks, auditor, &mut out);
            self.swap(base, auditor, &mut out);
            self.shift(base, &asks, auditor, &mut out);
        }
        self.insert(&own, &asks, auditor, &mut out);
        self.supply(&own, &asks, auditor, &mut out);
        out.survivors
            .sort_by_key(|one| (one.line, one.mutation, one.judged));
        out
    }

    /// Changes that mean nothing: no verdict may change for the worse, and this one not at all.
    fn neutral(&self, base: &Base<'_>, auditor: &mut Auditor<'_>, out: &mut Own) {
        let call = &base.told.call.call;
        let own = base.told.criterion;
        let of = |mutation, mutants: Vec<Mutant>| {
            mutants.into_iter().map(move |mutant| (mutation, mutant))
        };
        let mutants = of(Mutation::Bare, mutate::bare(call).into_iter().collect())
            .chain(of(Mutation::Yo, mutate::yo(call).into_iter().collect()))
            .chain(of(Mutation::Split, mutate::split(call, &base.evidence)))
            .chain(of(Mutation::Filler, mutate::filler(call, &base.evidence)));
        for (mutation, mutant) in mutants {
            let seen = see(auditor, &mutant.call, own);
            out.tried(own, mutation);
            for (judged, (before, after)) in base.verdicts.iter().zip(&seen.verdicts).enumerate() {
                let worse = (Verdict::Pass, Verdict::Fail) == (*before, *after);
                if before == after || judged != own && !worse {
                    continue;
                }
                let mut survivor =
                    self.survivor(base, mutation, &mutant, &seen, Wanted::Verdict(*before));
                if judged != own {
                    survivor.judged = judged;
                    survivor.got = *after;
                    survivor.reason = String::new();
                }
                out.survivors.push(survivor);
            }
        }
    }

    /// What is forbidden counts only where it stands to the letter.
    fn slip(&self, base: &Base<'_>, asks: &[Asks<'_>], auditor: &mut Auditor<'_>, out: &mut Own) {
        let own = base.told.criterion;
        let forbids = asks.iter().all(|asks| matches!(asks, Asks::Unsaid(_)));
        if base.told.example.verdict != Verdict::Fail || !forbids {
            return;
        }
        let Some(mutant) = mutate::slip(&base.told.call.call, &base.evidence) else {
            return;
        };
        let seen = see(auditor, &mutant.call, own);
        out.tried(own, Mutation::Slip);
        if seen.verdicts[own] == Verdict::Fail && overlap(&seen.evidence, &mutant.places) {
            let wanted = Wanted::Not(Verdict::Fail);
            let survivor = self.survivor(base, Mutation::Slip, &mutant, &seen, wanted);
            out.survivors.push(survivor);
        }
    }

    /// Without the words on which it passed, and those on which it passes then, and so on, it does not pass. Nor does it fail
    /// without the words that are forbidden.
    fn lose(&self, base: &Base<'_>, asks: &[Asks<'_>], auditor: &mut Auditor<'_>, out: &mut Own) {
        const ROUNDS_MAX: usize = 20;
        let own = base.told.criterion;
        let verdict = base.told.example.verdict;
        let forbids = asks.iter().all(|asks| matches!(asks, Asks::Unsaid(_)));
        let rests_on_words = verdict == Verdict::Pass || verdict == Verdict::Fail && forbids;
        if !rests_on_words || base.evidence.is_empty() {
            return;
        }
        out.tried(own, Mutation::Drop);
        let mut call = base.told.call.call.clone();
        let mut evidence = base.evidence.clone();
        for _ in 0..ROUNDS_MAX {
            let Some(mutant) = mutate::drop_words(&call, &evidence) else {
                return;
            };
            let seen = see(auditor, &mutant.call, own);
            if seen.verdicts[own] != verdict {
                return;
            }
            if seen.evidence.is_empty() {
                let wanted = Wanted::Not(verdict);
                let survivor = self.survivor(base, Mutation::Drop, &mutant, &seen, wanted);
                out.survivors.push(survivor);
                return;
            }
            (call, evidence) = (mutant.call, seen.evidence);
        }
    }

    /// What one side said does not count for, or against, the other.
    fn swap(&self, base: &Base<'_>, auditor: &mut Auditor<'_>, out: &mut Own) {
        let verdict = base.told.example.verdict;
        if !matches!(verdict, Verdict::Pass | Verdict::Fail) || base.evidence.is_empty() {
            return;
        }
        let mutant = mutate::swap(&base.told.call.call);
        let seen = see(auditor, &mutant.call, base.told.criterion);
        out.tried(base.told.criterion, Mutation::Swap);
        if seen.verdicts[base.told.criterion] != verdict {
            return;
        }
        if seen
            .evidence
            .iter()
            .any(|place| base.evidence.contains(place))
        {
            let mutant = Mutant {
                places: seen.evidence.clone(),
                ..mutant
            };
            let wanted = Wanted::Not(verdict);
            let survivor = self.survivor(base, Mutation::Swap, &mutant, &seen, wanted);
            out.survivors.push(survivor);
        }
    }

    /// Outside their zone, or far from what they are said before or after, words do not count.
    fn shift(&self, base: &Base<'_>, asks: &[Asks<'_>], auditor: &mut Auditor<'_>, out: &mut Own) {
        if base.told.example.verdict != Verdict::Pass || base.evidence.is_empty() {
            return;
        }
        let call = &base.told.call.call;
        let line = self.pack.line_of(call);
        let thresholds = Thresholds::of(self.pack.parameters(), line);
        let n_between = 1 + thresholds.opening_turns.max(thresholds.closing_turns);
        let zones: Vec<&Zones> = asks.iter().filter_map(Asks::wanted_in).collect();
        let mutant = if asks.iter().all(|asks| *asks == Asks::Around) {
            mutate::move_words(call, &base.evidence, n_between)
        } else {
            away_from(&zones)
                .and_then(|toward| mutate::move_turns(call, &base.evidence, toward, n_between))
        };
        let Some(mutant) = mutant else { return };
        let seen = see(auditor, &mutant.call, base.told.criterion);
        out.tried(base.told.criterion, Mutation::Move);
        let passes = seen.verdicts[base.told.criterion] == Verdict::Pass;
        if passes && overlap(&seen.evidence, &mutant.places) {
            let wanted = Wanted::Not(Verdict::Pass);
            let survivor = self.survivor(base, Mutation::Move, &mutant, &seen, wanted);
            out.survivors.push(survivor);
        }
    }

    /// Where all is well, a forbidden wording makes a fault, and is shown as one.
    fn insert(
        &self,
        own: &[&Base<'_>],
        asks: &[Asks<'_>],
        auditor: &mut Auditor<'_>,
        out: &mut Own,
    ) {
        let zones: Vec<&Zones> = asks
            .iter()
            .filter_map(|asks| match asks {
                Asks::Unsaid(zones) => Some(*zones),
                _ => None,
            })
            .collect();
        let Some(zones) = zones.first() else { return };
        let wanted = Verdict::Fail;
        for (base, words) in pairs(own, Verdict::Pass, wanted) {
            let turns = turn_in(&base.told.call.call, zones);
            let turns: Vec<usize> = turns.into_iter().collect();
            let place = (&turns[..], zones.0.contains(&Zone::Anywhere));
            self.put_in(
                base,
                &words,
                place,
                (Mutation::Insert, wanted),
                auditor,
                out,
            );
        }
    }

    /// Where something is missing, a wording of the examples that keep the rule mends it.
    fn supply(
        &self,
        own: &[&Base<'_>],
        asks: &[Asks<'_>],
        auditor: &mut Auditor<'_>,
        out: &mut Own,
    ) {
        let [asks] = asks else { return };
        let wanted = Verdict::Pass;
        for (base, words) in pairs(own, Verdict::Fail, wanted) {
            let turns: Vec<usize> = match asks {
                Asks::Said(zones) => turn_in(&base.told.call.call, zones).into_iter().collect(),
                Asks::Around => {
                    let turns = base.evidence.iter().map(|place| place.0 as usize);
                    turns.collect::<BTreeSet<_>>().into_iter().collect()
                }
                Asks::Unsaid(_) | Asks::Order(_) | Asks::Other => return,
            };
            let anywhere = |zones: &Zones| zones.0.contains(&Zone::Anywhere);
            let place = (&turns[..], asks.wanted_in().is_some_and(anywhere));
            self.put_in(
                base,
                &words,
                place,
                (Mutation::Supply, wanted),
                auditor,
                out,
            );
        }
    }

    /// Puts words of one example into turns of another, at either end, or anywhere in a turn of their own, and looks whether the verdict becomes the wanted one. Words
    /// that were recognised do not stand among words that were written: both are laid bare then.
    fn put_in(
        &self,
        base: &Base<'_>,
        words: &str,
        (turns, anywhere): (&[usize], bool),
        (mutation, wanted): (Mutation, Verdict),
        auditor: &mut Auditor<'_>,
        out: &mut Own,
    ) {
        let own = base.told.criterion;
        let mut call = Cow::Borrowed(&base.told.call.call);
        let mut words = Cow::Borrowed(words);
        if mutate::is_bare(&call) || mutate::is_bare_text(&words) {
            words = Cow::Owned(mutate::bare_text(&words));
            if let Some(bare) = mutate::bare(&call) {
                if see(auditor, &bare.call, own).verdicts[own] != base.verdicts[own] {
                    return;
                }
                call = Cow::Owned(bare.call);
            }
        }
        let mut survivor = None;
        for at in [At::Beginning, At::End, At::Alone] {
            if at == At::Alone && !anywhere {
                break;
            }
            let Some(mutant) = mutate::put_in(&call, turns, &words, at) else {
                return;
            };
            let seen = see(auditor, &mutant.call, own);
            let shown = wanted == Verdict::Pass || overlap(&seen.evidence, &mutant.places);
            if seen.verdicts[own] == wanted && shown {
                out.tried(own, mutation);
                return;
            }
            let wanted = Wanted::Verdict(wanted);
            survivor.get_or_insert_with(|| self.survivor(base, mutation, &mutant, &seen, wanted));
        }
        out.tried(own, mutation);
        out.survivors.extend(survivor);
    }

    fn survivor(
        &self,
        base: &Base<'_>,
        mutation: Mutation,
        mutant: &Mutant,
        seen: &Seen,
        wanted: Wanted,
    ) -> Survivor {
        let criterion = base.told.criterion;
        // What was put in or moved, else what was changed.
        let places = mutant.places.iter().map(|place| place.0 as usize);
        let mut turns: BTreeSet<usize> = places.collect();
        if turns.is_empty() {
            let before = &base.told.call.call.turns;
            let changed = |idx: &usize| !before.contains(&mutant.call.turns[*idx]);
            turns = (0..mutant.call.turns.len()).filter(changed).collect();
        }
        let turns = turns
            .into_iter()
            .map(|idx| &mutant.call.turns[idx])
            .map(|turn| (turn.speaker, turn.text.clone().into_owned()));
        Survivor {
            criterion,
            judged: criterion,
            mutation,
            path: self.pack.homes()[criterion].path.clone(),
            line: base.told.line,
            turns: turns.collect(),
            wanted,
            got: seen.verdicts[criterion],
            reason: seen.reason.clone(),
            excused: None,
        }
    }
}

impl Own {
    fn tried(&mut self, criterion: usize, mutation: Mutation) {
        self.tallies.entry((criterion, mutation)).or_default().tried += 1;
    }
}

fn overlap(places: &[Place], others: &[Place]) -> bool {
    let meets = |a: &Place, b: &Place| a.0 == b.0 && a.1 < b.2 && b.1 < a.2;
    places
        .iter()
        .any(|place| others.iter().any(|other| meets(place, other)))
}

/// Where turns lie outside all of the zones; `None` where there is no such place, or no zone.
fn away_from(zones: &[&Zones]) -> Option<Toward> {
    let has = |zone: Zone| zones.iter().any(|zones| zones.0.contains(&zone));
    match (has(Zone::Opening), has(Zone::Closing), has(Zone::Anywhere)) {
        (_, _, true) | (false, false, false) => None,
        (true, false, false) => Some(Toward::End),
        (false, true, false) => Some(Toward::Beginning),
        (true, true, false) => Some(Toward::Middle),
    }
}

/// The agent's turn where words of the zone belong: the first of the opening, the last of the closing, else one of the middle.
fn turn_in(call: &Call<'_>, zones: &Zones) -> Option<usize> {
    let turns = || call.turns.iter().enumerate();
    let agents: Vec<usize> = turns()
        .filter(|(_, turn)| turn.speaker == Speaker::Agent && !turn.text.trim().is_empty())
        .map(|(idx, _)| idx)
        .collect();
    match zones.0.first() {
        Some(Zone::Opening) => agents.first().copied(),
        Some(Zone::Closing) => agents.last().copied(),
        _ => agents.get(agents.len() / 2).copied(),
    }
}

/// Examples of one verdict with sentences that hold the evidence of examples of the other one: calls of the same line, direction
/// and metadata, for those may ask for other words. Each of both is there at least once.
fn pairs<'b, 't>(
    own: &[&'b Base<'t>],
    verdict: Verdict,
    of: Verdict,
) -> Vec<(&'b Base<'t>, String)> {
    let key = |base: &Base<'_>| {
        let call = &base.told.call.call;
        let meta = serde_json::to_string(&call.meta).unwrap_or_default();
        let line = call.line.as_deref().unwrap_or_default().to_owned();
        let agent = call.agent.name.as_deref().unwrap_or_default().to_owned();
        (line, call.direction_or_default().name(), agent, meta)
    };
    let mut groups: BTreeMap<_, (Vec<&'b Base<'t>>, Vec<String>)> = BTreeMap::new();
    for &base in own {
        let group = groups.entry(key(base)).or_default();
        if base.told.example.verdict == verdict {
            group.0.push(base);
        } else if base.told.example.verdict == of {
            group.1.extend(wordings(base, of == Verdict::Pass));
        }
    }
    let mut all = Vec::new();
    for (bases, words) in groups.into_values() {
        let mut seen = BTreeSet::new();
        let words: Vec<String> = words
            .into_iter()
            .filter(|words| seen.insert(words.clone()))
            .collect();
        if bases.is_empty() || words.is_empty() {
            continue;
        }
        for n in 0..bases.len().max(words.len()) {
            all.push((bases[n % bases.len()], words[n % words.len()].clone()));
        }
    }
    all
}

/// The sentences of the agent that hold the evidence, a piece for each turn of theirs and what goes on in the next one; all in one
/// piece where they count together. None where it takes the customer's words too: elsewhere the agent's alone prove nothing.
fn wordings(base: &Base<'_>, together: bool) -> Vec<String> {
    let turns = &base.told.call.call.turns;
    let mut pieces: Vec<(u32, String)> = Vec::new();
    let spoken_by = |place: &Place| turns[place.0 as usize].speaker;
    if base
        .evidence
        .iter()
        .any(|place| spoken_by(place) == Speaker::Customer)
    {
        return Vec::new();
    }
    let places = base.evidence.iter();
    let agents = places.filter(|place| spoken_by(place) == Speaker::Agent);
    let agents: Vec<&Place> = agents.collect();
    for places in agents.chunk_by(|a, b| a.0 == b.0) {
        let turn = places[0].0;
        let text = &turns[turn as usize].text;
        let mut sentences: Vec<&str> = places
            .iter()
            .map(|place| mutate::sentence(text, place.1 as usize, place.2 as usize))
            .filter(|sentence| !sentence.is_empty())
            .collect();
        sentences.dedup();
        match pieces.last_mut() {
            Some((last, words)) if together || *last + 1 == turn => {
                for sentence in sentences {
                    words.push(' ');
                    words.push_str(sentence);
                }
                *last = turn;
            }
            _ if together => pieces.push((turn, sentences.join(". "))),
            _ => pieces.extend(sentences.iter().map(|one| (turn, (*one).to_owned()))),
        }
    }
    pieces.into_iter().map(|(_, words)| words).collect()
}

/// Gives survivors their reasons: the example's, or that of the criterion whose verdict it is.
fn excuse(pack: &Pack, told: &[Told], stress: &mut Stress) {
    for survivor in &mut stress.survivors {
        let example = example_of(told, survivor);
        let reasons = [
            example.and_then(|told| told.example.survives.get(&survivor.mutation)),
            pack.homes()[survivor.judged]
                .survives
                .get(&survivor.mutation),
        ];
        survivor.excused = reasons
            .into_iter()
            .flatten()
            .find(|reason| !reason.trim().is_empty())
            .cloned();
        let key = (survivor.criterion, survivor.mutation);
        let tally = stress.tallies.entry(key).or_default();
        match survivor.excused {
            Some(_) => tally.excused += 1,
            None => tally.survived += 1,
        }
    }
}

fn example_of<'t>(told: &'t [Told], survivor: &Survivor) -> Option<&'t Told> {
    told.iter()
        .find(|told| (told.criterion, told.line) == (survivor.criterion, survivor.line))
}

fn unused(
    pack: &Pack,
    told: &[Told],
    stress: &Stress,
    asked: &(dyn Fn(usize) -> bool + Sync),
    all: bool,
) -> Vec<Unused> {
    let mut used_examples = BTreeSet::new();
    let mut used_heads = BTreeSet::new();
    for survivor in &stress.survivors {
        let example = example_of(told, survivor);
        if let Some(told) =
            example.filter(|told| told.example.survives.contains_key(&survivor.mutation))
        {
            used_examples.insert((told.criterion, told.example.table, survivor.mutation));
        } else {
            used_heads.insert((survivor.judged, survivor.mutation));
        }
    }
    let mut unused = BTreeSet::new();
    for told in told.iter().filter(|told| asked(told.criterion)) {
        for &mutation in told.example.survives.keys() {
            if !used_examples.contains(&(told.criterion, told.example.table, mutation)) {
                unused.insert(Unused {
                    path: pack.homes()[told.criterion].path.clone(),
                    line: told.example.table,
                    criterion: told.criterion,
                    mutation,
                });
            }
        }
    }
    for (criterion, home) in pack.homes().iter().enumerate().filter(|_| all) {
        for &mutation in home.survives.keys() {
            if !used_heads.contains(&(criterion, mutation)) {
                let mut lines = home.head.lines().zip(1..);
                let line = lines.find(|(line, _)| line.trim_start().starts_with("survives"));
                unused.insert(Unused {
                    path: home.path.clone(),
                    line: line.map_or(1, |(_, line)| line),
                    criterion,
                    mutation,
                });
            }
        }
    }
    unused.into_iter().collect()
}
