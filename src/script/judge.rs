//! Speech -> diagnostics: what a template says is put before the pack's criteria as small calls.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use toml::Spanned;

use super::fix::{self, Exchange};
use super::front::Kind;
use super::problem::Problem;
use super::speech::{self, Group, Piece, Speech, Unit};
use super::words::{Words, first_words};
use super::{Diagnostic, Linted, Options, Script, Severity, locale};
use crate::call::{Call, Direction, Event, EventKind, Millis, Speaker, TimeSpan, Turn};
use crate::criteria::{Context, Gist, Judgement, Verdict};
use crate::lexicon::Lexicon;
use crate::pack::{Pack, ScriptKind, ScriptRule, Stands};
use crate::phrase::{Hit, Hits, MatcherCache, SetId};
use crate::text::{self, Buffers, Marker, Run, Token, TokenizedCall, Vocabulary};
use crate::timeline::{NameCache, Thresholds, Timeline};

/// So many paths through the branches of a script are looked at.
const PATHS_MAX: usize = 64;
/// So many ways through the choices of one passage.
const CHOICES_MAX: usize = 16;

/// Holds templates against one pack. One per thread: what it learns of words is used for the next template.
#[derive(Debug)]
pub struct Linter<'p> {
    pack: &'p Pack,
    words: Words,
    /// For every passage of `script.toml`: its sets.
    triggers: Vec<Trigger>,
    /// The sets that a whole script is asked for.
    asked: Vec<SetId>,
    /// The criteria that are looked for anywhere.
    anywhere: Vec<usize>,
    /// For every passage of `script.toml`: the criteria that it is asked for.
    of_passage: Vec<Vec<usize>>,
    /// The sets that these name.
    named: Vec<SetId>,
    vocabulary: Vocabulary,
    cache: MatcherCache,
    names: NameCache,
    hits: Hits,
    buffers: Buffers,
    /// The call of the passage in hand.
    talk: Talk,
    everything: Everything,
    /// What was found in the customer's words alone with which every passage begins.
    opening: Everything,
    kept: Vec<Option<usize>>,
}

/// What was found in everything that a template says: parts of it that are a run by themselves have the same hits.
#[derive(Debug, Default)]
struct Everything {
    runs: Vec<Run>,
    hits: Hits,
    tokens: Vec<Token>,
    /// Of the vocabulary that numbers the words; `None` where the tokens are not all that there is to know.
    generation: Option<u32>,
    /// A call that is put together.
    parts: Parts,
}

/// The pieces of a [`TokenizedCall`].
#[derive(Debug, Default)]
struct Parts {
    tokens: Vec<Token>,
    runs: Vec<Run>,
    markers: Vec<Marker>,
}

impl Everything {
    fn take(&mut self, text: &TokenizedCall<'_>, vocabulary: &Vocabulary) {
        self.runs.clear();
        self.runs.extend_from_slice(&text.runs);
        self.tokens.clear();
        self.tokens.extend_from_slice(&text.tokens);
        let turns = &text.call.turns;
        let only_breaks =
            |marker: &Marker| turns[marker.turn as usize].speaker == BREAK && marker.start == 0;
        let is_plain = text.markers.iter().all(only_breaks);
        self.generation = is_plain.then_some(vocabulary.generation());
    }

    /// Puts a call together of turns that stand here. `None` where some does not, or words may go on from one into the next.
    fn compose<'c>(
        &mut self,
        call: &'c Call<'c>,
        talk: &Talk,
        merge: Millis,
        vocabulary: &Vocabulary,
    ) -> Option<TokenizedCall<'c>> {
        let stands_here =
            |(speaker, line): &(Speaker, Line)| *speaker == BREAK || line.same.is_some();
        if self.generation != Some(vocabulary.generation()) || !talk.turns.iter().all(stands_here) {
            return None;
        }
        let mut parts = std::mem::take(&mut self.parts);
        if self.add(call, talk, merge, &mut parts).is_none() {
            self.parts = parts;
            return None;
        }
        Some(TokenizedCall {
            call,
            tokens: parts.tokens,
            runs: parts.runs,
            markers: parts.markers,
            invented: Vec::new(),
        })
    }

    fn add(&self, call: &Call<'_>, talk: &Talk, merge: Millis, parts: &mut Parts) -> Option<()> {
        let Parts {
            tokens,
            runs,
            markers,
        } = parts;
        tokens.clear();
        runs.clear();
        markers.clear();
        for (at, (turn, (speaker, line))) in call.turns.iter().zip(&talk.turns).enumerate() {
            let from = tokens.len() as u32;
            let before = runs.last_mut().filter(|run| run.speaker == *speaker);
            let at = at as u32;
            let begin = |to| Run {
                speaker: *speaker,
                turns: (at, at + 1),
                tokens: (from, to),
                time: turn.time,
            };
            if *speaker == BREAK {
                if before.is_some() {
                    return None;
                }
                markers.push(Marker {
                    turn: at,
                    start: 0,
                    end: turn.text.len() as u32,
                    before_token: from,
                    before_run: runs.len() as u32 + 1,
                });
                runs.push(begin(from));
                continue;
            }
            let own = &self.tokens[self.runs[self.run_of(line.same?)?].tokens()];
            let (first, to) = (own.first()?, from + own.len() as u32);
            let goes_on = |run: &&mut Run| match (run.time, turn.time) {
                (Some(run), Some(turn)) => turn.start - run.end < merge,
                _ => true,
            };
            match before.filter(goes_on) {
                Some(run) => {
                    let last = tokens.last()?;
                    let behind = &call.turns[last.turn as usize].text[last.end as usize..];
                    let beside = &turn.text[..first.start as usize];
                    if behind.trim().is_empty() && beside.trim().is_empty() {
                        return None;
                    }
                    run.turns.1 = at + 1;
                    run.tokens.1 = to;
                    run.time = run.time.zip(turn.time).map(|(run, turn)| TimeSpan {
                        start: run.start,
                        end: run.end.max(turn.end),
                    });
                }
                None => runs.push(begin(to)),
            }
            tokens.extend(own.iter().map(|token| Token { turn: at, ..*token }));
        }
        Some(())
    }

    /// The run that is nothing but this turn, and all of it.
    fn run_of(&self, turn: u32) -> Option<usize> {
        let at = self.runs.partition_point(|run| run.turns.0 < turn);
        is_one_turn(&self.runs, at).then_some(at)
    }
}

