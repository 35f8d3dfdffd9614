//! Tokens and hits -> what happened when: opening, closing, holds, pauses, overlaps, transfers, names, facts.
//!
//! The definitions are those of the standard's page, the numbers and wordings those of the pack.

mod doubts;
mod facts;
mod gaps;
mod invented;
mod locale;
mod meanwhile;
mod names;
mod parameters;
mod roles;
mod silence;
mod speech;
mod transfers;
mod zones;

use std::ops::Range;

pub use doubts::Doubt;
pub use facts::Fact;
pub use gaps::Gaps;
pub use invented::invented;
pub use meanwhile::Parting;
pub use names::{Address, Introduction, NameCache, NameForm, Naming};
pub use parameters::{Parameters, Thresholds};
pub use roles::Roles;
pub use silence::{Hold, MarkerKind, Pause, PauseKind};
pub use speech::Interruption;
pub use transfers::Transfer;

use crate::call::{Call, Millis, Speaker, TimeSpan};
use crate::lexicon::{Gender, NameKind};
use crate::phrase::{Hit, Hits, SetId};
use crate::text::{TokenizedCall, Vocabulary};
use names::{Namer, is_i};
use silence::Silences;
use zones::{ZoneRuns, Zoning};

/// What the markers of transcripts mean: beginnings of the words in brackets, lower case.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MarkerWords {
    /// The customer waits.
    pub hold: Vec<String>,
    /// Nobody speaks.
    pub silence: Vec<String>,
    /// The call is being put through.
    pub transfer: Vec<String>,
    /// Words of the call are not in the record.
    pub cut: Vec<String>,
    /// The connection broke.
    pub dropped: Vec<String>,
}

impl MarkerWords {
    fn kind(&self, marker: &str) -> MarkerKind {
        if marker.is_empty() {
            return MarkerKind::Other;
        }
        let text = marker
            .trim_matches(|c: char| !c.is_alphanumeric())
            .to_lowercase();
        let is = |words: &[String]| words.iter().any(|word| text.starts_with(word.as_str()));
        if is(&self.hold) {
            MarkerKind::Hold
        } else if is(&self.transfer) {
            MarkerKind::Transfer
        } else if is(&self.silence) {
            MarkerKind::Silence
        } else if is(&self.cut) {
            MarkerKind::Cut
        } else if is(&self.dropped) {
            MarkerKind::Dropped
        } else {
            MarkerKind::Other
        }
    }
}

/// What a pack tells the timeline.
#[derive(Debug, Clone, Default)]
pub struct TimelineRules {
    /// Which sets play which part.
    pub roles: Roles,
    /// What markers mean.
    pub markers: MarkerWords,
}

/// The course of one call.
#[derive(Debug)]
pub struct Timeline<'a> {
    /// The call.
    pub call: &'a Call<'a>,
    /// Its words and merged turns.
    pub text: &'a TokenizedCall<'a>,
    /// Where the pack's phrases are said.
    pub hits: &'a Hits,
    /// The words by number.
    pub vocabulary: &'a Vocabulary,
    /// The pack's parts.
    pub roles: &'a Roles,
    /// Runs of the agent that have words.
    pub agent_runs: Vec<usize>,
    /// Runs of the customer that have words.
    pub customer_runs: Vec<usize>,
    /// Every hold.
    pub holds: Vec<Hold>,
    /// Every stretch of silence between words; empty without times.
    pub pauses: Vec<Pause>,
    /// The agent cutting in.
    pub interruptions: Vec<Interruption>,
    /// Calls put through.
    pub transfers: Vec<Transfer>,
    /// Names said and used.
    pub naming: Naming,
    /// What the record does not have.
    pub gaps: Gaps,
    /// A marker at the end says that the connection broke.
    pub dropped: bool,
    /// Every spoken turn has times.
    pub timed: bool,
    /// Why the speakers cannot be trusted.
    pub doubt: Option<Doubt>,
    zones: ZoneRuns,
    facts: u32,
}

