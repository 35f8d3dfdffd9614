//! A pack proves itself: every example of every criterion is a call that is judged.

use std::borrow::Cow;

use crate::audit::Auditor;
use crate::call::{
    Call, Direction, Event, EventKind, Millis, Party, Speaker, TimeSpan, Turn, Word,
};
use crate::criteria::{Evidence, Verdict};
use crate::locale::Lang;
use crate::pack::{ExampleToml, Pack, PackError};

/// How an example came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExampleResult {
    /// Index into the pack's criteria.
    pub criterion: usize,
    /// File of the criterion.
    pub path: String,
    /// Line from 1 where the example begins.
    pub line: u32,
    /// What it should be.
    pub expected: Verdict,
    /// What it is.
    pub got: Verdict,
    /// The reason that came with it.
    pub reason: String,
    /// The reason that the example wants, where it wants a certain one.
    pub reason_wanted: Option<String>,
    /// Words marked in the example, where any are.
    pub marked: Option<Vec<String>>,
    /// Words of the evidence.
    pub evidence: Vec<String>,
    /// Whether the evidence stands exactly where it is marked.
    pub evidence_fits: bool,
    /// The author's remark.
    pub why: Option<String>,
}

impl ExampleResult {
    /// The verdict and, where the example says them, the evidence and the reason are as they should be.
    pub fn is_ok(&self) -> bool {
        self.expected == self.got && self.evidence_fits && self.reason_fits()
    }

    /// The reason is the one that the example wants, or it wants none.
    pub fn reason_fits(&self) -> bool {
        let wanted = self.reason_wanted.as_ref();
        wanted.is_none_or(|wanted| *wanted == self.reason)
    }
}

/// An example as a call, with the places that are marked in it.
#[derive(Debug, Clone, PartialEq)]
pub struct ExampleCall {
    /// The call.
    pub call: Call<'static>,
    /// `(turn, from, to)`, bytes of the turn's text.
    pub marks: Vec<(u32, u32, u32)>,
}

/// An example of a pack as a call.
pub(crate) struct Told {
    /// Index into the pack's criteria.
    pub(crate) criterion: usize,
    /// Line from 1 where it begins.
    pub(crate) line: u32,
    /// As written.
    pub(crate) example: ExampleToml,
    /// As a call.
    pub(crate) call: ExampleCall,
}

/// In an example, this stands for the criterion's advice.
pub const ADVICE_SLOT: &str = "{advice}";
/// Letters a second of quick speech.
const LETTERS_A_SECOND: f64 = 15.0;
/// Seconds between turns where an example gives none.
const BETWEEN_TURNS_S: f64 = 0.5;