/// Whether a run is a whole turn and nothing else.
fn is_one_turn(runs: &[Run], at: usize) -> bool {
    let Some(run) = runs.get(at) else {
        return false;
    };
    let before = at
        .checked_sub(1)
        .is_none_or(|before| runs[before].turns.1 <= run.turns.0);
    let behind = runs
        .get(at + 1)
        .is_none_or(|next| run.turns.1 <= next.turns.0);
    run.turns.1 == run.turns.0 + 1 && before && behind
}

#[derive(Debug)]
struct Trigger {
    set: Option<SetId>,
    not_within: Option<SetId>,
    within_beside: Vec<SetId>,
    not_beside: Vec<SetId>,
}

/// Words of a turn of a call, and where in the file they stand.
#[derive(Debug, Clone, Default)]
struct Line {
    text: String,
    /// `(bytes of text, bytes of the file, the same bytes)`.
    map: Vec<(Range<usize>, Range<usize>, bool)>,
    /// Bytes of slots for any words: what lies wholly in one is not said.
    blank: Vec<Range<usize>>,
    /// The turn with the same words in the look at everything.
    same: Option<u32>,
}

/// What stands for slots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Filling {
    /// The customer's name is a name, slots for any words say nothing.
    Name,
    /// The customer's name is none, so that nobody takes it for the agent's; slots for any words say their own words.
    Own,
}

impl Line {
    fn clear(&mut self) {
        self.text.clear();
        self.map.clear();
        self.blank.clear();
        self.same = None;
    }

    fn push(&mut self, text: &str, source: Range<usize>) {
        let at = self.text.len();
        self.text.push_str(text);
        let exact = text.len() == source.len();
        self.map.push((at..self.text.len(), source, exact));
    }

    fn source(&self, range: Range<usize>) -> Range<usize> {
        let touching = |(own, ..): &&(Range<usize>, Range<usize>, bool)| {
            own.start < range.end && range.start < own.end
        };
        let first = self.map.iter().find(touching);
        let last = self.map.iter().rfind(touching);
        let (Some((first, first_source, first_exact)), Some((last, last_source, last_exact))) =
            (first, last)
        else {
            return self
                .map
                .first()
                .map_or(0..0, |(_, source, _)| source.clone());
        };
        let start = if *first_exact {
            first_source.start + range.start.saturating_sub(first.start)
        } else {
            first_source.start
        };
        let end = if *last_exact {
            last_source.start + range.end.min(last.end) - last.start
        } else {
            last_source.end
        };
        start..end.max(start)
    }
}

/// A call in the making.
#[derive(Debug, Default)]
struct Talk {
    turns: Vec<(Speaker, Line)>,
    /// Lines of earlier calls, whose memory is used again.
    spare: Vec<Line>,
}

/// What stands between two passages: turns of the system are no speech.
const BREAK: Speaker = Speaker::System;

impl Talk {
    /// A turn in which nothing is said yet.
    fn turn(&mut self, speaker: Speaker) -> &mut Line {
        let mut line = self.spare.pop().unwrap_or_default();
        line.clear();
        let at = self.turns.len();
        self.turns.push((speaker, line));
        &mut self.turns[at].1
    }

    fn part(&mut self) {
        self.turn(BREAK);
    }

    fn say_plain(&mut self, speaker: Speaker, text: &str) {
        self.turn(speaker).text.push_str(text);
    }

    fn clear(&mut self) {
        let lines = self.turns.drain(..).map(|(_, line)| line);
        self.spare.extend(lines);
    }
}

/// A finding on its way: which criterion, where, and what to write instead.
struct Finding {
    criterion: usize,
    span: Range<usize>,
    text: String,
    reason: String,
    suggest: Option<String>,
    exchange: Option<Placed>,
    severity: Severity,
    path: Vec<String>,
}

/// What a look at everything that is said shows of its units.
struct Glance {
    /// By passage of `script.toml`: whether it begins there.
    begins: Vec<Vec<bool>>,
    /// Whether anything is said that a whole script is asked for.
    spoken: Vec<bool>,
    /// `None` where the unit is not said in one turn and always with the same words.
    told: Vec<Option<Told>>,
}

/// What a unit says by itself.
#[derive(Debug, Default)]
struct Told {
    /// Its turn in the look at everything; none of the customer's.
    turn: Option<u32>,
    /// Of the sets that passages are asked for.
    says: Vec<SetId>,
    may_introduce: bool,
}

/// What could be put in, and where in the file the old words stand.
struct Placed {
    span: Range<usize>,
    old: String,
    exchange: Exchange,
}

/// A passage: its kind and its units.
#[derive(Debug, Clone)]
struct Passage {
    kind: usize,
    units: Vec<usize>,
    /// Only its heading says that it may be one.
    supposed: bool,
}