/// What can be told of a call before all that is said in it was looked for: whose runs are whose, and the holds.
#[derive(Debug)]
pub struct Groundwork {
    /// Runs of the agent that have words.
    pub agent_runs: Vec<usize>,
    /// Every hold.
    pub holds: Vec<Hold>,
    customer_runs: Vec<usize>,
    spoken: Vec<usize>,
    timed: bool,
    markers: Vec<MarkerKind>,
}

impl Groundwork {
    /// Asks for the sets with a [part](Roles) only.
    pub fn of(
        text: &TokenizedCall<'_>,
        hits: &Hits,
        rules: &TimelineRules,
        thresholds: &Thresholds,
    ) -> Self {
        let call = text.call;
        let mut agent_runs = Vec::with_capacity(text.runs.len());
        let mut customer_runs = Vec::with_capacity(text.runs.len());
        for (i, run) in text.runs.iter().enumerate() {
            match run.speaker {
                _ if run.tokens().is_empty() => {}
                Speaker::Agent => agent_runs.push(i),
                Speaker::Customer => customer_runs.push(i),
                Speaker::System => {}
            }
        }
        let spoken = timed_turns(text);
        let timed = !spoken.is_empty();
        let markers: Vec<MarkerKind> = text
            .markers
            .iter()
            .map(|marker| {
                rules.markers.kind(
                    &call.turns[marker.turn as usize].text
                        [marker.start as usize..marker.end as usize],
                )
            })
            .collect();

        let mut ground = Self {
            agent_runs,
            holds: Vec::new(),
            customer_runs,
            spoken,
            timed,
            markers,
        };
        let zoning = ground.zoning(text, hits, &rules.roles, thresholds);
        ground.holds = ground.silences(&zoning).holds();
        ground
    }

    fn zoning<'a>(
        &'a self,
        text: &'a TokenizedCall<'a>,
        hits: &'a Hits,
        parts: &'a Roles,
        thresholds: &'a Thresholds,
    ) -> Zoning<'a> {
        Zoning {
            text,
            hits,
            parts,
            thresholds,
            agent_runs: &self.agent_runs,
            customer_first: self.customer_runs.first().copied(),
        }
    }

    fn silences<'a>(&'a self, zoning: &'a Zoning<'a>) -> Silences<'a> {
        Silences {
            text: zoning.text,
            hits: zoning.hits,
            parts: zoning.parts,
            thresholds: zoning.thresholds,
            zoning,
            agent_runs: &self.agent_runs,
            markers: &self.markers,
            spoken: &self.spoken,
            timed: self.timed,
        }
    }
}

impl<'a> Timeline<'a> {
    /// Puts a call in order.
    pub fn of(
        text: &'a TokenizedCall<'a>,
        hits: &'a Hits,
        vocabulary: &'a Vocabulary,
        rules: &'a TimelineRules,
        thresholds: &Thresholds,
        cache: &mut NameCache,
    ) -> Self {
        let ground = Groundwork::of(text, hits, rules, thresholds);
        Self::on(ground, text, hits, vocabulary, rules, thresholds, cache)
    }

    /// The same where the groundwork is done.
    pub fn on(
        ground: Groundwork,
        text: &'a TokenizedCall<'a>,
        hits: &'a Hits,
        vocabulary: &'a Vocabulary,
        rules: &'a TimelineRules,
        thresholds: &Thresholds,
        cache: &mut NameCache,
    ) -> Self {
        let call = text.call;
        let parts = &rules.roles;
        let zoning = ground.zoning(text, hits, parts, thresholds);
        let zones = zoning.zones();
        let silences = ground.silences(&zoning);
        let Groundwork {
            agent_runs,
            customer_runs,
            holds,
            timed,
            markers,
            ..
        } = &ground;
        let pauses = silences.pauses(holds, vocabulary);
        let transfers = transfers::transfers(text, hits, parts, &silences, agent_runs);
        let interruptions = speech::interruptions(text, &zoning, thresholds);
        let naming = Namer::new(
            text,
            hits,
            vocabulary,
            parts,
            &zones,
            agent_runs,
            customer_runs,
            cache,
        )
        .naming();
        let silent = silent_after_greeting(&silences, customer_runs, thresholds);
        let in_opening = |run| run < zones.opening_end;
        let gaps = Gaps::of(text, hits, parts, markers, in_opening);
        // Who was silent after what is not there nobody knows.
        let silent = silent && (!gaps.before || customer_runs.is_empty());
        let dropped = gaps::dropped(text, markers);
        let timed = *timed;
        let Groundwork {
            agent_runs,
            customer_runs,
            holds,
            ..
        } = ground;

        let mut timeline = Self {
            call,
            text,
            hits,
            vocabulary,
            roles: parts,
            agent_runs,
            customer_runs,
            holds,
            pauses,
            interruptions,
            transfers,
            naming,
            gaps,
            dropped,
            timed,
            doubt: Doubt::of(text, hits, parts),
            zones,
            facts: 0,
        };
        timeline.facts = timeline.find_facts(silent, thresholds);
        timeline
    }