/// Runs every example of the pack, in the order of its criteria.
///
/// # Errors
/// Files whose examples cannot be read.
pub fn run(pack: &Pack) -> Result<Vec<ExampleResult>, Vec<PackError>> {
    let mut errors = Vec::new();
    let mut results = Vec::new();
    let mut runner = Runner::new(pack);
    for criterion in 0..pack.criteria().len() {
        match runner.run(criterion) {
            Ok(own) => results.extend(own),
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() {
        Ok(results)
    } else {
        Err(errors)
    }
}

/// Runs the examples of a pack criterion by criterion, for who wants to look up in between.
#[derive(Debug)]
pub struct Runner<'p> {
    pack: &'p Pack,
    auditor: Auditor<'p>,
}

impl<'p> Runner<'p> {
    /// For this pack.
    pub fn new(pack: &'p Pack) -> Self {
        Self {
            pack,
            auditor: Auditor::new(std::slice::from_ref(pack), Lang::Ru),
        }
    }

    /// How the examples of one criterion come out.
    ///
    /// # Errors
    /// When they cannot be read.
    ///
    /// # Panics
    /// When the pack has no such criterion.
    pub fn run(&mut self, criterion: usize) -> Result<Vec<ExampleResult>, PackError> {
        let examples = self.pack.examples(criterion)?;
        let judge = |(line, example): &(u32, ExampleToml)| {
            judge(self.pack, &mut self.auditor, criterion, *line, example)
        };
        Ok(examples.iter().map(judge).collect())
    }
}

/// Every example of the pack as a call, in the order of its criteria.
///
/// # Errors
/// Files whose examples cannot be read.
pub(crate) fn told(pack: &Pack) -> Result<Vec<Told>, Vec<PackError>> {
    let mut all = Vec::new();
    let mut errors = Vec::new();
    for (criterion, info) in pack.info().criteria.iter().enumerate() {
        match pack.examples(criterion) {
            Ok(examples) => all.extend(examples.into_iter().map(|(line, example)| Told {
                criterion,
                line,
                call: example_call(&example, &info.advice),
                example,
            })),
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() {
        Ok(all)
    } else {
        Err(errors)
    }
}

fn judge(
    pack: &Pack,
    auditor: &mut Auditor<'_>,
    criterion: usize,
    line: u32,
    example: &ExampleToml,
) -> ExampleResult {
    let info = &pack.info().criteria[criterion];
    judge_call(
        pack,
        auditor,
        criterion,
        line,
        example,
        &example_call(example, &info.advice),
    )
}

/// Judges an example whose call is made already.
pub(crate) fn judge_call(
    pack: &Pack,
    auditor: &mut Auditor<'_>,
    criterion: usize,
    line: u32,
    example: &ExampleToml,
    ExampleCall { call, marks }: &ExampleCall,
) -> ExampleResult {
    let mut result = None;
    auditor.audit(
        call,
        &pack.homes()[criterion].path,
        Some(line),
        &mut |card| {
            let judgement = &card.judgements[criterion];
            let mut found: Vec<(u32, u32, u32)> =
                judgement.evidence.iter().filter_map(place).collect();
            found.sort_unstable();
            found.dedup();
            let words = |places: &[(u32, u32, u32)]| -> Vec<String> {
                let word = |&(turn, from, to): &(u32, u32, u32)| {
                    call.turns[turn as usize].text[from as usize..to as usize].to_owned()
                };
                places.iter().map(word).collect()
            };
            result = Some(ExampleResult {
                criterion,
                path: pack.homes()[criterion].path.clone(),
                line,
                expected: example.verdict,
                got: judgement.verdict,
                reason: judgement.reason.to_string(),
                reason_wanted: example.reason.clone(),
                marked: (!marks.is_empty()).then(|| words(marks)),
                evidence: words(&found),
                evidence_fits: marks.is_empty() || found == *marks,
                why: example.why.clone(),
            });
        },
    );
    result.expect("one pack gives one scorecard")
}

fn place(evidence: &Evidence<'_>) -> Option<(u32, u32, u32)> {
    let (from, to) = evidence.span?;
    Some((evidence.turn?, from, to))
}

/// Reads the talk of an example. A line that is neither a turn nor a marker goes on with the turn before it.
pub fn example_call(example: &ExampleToml, advice: &str) -> ExampleCall {
    let text = example.call.replace(ADVICE_SLOT, advice);
    let mut turns: Vec<Turn<'static>> = Vec::new();
    let mut clock = 0.0;
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (time, line) = leading_time(line);
        if let Some((speaker, words)) = label(line) {
            turns.push(Turn {
                speaker,
                time,
                text: Cow::Owned(words.to_owned()),
                words: Vec::new(),
            });
        } else if is_marker(line) {
            match pause_seconds(line).filter(|_| example.timed) {
                Some(seconds) => {
                    clock += seconds;
                    // The clock runs on behind the turns so far.
                    clock += settle(&mut turns, clock - seconds) - (clock - seconds);
                    continue;
                }
                None => turns.push(Turn {
                    speaker: Speaker::System,
                    time,
                    text: Cow::Owned(line.to_owned()),
                    words: Vec::new(),
                }),
            }
        } else if let Some(turn) = turns.last_mut() {
            turn.text.to_mut().push(' ');
            turn.text.to_mut().push_str(line);
        }
        if example.timed {
            clock = settle(&mut turns, clock);
        }
    }
    let marks = take_marks(&mut turns);
    ExampleCall {
        call: call_of(example, turns),
        marks,
    }
}

/// A line of an example that was not taken as its author meant it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StrangeLine<'a> {
    /// As written, without blanks around it.
    pub(crate) line: &'a str,
    /// What stands before its colon and looks like a speaker; `None` where the line stands before the first turn.
    pub(crate) label: Option<&'a str>,
}

/// Lines of a talk that look as if they named a speaker and do not, or that nobody says.
pub(crate) fn strange_lines(talk: &str) -> Vec<StrangeLine<'_>> {
    let mut strange = Vec::new();
    let mut begun = false;
    for line in talk.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (_, rest) = leading_time(line);
        if label(rest).is_some() || is_marker(rest) {
            begun |= !is_marker(rest);
            continue;
        }
        let label = rest.split_once(':').map(|(label, _)| label.trim());
        let label = label.filter(|label| looks_like_label(label));
        if label.is_some() || !begun {
            strange.push(StrangeLine { line, label });
        }
    }
    strange
}

/// One or two words with a capital letter, and nothing that ends a sentence.
fn looks_like_label(text: &str) -> bool {
    let words = text.split_whitespace();
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-');
    (1..=LABEL_WORDS_MAX).contains(&words.count())
        && text.chars().next().is_some_and(char::is_uppercase)
        && text.chars().all(is_word)
}

/// A longer beginning before a colon is a part of a sentence.
const LABEL_WORDS_MAX: usize = 2;