impl<'p> Linter<'p> {
    /// For this pack.
    pub fn new(pack: &'p Pack) -> Self {
        let words = Words::of(pack.script_words());
        let set = |name: &String| pack.matcher.set(name);
        let triggers = words.passages.iter().map(|passage| Trigger {
            set: set(&passage.words.trigger),
            not_within: passage.words.not_within.as_ref().and_then(set),
            within_beside: passage.words.within_beside.iter().filter_map(set).collect(),
            not_beside: passage.words.not_beside.iter().filter_map(set).collect(),
        });
        let triggers: Vec<Trigger> = triggers.collect();
        let rules = pack.script_rules().iter().zip(&pack.criteria);
        let mut asked: Vec<SetId> = rules
            .filter(|(rule, _)| {
                rule.as_ref()
                    .is_some_and(|rule| rule.kind == ScriptKind::Whole || rule.required)
            })
            .flat_map(|(_, criterion)| {
                criterion
                    .clone()
                    .says()
                    .into_iter()
                    .map(|(say, _)| say.set)
                    .collect::<Vec<_>>()
            })
            .chain(triggers.iter().filter_map(|trigger| trigger.set))
            .chain(
                [
                    pack.timeline.roles.introduces,
                    pack.timeline.roles.asks_identity,
                ]
                .into_iter()
                .flatten(),
            )
            .collect();
        asked.sort_unstable();
        asked.dedup();
        let fits = |of: &dyn Fn(&ScriptRule) -> bool| -> Vec<usize> {
            let rules = pack.script_rules().iter().enumerate();
            let fits = rules.filter(|(_, rule)| rule.as_ref().is_some_and(of));
            fits.map(|(index, _)| index).collect()
        };
        let anywhere = fits(&|rule| rule.kind == ScriptKind::Anywhere);
        let of_passage: Vec<Vec<usize>> = words
            .passages
            .iter()
            .map(|passage| {
                let is_its = |of: &Spanned<String>| *of.get_ref() == passage.id;
                fits(&|rule| {
                    rule.kind == ScriptKind::Passage && rule.of.as_ref().is_some_and(is_its)
                })
            })
            .collect();
        let mut named: Vec<SetId> = Vec::new();
        for criterion in of_passage.iter().flatten() {
            let mut criterion = pack.criteria[*criterion].clone();
            named.extend(criterion.says().into_iter().map(|(say, _)| say.set));
        }
        named.extend(pack.timeline.roles.introduces);
        named.sort_unstable();
        named.dedup();
        Self {
            triggers,
            asked,
            anywhere,
            of_passage,
            named,
            words,
            vocabulary: Vocabulary::new(Lexicon::embedded(), vec![pack.matcher.spellings()]),
            cache: MatcherCache::new(),
            names: NameCache::default(),
            hits: Hits::new(),
            buffers: Buffers::default(),
            talk: Talk::default(),
            everything: Everything::default(),
            opening: Everything::default(),
            kept: Vec::new(),
            pack,
        }
    }