    /// Whether a fact holds of the call.
    pub fn fact(&self, fact: Fact) -> bool {
        self.facts & fact.bit() != 0 || self.words_of(fact).is_some()
    }

    /// The words by which a fact holds, where it is one of words. Only a fault asks for these, so they are looked for when asked.
    pub fn words_of(&self, fact: Fact) -> Option<Range<usize>> {
        let doubtful = &self.naming.doubtful;
        match fact {
            Fact::SomebodyNamed => doubtful.customer.clone(),
            Fact::SomebodyNamedInOpening => doubtful.agent.clone(),
            Fact::GivenNameDoubtful => doubtful.given.clone(),
            Fact::CustomerMayStartFarewell => self.customers_farewell(false).map(Hit::tokens),
            _ => None,
        }
    }

    /// Whether the run belongs to the opening.
    pub fn in_opening(&self, run: usize) -> bool {
        run < self.zones.opening_end && !self.zones.opening_skips.contains(&run)
    }

    /// Whether the run belongs to the closing.
    pub fn in_closing(&self, run: usize) -> bool {
        run >= self.zones.closing_start || self.zones.early_farewells.contains(&run)
    }

    /// The hits of one speaker in a set, in order.
    pub fn said_by(
        &self,
        set: SetId,
        speaker: Speaker,
    ) -> impl DoubleEndedIterator<Item = &'a Hit> {
        let text = self.text;
        self.hits
            .of(set)
            .iter()
            .filter(move |hit| text.runs[hit.run as usize].speaker == speaker)
    }

    /// The hits of a part.
    pub fn part(&self, set: Option<SetId>) -> &'a [Hit] {
        roles::hits(self.hits, set)
    }

    /// Whether the hit stands in somebody else's words: behind a frame such as «the message says», or in quotation marks.
    pub fn is_quoted(&self, hit: &Hit, reach: QuoteReach) -> bool {
        let tokens = hit.tokens();
        let framed = self.part(self.roles.quote).iter().any(|frame| {
            frame.run == hit.run
                && frame.tokens().end <= tokens.start
                && tokens.start - frame.tokens().end <= reach.tokens()
                && !(reach == QuoteReach::Short && self.ends_between(&frame.tokens(), tokens.start))
        });
        framed || self.in_quotation_marks(&tokens, reach)
    }

    /// Whether a sentence ends behind the tokens and before `next`.
    fn ends_between(&self, tokens: &Range<usize>, next: usize) -> bool {
        (tokens.end - 1..next).any(|token| self.text.after(token).end())
    }

    /// A quotation of several words: one word in quotation marks is a name or irony. What is only looked for to blame somebody may
    /// stand in any quotation marks («нажмите „вставить номер“»); what is required, behind a colon.
    fn in_quotation_marks(&self, tokens: &Range<usize>, reach: QuoteReach) -> bool {
        let turn = self.text.tokens[tokens.start].turn as usize;
        let text = &self.call.turns[turn].text;
        let start = self.text.tokens[tokens.start].start as usize;
        // Quotation marks begin with one of these two bytes, and no letter of ours does.
        let (from, to) = window(text, start);
        let marked = |part: &str| memchr::memchr2(0xc2, 0xe2, part.as_bytes()).is_some();
        let (before, behind) = (&text[from..start], &text[start..to]);
        if !(marked(before) || reach == QuoteReach::Long && marked(behind)) {
            return false;
        }
        // A quotation may go on in the next turn of the run.
        let neighbour = |turn: Option<usize>| {
            let turn = turn.filter(|_| reach == QuoteReach::Long)?;
            let tokens = self.text.runs[self.text.run_of(tokens.start)].tokens();
            let of_run = |token: usize| self.text.tokens[token].turn as usize;
            let is_near = of_run(tokens.start) <= turn && turn <= of_run(tokens.end - 1);
            is_near.then(|| &*self.call.turns[turn].text)
        };
        let last_opens = |part: &str| {
            let mark = part.rfind(['«', '»', '„', '“']);
            mark.map(|at| (at, part[at..].starts_with(['«', '„'])))
        };
        let closes = |part: &str| {
            let mark = part.find(['«', '»', '„', '“', '”']);
            mark.is_some_and(|at| part[at..].starts_with(['»', '“', '”']))
        };
        let open = match last_opens(before) {
            Some((at, true)) => Some(from + at),
            None if from == 0 => {
                let earlier = neighbour(turn.checked_sub(1)).and_then(last_opens);
                if !earlier.is_some_and(|(_, opens)| opens) || !closes(behind) {
                    return false;
                }
                None
            }
            _ => return false,
        };
        let Some(close) = behind.find(['»', '”', '“']) else {
            let later = neighbour(Some(turn + 1)).filter(|_| to == text.len());
            return open.is_some() && later.is_some_and(closes);
        };
        open.is_none_or(|open| {
            text[open..start + close].split_whitespace().count() > 1
                && (reach == QuoteReach::Long || text[..open].trim_end().ends_with(':'))
        })
    }

    /// Whether a label («customer», «young man») is used to address the customer. A label beside a name is let pass.
    pub fn label_is_address(&self, hit: &Hit) -> bool {
        let tokens = hit.tokens();
        let named = |address: &Address| {
            address.tokens.start == tokens.end || address.tokens.end == tokens.start
        };
        // «Бабушка Зоя», whoever is called so.
        let is_name = |token: usize| self.text.tokens[token].marks.first_name();
        let goes_on = tokens.end < self.text.runs[hit.run as usize].tokens().end;
        if self.naming.addresses.iter().any(named) || goes_on && is_name(tokens.end) {
            return false;
        }
        if self.is_for_a_woman_of_a_man(&tokens) {
            return false;
        }
        let mut cache = NameCache::default();
        let namer = Namer::new(
            self.text,
            self.hits,
            self.vocabulary,
            self.roles,
            &self.zones,
            &self.agent_runs,
            &self.customer_runs,
            &mut cache,
        );
        namer.label_is_address(hit.run as usize, &tokens)
    }

    /// A label for a woman before «I» where the customer gave a man's name: some of the customer's own words («девушка, я на работе») were
    /// written into the agent's turn. Labels of the other gender are said of both.
    fn is_for_a_woman_of_a_man(&self, label: &Range<usize>) -> bool {
        let own =
            self.naming.introductions.iter().filter(|introduction| {
                introduction.speaker == Speaker::Customer && introduction.first
            });
        if own.clone().next().is_none() {
            return false;
        }
        let reading = |token: usize| self.vocabulary.reading(self.text.tokens[token].word);
        let goes_on = label.end < self.text.tokens.len()
            && self.text.tokens[label.end].turn == self.text.tokens[label.start].turn
            && reading(label.end).is_some_and(is_i);
        if !goes_on
            || reading(label.end - 1).and_then(|reading| reading.gender) != Some(Gender::Feminine)
        {
            return false;
        }
        let genders: Vec<Gender> = own
            .flat_map(|introduction| {
                let word = self.text.tokens[introduction.tokens.start].word;
                let name = self.vocabulary.lexicon().names(self.vocabulary.norm(word));
                let firsts = name
                    .readings
                    .iter()
                    .filter(|reading| reading.kind == NameKind::First);
                firsts.map(|reading| reading.gender).collect::<Vec<_>>()
            })
            .collect();
        !genders.is_empty() && genders.iter().all(|gender| *gender == Gender::Masculine)
    }

    /// The length of the call, where it is known: as the file says, else the end of the last turn or event.
    pub fn duration(&self) -> Option<Millis> {
        let turns = self
            .call
            .turns
            .iter()
            .filter_map(|turn| turn.time)
            .map(|time| time.end);
        let events = self
            .call
            .events
            .iter()
            .map(|event| event.end.unwrap_or(event.start));
        let last = || {
            turns
                .chain(events.filter(|_| self.timed))
                .max()
                .filter(|_| self.timed)
        };
        self.call.duration.or_else(last)
    }

    /// The agent's part of the speech, `0.0..=1.0`.
    pub fn agent_talk_share(&self) -> Option<f64> {
        speech::agent_talk_share(self.text)
    }

    fn find_facts(&self, silent: bool, thresholds: &Thresholds) -> u32 {
        let mut facts = 0;
        let mut set = |fact: Fact, holds: bool| facts |= if holds { fact.bit() } else { 0 };
        let customer_intro = self
            .naming
            .introductions
            .iter()
            .find(|introduction| introduction.speaker == Speaker::Customer);
        set(Fact::CustomerNeverSpeaks, self.customer_runs.is_empty());
        set(Fact::SilentAfterGreeting, silent);
        set(Fact::CustomerIntroduced, customer_intro.is_some());
        let unasked = customer_intro.is_some_and(|introduction| {
            self.naming
                .asked
                .is_none_or(|asked| introduction.run < asked)
        });
        set(Fact::IntroducedUnasked, unasked);
        set(Fact::NamedFromStart, self.naming.named_from_start);
        let farewell = self.customers_farewell(true);
        set(Fact::CustomerStartsFarewell, farewell.is_some());
        set(Fact::CustomerHungUp, self.customer_hung_up());
        set(
            Fact::ShortAnswer,
            !self.customer_runs.is_empty()
                && self.n_customer_turns() <= thresholds.short_call_turns,
        );
        set(Fact::Timed, self.timed);
        set(Fact::FullFarewell, !self.zones.early_farewells.is_empty());
        let heard_badly = self.part(self.roles.bad_audio).iter().any(|hit| {
            let run = hit.run as usize;
            let spoken_before = self.customer_runs.first().is_some_and(|first| *first < run);
            self.text.runs[run].speaker == Speaker::Agent && spoken_before
        });
        set(Fact::BadAudio, heard_badly);
        facts
    }

    fn n_customer_turns(&self) -> usize {
        self.customer_runs.len()
    }

    /// «That is all, thank you» before the agent's own farewell, with nothing of substance from the customer after it.
    ///
    /// Where it is not `sure` that the words take leave at all, next to nothing may come after them, and an answer to the agent's closing
    /// question takes none.
    fn customers_farewell(&self, sure: bool) -> Option<&'a Hit> {
        let (said, later_tokens) = match sure {
            true => (self.part(self.roles.customer_farewell), LATER_TOKENS),
            false => (
                self.part(self.roles.customer_may_farewell),
                LATER_UNSURE_TOKENS,
            ),
        };
        if said.is_empty() {
            return None;
        }
        let from_agent = |set: Option<SetId>| {
            let hits = self.part(set).iter().map(|hit| hit.run as usize);
            hits.filter(|run| {
                self.text.runs[*run].speaker == Speaker::Agent && *run >= self.zones.closing_start
            })
            .min()
        };
        let agents_first = from_agent(self.roles.goodbye)
            .into_iter()
            .chain(from_agent(self.roles.thanks_call))
            .chain(from_agent(self.roles.parting))
            .min();
        let not_farewell = self.part(self.roles.customer_not_farewell);
        let covered = |hit: &Hit| {
            not_farewell.iter().any(|not| {
                not.run == hit.run
                    && not.tokens().start <= hit.tokens().start
                    && hit.tokens().end <= not.tokens().end
            })
        };
        let questions = self.part(self.roles.anything_else);
        said.iter().find(|hit| {
            let run = hit.run as usize;
            if self.text.runs[run].speaker != Speaker::Customer
                || covered(hit)
                || agents_first.is_some_and(|first| first < run)
            {
                return false;
            }
            let before = self.agent_runs.iter().rfind(|agent| **agent < run);
            let goodbye =
                not_farewell.is_empty() || !not_farewell.iter().any(|not| not.run == hit.run);
            let answers_question = questions
                .iter()
                .any(|question| Some(&(question.run as usize)) == before);
            if answers_question && !(sure && goodbye) {
                return false;
            }
            // The agent has said goodbye too: what comes then is another matter.
            let answer = self.agent_runs.iter().find(|agent| **agent > run);
            let goodbyes = self.part(self.roles.goodbye);
            if answer.is_some_and(|answer| goodbyes.iter().any(|hit| hit.run as usize == *answer)) {
                return true;
            }
            // The talk goes on: it was thanks in passing, or was taken back.
            let later = self.customer_runs.iter().filter(|later| **later > run);
            let n_later: usize = later
                .map(|later| self.text.runs[*later].tokens().len())
                .sum();
            let tail = self.text.runs[run].tokens().end - hit.tokens().end;
            n_later <= later_tokens && tail <= later_tokens
        })
    }

    fn customer_hung_up(&self) -> bool {
        let ended = self
            .call
            .meta
            .get(ENDED_BY)
            .and_then(|value| value.as_str())
            == Some("customer");
        ended && self.customer_runs.last() > self.agent_runs.last()
    }

    /// The span of a run in time.
    pub fn time_of(&self, run: usize) -> Option<TimeSpan> {
        self.text.runs[run].time
    }
}