/// Gives the last turn a time behind the clock unless it has one, and returns where the clock stands then.
fn settle(turns: &mut [Turn<'static>], clock: f64) -> f64 {
    let Some(turn) = turns
        .last_mut()
        .filter(|turn| turn.time.is_none() && turn.speaker != Speaker::System)
    else {
        return clock;
    };
    let start = clock + BETWEEN_TURNS_S;
    let end = start + (turn.text.chars().count() as f64 / LETTERS_A_SECOND).max(0.5);
    turn.time = Some(TimeSpan {
        start: Millis::from_seconds(start),
        end: Millis::from_seconds(end),
    });
    end
}

fn call_of(example: &ExampleToml, turns: Vec<Turn<'static>>) -> Call<'static> {
    let event = |event: &crate::pack::EventToml| {
        let kind = match event.kind.as_str() {
            "hold" => EventKind::Hold,
            "mute" => EventKind::Mute,
            "transfer" => EventKind::Transfer,
            "ring" => EventKind::Ring,
            _ => EventKind::Hangup,
        };
        Event {
            kind,
            start: Millis::from_seconds(event.start),
            end: event.end.map(Millis::from_seconds),
        }
    };
    Call {
        id: Cow::Borrowed("example"),
        line: example.line.clone().map(Cow::Owned),
        direction: match example.direction.as_deref() {
            Some("outbound") => Some(Direction::Outbound),
            Some(_) => Some(Direction::Inbound),
            None => None,
        },
        started_at: None,
        agent: Party {
            id: None,
            name: example.agent.clone().map(Cow::Owned),
            group: None,
        },
        customer: Party::default(),
        turns,
        events: example.events.iter().map(event).collect(),
        duration: example.duration.map(Millis::from_seconds),
        meta: example.meta.clone(),
    }
}

/// `[12.3-15.8] rest`.
fn leading_time(line: &str) -> (Option<TimeSpan>, &str) {
    let parsed = line.strip_prefix('[').and_then(|rest| {
        let (inside, rest) = rest.split_once(']')?;
        let (start, end) = inside.split_once('-')?;
        let time = TimeSpan {
            start: Millis::from_seconds(start.trim().parse().ok()?),
            end: Millis::from_seconds(end.trim().parse().ok()?),
        };
        Some((Some(time), rest.trim_start()))
    });
    parsed.unwrap_or((None, line))
}

fn label(line: &str) -> Option<(Speaker, &str)> {
    let (label, words) = line.split_once(':')?;
    let speaker = match label.trim() {
        "\u{41e}" | "O" => Speaker::Agent,
        "\u{41a}" | "K" => Speaker::Customer,
        _ => return None,
    };
    Some((speaker, words.trim()))
}

fn is_marker(line: &str) -> bool {
    line.starts_with('[') && !line.starts_with("[[") && line.ends_with(']')
}

/// The number at the end of `[pause 14]`, with or without a unit of one letter.
fn pause_seconds(marker: &str) -> Option<f64> {
    let inside = marker.trim_matches(['[', ']']);
    inside.split_whitespace().find_map(|part| part.parse().ok())
}

/// Removes `[[` and `]]` and says what stood between them. A number in braces behind a word, `word{0.3}`, is the confidence with
/// which it was heard, and goes too; the other words of such a turn are surely heard.
fn take_marks(turns: &mut [Turn<'static>]) -> Vec<(u32, u32, u32)> {
    let mut marks = Vec::new();
    for (i, turn) in turns.iter_mut().enumerate() {
        let mut clean = String::new();
        let mut open = None;
        let mut rest: &str = &turn.text;
        let mut heard: Vec<(usize, f32)> = Vec::new();
        while let Some(at) = rest.find(['[', ']', '{']) {
            clean.push_str(&rest[..at]);
            rest = &rest[at..];
            if let Some(after) = rest.strip_prefix("[[") {
                open = Some(clean.len());
                rest = after;
            } else if let (Some(after), Some(from)) = (rest.strip_prefix("]]"), open) {
                marks.push((i as u32, from as u32, clean.len() as u32));
                open = None;
                rest = after;
            } else if let Some((confidence, after)) = confidence(rest) {
                heard.push((clean.len(), confidence));
                rest = after;
            } else {
                clean.push_str(&rest[..1]);
                rest = &rest[1..];
            }
        }
        clean.push_str(rest);
        if !heard.is_empty() {
            turn.words = words(&clean, &heard);
        }
        turn.text = Cow::Owned(clean);
    }
    marks
}

/// `{0.3}rest`.
fn confidence(text: &str) -> Option<(f32, &str)> {
    let (number, rest) = text.strip_prefix('{')?.split_once('}')?;
    Some((number.parse().ok()?, rest))
}

/// The words of a turn, with the confidence of those that end where one was given.
fn words(text: &str, heard: &[(usize, f32)]) -> Vec<Word<'static>> {
    let word = |word: &str| {
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        let given = heard
            .iter()
            .find(|(end, _)| (start + 1..=start + word.len()).contains(end));
        Word {
            text: Cow::Owned(word.to_owned()),
            time: None,
            confidence: Some(given.map_or(1.0, |(_, confidence)| *confidence)),
        }
    };
    text.split_whitespace().map(word).collect()
}