    /// The pack.
    pub fn pack(&self) -> &'p Pack {
        self.pack
    }

    /// Holds one template against the pack.
    pub fn lint(&mut self, script: &Script, options: &Options) -> Linted {
        let speech = speech::read_with(script, &self.words);
        let mut linted = Linted {
            problems: script.problems.clone(),
            ..Linted::default()
        };
        linted.problems.extend(speech.problems.iter().cloned());
        let line = match &script.front.line {
            Some(line) if !self.pack.lines().contains(line) => {
                let known = self.pack.lines().join(", ");
                let problem = Problem::new("script/unknown-line", true, &[line, &known])
                    .at(script.front.line_place);
                linted.problems.push(problem);
                return linted;
            }
            Some(line) => line.clone(),
            None => {
                let given = options
                    .line
                    .clone()
                    .filter(|line| self.pack.lines().contains(line));
                given.unwrap_or_else(|| self.pack.default_line().to_owned())
            }
        };
        let direction = script.front.direction.or(options.direction);
        let talk = Situation {
            speech: &speech,
            thresholds: Thresholds::of(&self.pack.parameters, &line),
            merge: Millis::from_seconds(self.pack.parameters.get("merge_s", &line).unwrap_or(0.0)),
            line,
            direction,
            options,
        };
        if self.opening.runs.is_empty() {
            self.read_opening(&talk);
        }
        let mut findings = Vec::new();
        let glance = self.anywhere(&talk, &mut findings);
        let mut passages = self.passages(&speech, &glance.begins);
        passages.retain(|passage| self.passage(&talk, passage, &glance.told, &mut findings));
        if self.is_whole(script, &passages, options) {
            self.whole(
                &talk,
                &passages,
                &glance,
                &mut findings,
                &mut linted.problems,
            );
        }
        linted.diagnostics = self.diagnostics(script, findings, options);
        linted
            .problems
            .sort_by_key(|problem| (problem.line, problem.column));
        linted
    }

    fn is_whole(&self, script: &Script, passages: &[Passage], options: &Options) -> bool {
        match script.front.kind {
            Some(Kind::Script) => true,
            Some(Kind::Template) => false,
            None => {
                let has = |stands: Stands| {
                    let mut passages = passages.iter();
                    passages.any(|passage| self.words.passages[passage.kind].words.stands == stands)
                };
                options.whole || has(Stands::First) && has(Stands::Last)
            }
        }
    }

    /// One turn of a unit, with one way through its choices.
    fn render(
        &self,
        pieces: &[Piece],
        way: &mut dyn FnMut(usize) -> Option<usize>,
        name: Filling,
        line: &mut Line,
    ) {
        for piece in pieces {
            match piece {
                Piece::Words(text) => {
                    // Pieces of the file as they are; line ends part words like spaces.
                    let whole = text.as_str();
                    let mut from = 0;
                    for at in memchr::memchr_iter(b'\n', whole.as_bytes()) {
                        self.plain(text, from..at, line);
                        line.push(" ", text.source(at..at + 1));
                        from = at + 1;
                    }
                    self.plain(text, from..whole.len(), line);
                }
                Piece::Slot {
                    means,
                    customer,
                    words,
                    span,
                } => {
                    let value = match (customer, name) {
                        (true, Filling::Name) => self.words.value("customer"),
                        (true, Filling::Own) => self.words.value("any"),
                        (false, _) => self.words.value(means),
                    };
                    let own = means == "any" && !words.is_empty() && name == Filling::Own;
                    let value = if own {
                        words.replace(['[', ']', '{', '}', '<', '>'], " ")
                    } else {
                        value.to_owned()
                    };
                    if !line.text.is_empty()
                        && !line.text.ends_with(char::is_whitespace)
                        && !line.text.ends_with(['«', '(', '"'])
                    {
                        line.push(" ", span.start..span.start);
                    }
                    let at = line.text.len();
                    line.push(&value, span.clone());
                    // Never the same bytes, even if as long.
                    if let Some(last) = line.map.last_mut() {
                        last.2 = false;
                    }
                    if means == "any" || *customer && name == Filling::Own {
                        line.blank.push(at..line.text.len());
                    }
                }
                Piece::Choice(alternatives) => match way(alternatives.len()) {
                    Some(index) => {
                        if let Some((_, inside)) = alternatives.get(index) {
                            self.render(inside, way, name, line);
                        }
                    }
                    None => {
                        for (_, inside) in alternatives {
                            line.push(" / ", 0..0);
                            self.render(inside, way, name, line);
                        }
                    }
                },
            }
        }
    }

    fn plain(&self, text: &super::Text, range: Range<usize>, line: &mut Line) {
        for (piece, source) in text.pieces(range) {
            line.push(piece, source);
        }
    }

    fn all(&self, pieces: &[Piece], name: Filling, line: &mut Line) {
        self.render(pieces, &mut |_| None, name, line);
    }

    /// The alternatives of each group that differ in what a whole script is asked for; of those that do not, the first.
    fn distinct(&self, speech: &Speech, spoken: &[bool]) -> Vec<Vec<usize>> {
        let groups = speech.groups.iter().enumerate();
        let kept = groups.map(|(group, own)| {
            let matters = |alternative: usize| {
                let step = (group, alternative);
                let mut units = speech.units.iter().zip(spoken);
                units.any(|(unit, spoken)| unit.branch.contains(&step) && (!unit.agent || *spoken))
            };
            let mut idle = false;
            let all = 0..own.conditions.len();
            all.filter(|alternative| matters(*alternative) || !std::mem::replace(&mut idle, true))
                .collect()
        });
        kept.collect()
    }

    fn read_opening(&mut self, situation: &Situation<'_>) {
        let mut talk = Talk::default();
        talk.say_plain(Speaker::Customer, &self.words.customer_says);
        let mut opening = std::mem::take(&mut self.opening);
        self.judge(
            situation,
            &talk,
            &[],
            Stands::Middle,
            &mut |text, _, vocabulary| opening.take(text, vocabulary),
        );
        std::mem::swap(&mut opening.hits, &mut self.hits);
        self.opening = opening;
    }

    /// Everything that is said, in one call: what must not be said, and what is told of its units.
    fn anywhere(&mut self, situation: &Situation<'_>, findings: &mut Vec<Finding>) -> Glance {
        let mut talk = std::mem::take(&mut self.talk);
        talk.clear();
        talk.say_plain(Speaker::Customer, &self.words.customer_says);
        let mut unit_of = vec![None];
        for (index, unit) in situation.speech.units.iter().enumerate() {
            for pieces in unit.turns.iter().filter(|_| unit.agent) {
                talk.part();
                self.all(pieces, Filling::Name, talk.turn(Speaker::Agent));
                unit_of.extend([None, Some(index)]);
            }
        }
        let rules = std::mem::take(&mut self.anywhere);
        let n_units = situation.speech.units.len();
        let triggers = std::mem::take(&mut self.triggers);
        let mut begins = vec![vec![false; n_units]; triggers.len()];
        let mut spoken = vec![false; n_units];
        let units = situation.speech.units.iter();
        let mut told: Vec<Option<Told>> = units
            .map(|unit| says_the_same(unit).then(Told::default))
            .collect();
        for (turn, unit) in unit_of.iter().enumerate() {
            if let Some(told) = unit.and_then(|unit: usize| told[unit].as_mut()) {
                told.turn = Some(turn as u32);
            }
        }
        let mut everything = std::mem::take(&mut self.everything);
        let asked = std::mem::take(&mut self.asked);
        let named = std::mem::take(&mut self.named);
        let introduces = self.pack.timeline.roles.introduces;
        let judged = self.judge(
            situation,
            &talk,
            &rules,
            Stands::Middle,
            &mut |text, hits, vocabulary| {
                everything.take(text, vocabulary);
                let unit_at = |token: usize| {
                    let turn = text.tokens[token].turn as usize;
                    unit_of.get(turn).copied().flatten()
                };
                for hit in asked.iter().flat_map(|set| hits.of(*set)) {
                    if let Some(unit) = unit_at(hit.tokens().start) {
                        spoken[unit] = true;
                    }
                }
                for set in &named {
                    for hit in hits.of(*set) {
                        let unit = unit_at(hit.tokens().start);
                        if let Some(told) = unit.and_then(|unit| told[unit].as_mut()) {
                            told.may_introduce |= introduces == Some(*set);
                            if told.says.last() != Some(set) {
                                told.says.push(*set);
                            }
                        }
                    }
                }
                for (at, token) in text.tokens.iter().enumerate() {
                    if token.marks.first_name()
                        && let Some(told) = unit_at(at).and_then(|unit| told[unit].as_mut())
                    {
                        told.may_introduce = true;
                    }
                }
                for (kind, trigger) in triggers.iter().enumerate() {
                    for hit in trigger.set.map_or(&[][..], |set| hits.of(set)) {
                        let run = hit.run;
                        let in_run =
                            |set: &SetId| hits.of(*set).iter().any(|other| other.run == run);
                        let covered = trigger.not_within.is_some_and(|set| {
                            hits.of(set).iter().any(|other| {
                                other.run == run
                                    && other.tokens.start <= hit.tokens.start
                                    && hit.tokens.end <= other.tokens.end
                            })
                        });
                        let beside = trigger.within_beside.is_empty()
                            || trigger.within_beside.iter().any(in_run);
                        if covered && beside || trigger.not_beside.iter().any(in_run) {
                            continue;
                        }
                        if let Some(unit) = unit_at(hit.tokens().start) {
                            begins[kind][unit] = true;
                        }
                    }
                }
            },
        );
        self.everything = everything;
        std::mem::swap(&mut self.everything.hits, &mut self.hits);
        self.triggers = triggers;
        self.anywhere = rules;
        self.asked = asked;
        self.named = named;
        for (criterion, judgement) in judged {
            if judgement.verdict != Verdict::Fail {
                continue;
            }
            for evidence in &judgement.evidence {
                let (Some(turn), Some((start, end))) = (evidence.turn, evidence.span) else {
                    continue;
                };
                let line = &talk.turns[turn as usize].1;
                let range = start as usize..end as usize;
                // What only a slot's own words say is not said.
                if line.map.is_empty()
                    || line.map.iter().any(|(own, _, exact)| {
                        !exact && own.start <= range.start && range.end <= own.end && own.len() > 1
                    })
                {
                    continue;
                }
                let exchange = fix::exchange(self.pack, criterion, &line.text, range.clone());
                // A thing and what is done to it may be lines apart: the finding stands where something has to change.
                let range = exchange
                    .as_ref()
                    .map_or(range, |exchange| exchange.words.clone());
                let suggest = exchange.as_ref().map(|exchange| exchange.suggest.clone());
                findings.push(Finding {
                    criterion,
                    span: line.source(range.clone()),
                    text: line.text[range].to_owned(),
                    // What comes nearest is told of calls: a template has no customer who gave a name.
                    reason: match &self.pack.criteria[criterion].reason {
                        Some(reason) => reason.clone(),
                        None => judgement.reason.to_string(),
                    },
                    suggest: suggest.or_else(|| evidence.suggest.as_deref().map(str::to_owned)),
                    exchange: exchange.map(|exchange| Placed {
                        span: line.source(exchange.words.clone()),
                        old: line.text[exchange.words.clone()].to_owned(),
                        exchange,
                    }),
                    severity: Severity::Error,
                    path: Vec::new(),
                });
            }
        }
        self.talk = talk;
        Glance {
            begins,
            spoken,
            told,
        }
    }

    /// Units that begin a passage take those that follow with them.
    fn passages(&self, speech: &Speech, begins: &[Vec<bool>]) -> Vec<Passage> {
        let mut passages: Vec<Passage> = Vec::new();
        for (kind, begins) in begins.iter().enumerate() {
            let mut open: Option<(Passage, bool)> = None;
            for (index, unit) in speech
                .units
                .iter()
                .enumerate()
                .filter(|(_, unit)| unit.agent)
            {
                let titled = unit.titled == Some(kind);
                let triggered = begins[index];
                let joins = open.as_ref().is_some_and(|(passage, _)| {
                    passage
                        .units
                        .last()
                        .is_some_and(|last| may_join(&speech.units[*last], unit))
                });
                match &mut open {
                    // Under its heading a passage may have its words only later.
                    Some((passage, spoken)) if joins && !titled && (!triggered || !*spoken) => {
                        passage.units.push(index);
                        passage.supposed &= !triggered;
                        *spoken |= triggered;
                    }
                    // What stands in a branch between parts of the main way does not end it.
                    Some((passage, _))
                        if !joins
                            && !titled
                            && !triggered
                            && !unit.alone
                            && unit.branch.len() > speech.units[passage.units[0]].branch.len()
                            && unit.section == speech.units[passage.units[0]].section => {}
                    _ if titled || triggered => {
                        let new = Passage {
                            kind,
                            units: vec![index],
                            supposed: false,
                        };
                        passages.extend(open.take().map(|(passage, _)| passage));
                        open = Some((new, triggered));
                    }
                    _ => {
                        passages.extend(open.take().map(|(passage, _)| passage));
                        if unit.under == Some(kind) {
                            let new = Passage {
                                kind,
                                units: vec![index],
                                supposed: true,
                            };
                            open = Some((new, false));
                        }
                    }
                }
            }
            passages.extend(open.map(|(passage, _)| passage));
        }
        passages
    }

    /// What a passage lacks, on any way through its choices; whether it is one at all.
    fn passage(
        &mut self,
        situation: &Situation<'_>,
        passage: &Passage,
        told: &[Option<Told>],
        findings: &mut Vec<Finding>,
    ) -> bool {
        let pack = self.pack;
        if self.of_passage[passage.kind].is_empty() {
            return !passage.supposed;
        }
        let stands = self.words.passages[passage.kind].words.stands;
        let first = &situation.speech.units[passage.units[0]];
        let rules = std::mem::take(&mut self.of_passage[passage.kind]);
        let (mut lacking, met) = self.ways(situation, &passage.units, told, &rules, stands);
        self.of_passage[passage.kind] = rules;
        // What one unit does by itself is done, whatever follows it: phrases may ask for the end of a turn.
        for unit in passage.units.iter().filter(|_| passage.units.len() > 1) {
            let may_pass = |criterion: &usize| {
                told[*unit].as_ref().is_none_or(|told| {
                    pack.criteria[*criterion].may_pass(&Gist {
                        says: &|set| told.says.contains(&set),
                        may_introduce: told.may_introduce,
                    })
                })
            };
            let left: Vec<usize> = lacking.keys().copied().filter(may_pass).collect();
            if left.is_empty() {
                continue;
            }
            let (lacks, does) = self.ways(situation, &[*unit], told, &left, stands);
            lacking
                .retain(|criterion, _| !does.contains(criterion) || lacks.contains_key(criterion));
        }
        // Under its heading stands more than the passage; what does most of it is meant to be it.
        if passage.supposed && met.len() <= lacking.len() {
            return false;
        }
        for (criterion, judgement) in lacking {
            findings.push(self.missing(criterion, &judgement, first.span.clone(), Vec::new()));
        }
        true
    }

    /// What some units lack on any way through their choices, and what they do on some.
    fn ways(
        &mut self,
        situation: &Situation<'_>,
        units: &[usize],
        told: &[Option<Told>],
        rules: &[usize],
        stands: Stands,
    ) -> (BTreeMap<usize, Judgement<'p>>, BTreeSet<usize>) {
        let mut lacking: BTreeMap<usize, Judgement<'p>> = BTreeMap::new();
        let mut met: BTreeSet<usize> = BTreeSet::new();
        let mut n_ways = 1;
        let mut way = 0;
        while way < n_ways.min(CHOICES_MAX) {
            let mut left = way;
            let mut ways = 1;
            let mut pick = |n: usize| {
                ways *= n.max(1);
                let index = left % n.max(1);
                left /= n.max(1);
                Some(index)
            };
            let mut talk = std::mem::take(&mut self.talk);
            talk.clear();
            talk.say_plain(Speaker::Customer, &self.words.customer_says);
            talk.turns[0].1.same = Some(0);
            talk.part();
            for unit in units {
                for pieces in &situation.speech.units[*unit].turns {
                    let line = talk.turn(Speaker::Agent);
                    line.same = told[*unit].as_ref().and_then(|told| told.turn);
                    self.render(pieces, &mut pick, Filling::Own, line);
                }
            }
            n_ways = n_ways.max(ways);
            for (criterion, judgement) in
                self.judge(situation, &talk, rules, stands, &mut |_, _, _| {})
            {
                match judgement.verdict {
                    Verdict::Fail => {
                        lacking.entry(criterion).or_insert(judgement);
                    }
                    Verdict::Pass => {
                        met.insert(criterion);
                    }
                    _ => {}
                }
            }
            self.talk = talk;
            way += 1;
        }
        (lacking, met)
    }

    fn missing(
        &self,
        criterion: usize,
        judgement: &Judgement<'p>,
        span: Range<usize>,
        path: Vec<String>,
    ) -> Finding {
        let advice = &self.pack.info().criteria[criterion].advice;
        Finding {
            criterion,
            span,
            text: String::new(),
            reason: judgement.reason.to_string(),
            suggest: (!advice.is_empty()).then(|| advice.clone()),
            exchange: None,
            severity: Severity::Warning,
            path,
        }
    }

    /// What some path through a whole script never does.
    fn whole(
        &mut self,
        situation: &Situation<'_>,
        passages: &[Passage],
        glance: &Glance,
        findings: &mut Vec<Finding>,
        problems: &mut Vec<Problem>,
    ) {
        let speech = situation.speech;
        let alternatives = self.distinct(speech, &glance.spoken);
        let (paths, cut) = paths(&speech.groups, &alternatives);
        if cut {
            problems.push(Problem::new(
                "script/many-paths",
                false,
                &[&PATHS_MAX.to_string()],
            ));
        }
        let mut lacking: BTreeMap<usize, Finding> = BTreeMap::new();
        let mut talk = std::mem::take(&mut self.talk);
        for path in paths {
            let on_path = |unit: &Unit| unit.branch.iter().all(|step| path.contains(step));
            talk.clear();
            let mut customer_speaks = false;
            let outbound = situation.direction == Some(Direction::Outbound);
            let name = if outbound {
                Filling::Name
            } else {
                Filling::Own
            };
            let units = speech.units.iter().zip(&glance.told);
            for (unit, told) in units.filter(|(unit, _)| on_path(unit)) {
                talk.part();
                customer_speaks |= !unit.agent;
                let speaker = if unit.agent {
                    Speaker::Agent
                } else {
                    Speaker::Customer
                };
                for pieces in &unit.turns {
                    let line = talk.turn(speaker);
                    line.same = told.as_ref().and_then(|told| told.turn);
                    self.all(pieces, name, line);
                }
            }
            if !customer_speaks {
                // Somebody is there, but what they say is not written down.
                let any = self.words.value("any").to_owned();
                talk.turns.insert(
                    0,
                    (
                        Speaker::Customer,
                        Line {
                            text: any,
                            ..Line::default()
                        },
                    ),
                );
            }
            let has = |of: &str| {
                passages.iter().any(|passage| {
                    self.words.passages[passage.kind].id == of
                        && on_path(&speech.units[passage.units[0]])
                })
            };
            let rules: Vec<usize> = self
                .pack
                .script_rules()
                .iter()
                .enumerate()
                .filter(|(index, rule)| {
                    !lacking.contains_key(index)
                        && rule
                            .as_ref()
                            .is_some_and(|rule| match (rule.kind, &rule.of) {
                                (ScriptKind::Whole, _) => true,
                                (ScriptKind::Passage, Some(of)) => {
                                    rule.required && !has(of.get_ref())
                                }
                                _ => false,
                            })
                })
                .map(|(index, _)| index)
                .collect();
            if rules.is_empty() {
                continue;
            }
            let shown = shown(&path, &speech.groups, &alternatives);
            for (criterion, judgement) in
                self.judge(situation, &talk, &rules, Stands::Middle, &mut |_, _, _| {})
            {
                if judgement.verdict == Verdict::Fail {
                    let mut finding = self.missing(criterion, &judgement, 0..0, shown.clone());
                    finding.reason = locale::on_path(situation.options.lang, &finding.reason);
                    lacking.entry(criterion).or_insert(finding);
                }
            }
        }
        self.talk = talk;
        findings.extend(lacking.into_values());
    }

    /// The verdicts of these criteria on a talk.
    fn judge(
        &mut self,
        situation: &Situation<'_>,
        talk: &Talk,
        rules: &[usize],
        stands: Stands,
        look: &mut dyn FnMut(&text::TokenizedCall<'_>, &Hits, &Vocabulary),
    ) -> Vec<(usize, Judgement<'p>)> {
        let call = call(situation, talk, stands);
        let pack = self.pack;
        let composed = self
            .everything
            .compose(&call, talk, situation.merge, &self.vocabulary);
        let is_composed = composed.is_some();
        let text = composed.unwrap_or_else(|| {
            let buffers = std::mem::take(&mut self.buffers);
            text::tokenize(&call, &mut self.vocabulary, situation.merge, buffers)
        });
        self.find(&text, talk);
        if talk.turns.iter().any(|(_, line)| !line.blank.is_empty()) {
            self.hits.retain(|hit| {
                let tokens = &text.tokens[hit.tokens()];
                let blank = |token: &text::Token| {
                    let line = &talk.turns[token.turn as usize].1;
                    line.blank.iter().any(|blank| {
                        blank.start <= token.start as usize && token.end as usize <= blank.end
                    })
                };
                !tokens.iter().all(blank)
            });
        }
        if let Some(frame) = pack.timeline.roles.quote {
            let words = &self.words;
            self.hits
                .retain(|hit| hit.set != frame || frames_words(talk, &text, hit, words));
        }
        look(&text, &self.hits, &self.vocabulary);
        if rules.is_empty() {
            self.give_back(text, is_composed);
            return Vec::new();
        }
        let mut timeline = Timeline::of(
            &text,
            &self.hits,
            &self.vocabulary,
            &pack.timeline,
            &situation.thresholds,
            &mut self.names,
        );
        // Whose words they are is known here.
        timeline.doubt = None;
        let context = Context {
            timeline: &timeline,
            line: &situation.line,
            parameters: &pack.parameters,
            meta_defaults: &pack.meta_defaults,
            lang: situation.options.lang,
            advice: None,
            heard: None,
            guesser: None,
            when: &[],
            excuse: &[],
        };
        let judged = rules
            .iter()
            .map(|index| (*index, pack.criteria[*index].judge(&context)));
        let judged = judged.collect();
        drop(timeline);
        self.give_back(text, is_composed);
        judged
    }

    /// The memory of a call is used again.
    fn give_back(&mut self, text: TokenizedCall<'_>, is_composed: bool) {
        if is_composed {
            self.everything.parts = Parts {
                tokens: text.tokens,
                runs: text.runs,
                markers: text.markers,
            };
        } else {
            self.buffers = text.into_buffers();
        }
    }

    /// Finds every set in a talk. Runs that were searched in the look at everything are not searched again.
    fn find(&mut self, text: &text::TokenizedCall<'_>, talk: &Talk) {
        let Self {
            pack,
            vocabulary,
            cache,
            hits,
            everything,
            opening,
            kept,
            ..
        } = self;
        kept.clear();
        kept.extend(text.runs.iter().enumerate().map(|(at, run)| {
            let same = talk.turns[run.turns.0 as usize].1.same?;
            let earlier = everything.run_of(same)?;
            let is_same = is_one_turn(&text.runs, at)
                && run.tokens().len() == everything.runs[earlier].tokens().len();
            is_same.then_some(earlier)
        }));
        let mut others = kept.iter().skip(1);
        let others = others.any(Option::is_some);
        let known = match kept.first() {
            // All hits that are known are gone through.
            Some(Some(0)) if !others => opening,
            Some(Some(_)) => everything,
            _ if others => everything,
            _ => return pack.matcher.find(text, vocabulary, cache, hits),
        };
        let call = Call::default();
        let earlier = text::TokenizedCall {
            call: &call,
            tokens: Vec::new(),
            runs: std::mem::take(&mut known.runs),
            markers: Vec::new(),
            invented: Vec::new(),
        };
        let found = (&earlier, &known.hits, &kept[..]);
        pack.matcher
            .find_again(text, vocabulary, cache, hits, found);
        known.runs = earlier.runs;
    }

    fn diagnostics(
        &self,
        script: &Script,
        findings: Vec<Finding>,
        options: &Options,
    ) -> Vec<Diagnostic> {
        let info = self.pack.info();
        let _ = options;
        // Findings are put in order before they are told: what is told takes more memory.
        let mut order: Vec<_> = findings
            .iter()
            .enumerate()
            .map(|(index, finding)| {
                let (line, column) = script.place(finding.span.start);
                let end = match finding.text.is_empty() {
                    true => finding.span.start,
                    false => finding.span.end,
                };
                let criterion = info.criteria[finding.criterion].id.as_str();
                (line, column, criterion, end, index)
            })
            .collect();
        order.sort_unstable();
        let mut findings: Vec<Option<Finding>> = findings.into_iter().map(Some).collect();
        let mut diagnostics: Vec<Diagnostic> = order
            .into_iter()
            .filter_map(|(line, column, .., index)| Some((line, column, findings[index].take()?)))
            .map(|(line, column, finding)| {
                let criterion = &info.criteria[finding.criterion];
                let placed = finding.exchange.as_ref();
                let edit = placed.and_then(|placed| {
                    fix::edit(
                        script,
                        placed.span.clone(),
                        &placed.old,
                        &placed.exchange.text,
                    )
                });
                let span = if finding.text.is_empty() {
                    finding.span.start..finding.span.start
                } else {
                    finding.span
                };
                let (end_line, end_column) = script.place(span.end);
                let shown = script
                    .text
                    .get(span.clone())
                    .filter(|own| !own.is_empty())
                    .unwrap_or(&finding.text);
                Diagnostic {
                    file: script.path.clone(),
                    line,
                    column,
                    end_line,
                    end_column,
                    text: on_one_line(shown),
                    span,
                    criterion: criterion.id.clone(),
                    pack: info.id.clone(),
                    severity: finding.severity,
                    message: finding.reason,
                    clause: criterion.clause.clone(),
                    suggest: finding.suggest,
                    fix: placed.map(|placed| placed.exchange.fix),
                    edit,
                    path: finding.path,
                }
            })
            .collect();
        diagnostics.dedup();
        diagnostics
    }
}