/// The turns in which somebody says something; none where one of these has no time.
fn timed_turns(text: &TokenizedCall<'_>) -> Vec<usize> {
    let mut spoken = Vec::new();
    for (index, turn) in text.call.turns.iter().enumerate() {
        if is_spoken(text, index) {
            if turn.time.is_none() {
                return Vec::new();
            }
            if spoken.is_empty() {
                spoken.reserve(text.call.turns.len());
            }
            spoken.push(index);
        }
    }
    spoken
}

/// Whether somebody says anything in a turn.
fn is_spoken(text: &TokenizedCall<'_>, turn: usize) -> bool {
    let there = &text.call.turns[turn];
    there.speaker != Speaker::System && !is_blank(&there.text) && !text.is_invented(turn)
}

fn is_blank(text: &str) -> bool {
    // Most texts begin with a letter of one of these.
    let begins = matches!(text.as_bytes().first(), Some(b'!'..=b'~' | 0xd0 | 0xd1));
    !begins && text.chars().all(char::is_whitespace)
}

/// The metadata key that says who hung up, see `docs/call.md`.
const ENDED_BY: &str = "ended_by";
/// A quotation is looked for so far before and behind a word.
const QUOTATION_BYTES: usize = 600;

/// The part of a text around a byte, at whole characters.
fn window(text: &str, at: usize) -> (usize, usize) {
    let mut from = at.saturating_sub(QUOTATION_BYTES);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let mut to = (at + QUOTATION_BYTES).min(text.len());
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    (from, to)
}