/// With one blank between words.
fn on_one_line(text: &str) -> String {
    // Blanks but the usual one are control characters or begin with these bytes.
    let mut before = b' ';
    let is_plain = text.bytes().all(|byte| {
        let twice = byte == b' ' && before == b' ';
        before = byte;
        !twice && !matches!(byte, 0..0x20 | 0xc2 | 0xe1..=0xe3)
    });
    if is_plain && (before != b' ' || text.is_empty()) {
        return text.to_owned();
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Words at the end of a clause that a frame of quotations may still hold.
const FRAMED_WORDS_MAX: usize = 2;

/// Whether words such as «the message says» have anything to quote: signs are the author's own in a template, and a clause that ends
/// behind them quotes nothing («you will get a message, …»).
fn frames_words(talk: &Talk, text: &text::TokenizedCall<'_>, hit: &Hit, words: &Words) -> bool {
    let last = &text.tokens[hit.tokens.end as usize - 1];
    let behind = &talk.turns[last.turn as usize].1.text[last.end as usize..];
    let Some(end) = behind.find(['.', ',', ';', '!', '?', ':', '«', '"', '„']) else {
        return true;
    };
    let n_words = first_words(&behind[..end], FRAMED_WORDS_MAX + 1).len();
    let next = &behind[end..];
    let goes_on = || {
        let first = first_words(next, FRAMED_WORDS_MAX);
        words.goes_on.at(&first, 0).is_some()
    };
    n_words > FRAMED_WORDS_MAX
        || next.starts_with([':', '«', '"', '„'])
        || next.starts_with(',') && goes_on()
}

/// What all calls of one template share.
struct Situation<'s> {
    speech: &'s Speech,
    thresholds: Thresholds,
    merge: Millis,
    line: String,
    direction: Option<Direction>,
    options: &'s Options,
}

/// Whether a unit is one turn whose words hang neither on a choice nor on what stands for its slots.
fn says_the_same(unit: &Unit) -> bool {
    let fixed = |piece: &Piece| match piece {
        Piece::Words(_) => true,
        Piece::Slot {
            means, customer, ..
        } => means != "any" && !customer,
        Piece::Choice(_) => false,
    };
    matches!(&unit.turns[..], [turn] if turn.iter().all(fixed))
}

/// Whether a unit belongs to the passage of the one before.
fn may_join(before: &Unit, unit: &Unit) -> bool {
    !before.alone && !unit.alone && before.section == unit.section && before.branch == unit.branch
}

/// Milliseconds that a turn takes, and between two.
const TURN_MS: i64 = 2_000;
const BETWEEN_MS: i64 = 500;
/// How long the wait behind a passage lasts.
const HOLD_MS: i64 = 30_000;

fn call<'c>(situation: &'c Situation<'_>, talk: &'c Talk, stands: Stands) -> Call<'c> {
    let timed = stands == Stands::BeforeHold;
    let mut clock = 0;
    let mut turns = Vec::with_capacity(talk.turns.len());
    for (speaker, line) in &talk.turns {
        let time = (timed && *speaker != Speaker::System).then(|| {
            let start = Millis(clock);
            clock += TURN_MS;
            let time = TimeSpan {
                start,
                end: Millis(clock),
            };
            clock += BETWEEN_MS;
            time
        });
        turns.push(Turn {
            speaker: *speaker,
            time,
            text: Cow::Borrowed(line.text.as_str()),
            words: Vec::new(),
        });
    }
    let events = if timed {
        vec![Event {
            kind: EventKind::Hold,
            start: Millis(clock),
            end: Some(Millis(clock + HOLD_MS)),
        }]
    } else {
        Vec::new()
    };
    Call {
        line: Some(Cow::Borrowed(situation.line.as_str())),
        direction: situation.direction,
        turns,
        events,
        ..Call::default()
    }
}