/// How far behind a frame such as «the message says» words count as quoted. Nobody marks the end of a quotation in speech, so
/// the doubt decides: what is required is seldom quoted, what is forbidden may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuoteReach {
    /// For what is required.
    Short,
    /// For what is forbidden.
    Long,
}

impl QuoteReach {
    fn tokens(self) -> usize {
        match self {
            Self::Short => 3,
            Self::Long => 10,
        }
    }
}
/// After taking leave a customer may still say so many words.
const LATER_TOKENS: usize = 8;
/// … and so many where it may have been mere thanks.
const LATER_UNSURE_TOKENS: usize = 4;

fn silent_after_greeting(
    silences: &Silences<'_>,
    customer_runs: &[usize],
    thresholds: &Thresholds,
) -> bool {
    let Some(&greeting) = silences.agent_runs.first() else {
        return customer_runs.is_empty();
    };
    let Some(&answer) = customer_runs.first() else {
        return true;
    };
    if answer < greeting {
        return false;
    }
    let runs = &silences.text.runs;
    if silences
        .markers_between(greeting, answer)
        .any(|kind| kind == MarkerKind::Silence)
    {
        return true;
    }
    match (silences.timed, runs[greeting].time, runs[answer].time) {
        (true, Some(greeting), Some(answer)) => answer.start - greeting.end >= thresholds.answer,
        _ => false,
    }
}