/// Every way through the branches over these alternatives, and whether there were more than [`PATHS_MAX`].
fn paths(groups: &[Group], alternatives: &[Vec<usize>]) -> (Vec<Vec<(usize, usize)>>, bool) {
    let mut paths = vec![Vec::new()];
    let mut cut = false;
    for (index, group) in groups.iter().enumerate() {
        let mut next: Vec<Vec<(usize, usize)>> = Vec::new();
        for path in paths {
            if !group.parent.iter().all(|step| path.contains(step)) {
                next.push(path);
                continue;
            }
            for alternative in &alternatives[index] {
                let mut longer = path.clone();
                longer.push((index, *alternative));
                next.push(longer);
            }
        }
        cut |= next.len() > PATHS_MAX;
        next.truncate(PATHS_MAX);
        paths = next;
    }
    (paths, cut)
}

/// The conditions of a path; points whose alternatives do not differ are no choice.
fn shown(path: &[(usize, usize)], groups: &[Group], alternatives: &[Vec<usize>]) -> Vec<String> {
    let chosen = path
        .iter()
        .filter(|(group, _)| alternatives[*group].len() > 1);
    chosen
        .map(|(group, alternative)| {
            groups[*group].conditions[*alternative]
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
        })
        .filter(|condition| !condition.is_empty())
        .collect()
}
