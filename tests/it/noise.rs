//! What a recogniser does to a talk must not change what is said of it: calls are spoilt in small ways, with a fixed seed, and
//! the verdicts that change are counted. The whole table is written to `noise.txt` in the folder of temporary files.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::path::Path;

use etalon::audit::Auditor;
use etalon::call::{Call, Millis, Speaker, TimeSpan, Turn};
use etalon::criteria::Verdict;
use etalon::examples::example_call;
use etalon::ingest::{self, Options, Parsed, Source};
use etalon::lexicon::Lexicon;
use etalon::locale::Lang;
use etalon::pack::Pack;

/// A way to spoil a call; the name stands in the table.
struct Noise {
    name: &'static str,
    spoil: fn(&Judged<'_>, &mut Dice) -> Vec<Spoilt>,
    examples: Most,
    calls: Most,
}

/// At most so many of a hundred passes may become faults, of a hundred passes may be passes no more, of a hundred faults may be
/// lost. They stand a little above what was measured: a change that goes beyond has spoilt something.
#[derive(Clone, Copy)]
struct Most {
    accused: f64,
    lost: f64,
    missed: f64,
}

const fn most(accused: f64, lost: f64, missed: f64) -> Most {
    Most {
        accused,
        lost,
        missed,
    }
}

/// Examples are short and hold one wording each, so that much hangs on one word; calls are what people hand in.
#[rustfmt::skip]
const NOISES: &[Noise] = &[
    Noise { name: "small letters, no punctuation", spoil: |j, _| each_turn(j, plain), examples: most(0.8, 0.8, 0.8), calls: most(0.2, 0.6, 2.0) },
    Noise { name: "ё as е", spoil: |j, _| each_turn(j, |text| text.replace('ё', "е").replace('Ё', "Е")), examples: most(0.0, 0.0, 0.0), calls: most(0.0, 0.0, 0.0) },
    Noise { name: "numbers as digits", spoil: |j, _| each_turn(j, digits), examples: most(0.0, 0.0, 0.0), calls: most(0.03, 0.03, 0.0) },
    Noise { name: "digits as numbers", spoil: |j, _| each_turn(j, numbers), examples: most(0.0, 0.0, 0.0), calls: most(0.0, 0.0, 0.0) },
    Noise { name: "a letter of a required word", spoil: letter, examples: most(4.1, 4.2, 0.0), calls: most(1.5, 1.7, 0.0) },
    Noise { name: "the first word of a phrase", spoil: first_word, examples: most(71.0, 73.0, 0.0), calls: most(15.0, 18.0, 0.0) },
    Noise { name: "words glued", spoil: |j, dice| thrice(j, dice, glue), examples: most(2.6, 2.7, 4.5), calls: most(0.07, 0.08, 0.15) },
    Noise { name: "words split or as they sound", spoil: |j, dice| thrice(j, dice, split), examples: most(1.0, 1.1, 2.0), calls: most(0.01, 0.02, 0.1) },
    Noise { name: "a turn in two", spoil: |j, dice| thrice(j, dice, cut), examples: most(0.2, 0.2, 0.2), calls: most(0.0, 0.0, 0.0) },
    Noise { name: "the customer says yes meanwhile", spoil: |j, dice| thrice(j, dice, interject), examples: most(25.0, 28.0, 37.0), calls: most(0.2, 0.5, 1.5) },
];

/// A generator of numbers (splitmix64): the same seed, the same numbers.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % below.max(1) as u64) as usize
    }
}

/// A call with the verdicts on it.
struct Judged<'a> {
    name: String,
    call: Call<'a>,
    verdicts: Vec<Verdict>,
    /// Turn and bytes, by criterion.
    evidence: Vec<Vec<(usize, usize, usize)>>,
    /// Only this criterion is looked at.
    only: Option<usize>,
}

struct Spoilt {
    call: Call<'static>,
    /// Only this criterion is looked at.
    only: Option<usize>,
    what: String,
}

fn owned(call: &Call<'_>) -> Call<'static> {
    let text = |text: &Option<Cow<'_, str>>| text.as_ref().map(|t| Cow::Owned(t.to_string()));
    let party = |party: &etalon::call::Party<'_>| etalon::call::Party {
        id: text(&party.id),
        name: text(&party.name),
        group: text(&party.group),
    };
    Call {
        id: Cow::Owned(call.id.to_string()),
        line: text(&call.line),
        direction: call.direction,
        started_at: text(&call.started_at),
        agent: party(&call.agent),
        customer: party(&call.customer),
        turns: call
            .turns
            .iter()
            .map(|turn| Turn {
                speaker: turn.speaker,
                time: turn.time,
                text: Cow::Owned(turn.text.to_string()),
                words: Vec::new(),
            })
            .collect(),
        events: call.events.clone(),
        duration: call.duration,
        meta: call.meta.clone(),
    }
}

// --- ways to spoil a call

fn spoken(turn: &Turn<'_>) -> bool {
    turn.speaker != Speaker::System && !turn.text.contains('[')
}

fn each_turn(judged: &Judged<'_>, change: fn(&str) -> String) -> Vec<Spoilt> {
    let mut call = owned(&judged.call);
    let mut changed = false;
    for turn in call.turns.iter_mut().filter(|turn| spoken(turn)) {
        let text = change(&turn.text);
        changed |= text != turn.text;
        turn.text = Cow::Owned(text);
    }
    let spoilt = Spoilt {
        call,
        only: None,
        what: String::new(),
    };
    if changed { vec![spoilt] } else { Vec::new() }
}

fn plain(text: &str) -> String {
    let letter = |c: char| if c.is_alphanumeric() { c } else { ' ' };
    let text: String = text.chars().map(letter).collect();
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}

/// Numbers whose words say one thing only.
const NUMBERS: &[(&str, &str)] = &[
    ("две", "2"),
    ("два", "2"),
    ("двух", "2"),
    ("три", "3"),
    ("трех", "3"),
    ("четыре", "4"),
    ("пять", "5"),
    ("пяти", "5"),
    ("шесть", "6"),
    ("семь", "7"),
    ("восемь", "8"),
    ("десять", "10"),
    ("десяти", "10"),
    ("пятнадцать", "15"),
    ("двадцать", "20"),
    ("тридцать", "30"),
    ("сорок", "40"),
];

/// Changes words that stand alone: beside another number they may be part of it.
fn renumber(text: &str, number: impl Fn(&str) -> Option<&'static str>) -> String {
    let is_number = |word: &str| {
        let word = plain(word);
        word.bytes().any(|b| b.is_ascii_digit()) || Lexicon::embedded().number_word(&word).is_some()
    };
    let words: Vec<&str> = text.split(' ').collect();
    let mut out: Vec<Cow<'_, str>> = Vec::new();
    for (i, word) in words.iter().enumerate() {
        let beside = i > 0 && is_number(words[i - 1])
            || words.get(i + 1).is_some_and(|next| is_number(next));
        let bare = word.trim_end_matches([',', '.', '?', '!']);
        match number(bare).filter(|_| !beside) {
            Some(other) => out.push(Cow::Owned(format!("{other}{}", &word[bare.len()..]))),
            None => out.push(Cow::Borrowed(word)),
        }
    }
    out.join(" ")
}

fn digits(text: &str) -> String {
    renumber(text, |word| {
        let found = NUMBERS.iter().find(|(known, _)| *known == word);
        found.map(|(_, digits)| *digits)
    })
}

fn numbers(text: &str) -> String {
    renumber(text, |word| {
        let found = NUMBERS.iter().find(|(_, digits)| *digits == word);
        found.map(|(known, _)| *known)
    })
}

/// Letters that are taken for one another.
const TWINS: &[(char, char)] = &[
    ('а', 'о'),
    ('о', 'а'),
    ('и', 'е'),
    ('е', 'и'),
    ('т', 'д'),
    ('д', 'т'),
    ('с', 'з'),
    ('з', 'с'),
    ('к', 'г'),
    ('г', 'к'),
    ('п', 'б'),
    ('б', 'п'),
    ('ш', 'щ'),
    ('щ', 'ш'),
    ('в', 'ф'),
    ('ж', 'ш'),
];

/// The words of a text with their bytes.
fn words_of(text: &str) -> Vec<(usize, usize)> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_alphabetic(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                words.push((from, at));
                start = None;
            }
            _ => {}
        }
    }
    words
}

/// What is required is said with one wrong letter.
fn letter(judged: &Judged<'_>, dice: &mut Dice) -> Vec<Spoilt> {
    let mut spoilt = Vec::new();
    for (criterion, evidence) in passes(judged) {
        for &(turn, from, to) in evidence.iter().take(2) {
            let text = &*judged.call.turns[turn].text;
            let long: Vec<(usize, usize)> = words_of(text)
                .into_iter()
                .filter(|word| from <= word.0 && word.1 <= to)
                .filter(|word| text[word.0..word.1].chars().count() >= 7)
                .filter(|word| {
                    let norm = etalon::text::norm(&text[word.0..word.1]);
                    !Lexicon::embedded().names(&norm).is_name()
                })
                .collect();
            let Some(&(start, end)) = long.get(dice.roll(long.len())) else {
                continue;
            };
            let chars: Vec<char> = text[start..end].chars().collect();
            let places: Vec<usize> = (1..chars.len())
                .filter(|at| TWINS.iter().any(|(c, _)| *c == chars[*at]))
                .collect();
            let Some(&at) = places.get(dice.roll(places.len())) else {
                continue;
            };
            let mut word = chars.clone();
            word[at] = TWINS.iter().find(|(c, _)| *c == chars[at]).unwrap().1;
            let word: String = word.into_iter().collect();
            // Another word is another matter.
            if Lexicon::embedded().knows(&etalon::text::norm(&word)) {
                continue;
            }
            // One slip is no slip if the words are there again.
            let mut call = owned(&judged.call);
            let what = format!("{} -> {word}", &text[start..end]);
            call.turns[turn]
                .text
                .to_mut()
                .replace_range(start..end, &word);
            spoilt.push(Spoilt {
                call,
                only: Some(criterion),
                what,
            });
        }
    }
    spoilt
}

/// The criteria that are met by words, with these.
fn passes<'j>(
    judged: &'j Judged<'_>,
) -> impl Iterator<Item = (usize, &'j Vec<(usize, usize, usize)>)> {
    let all = judged.evidence.iter().enumerate();
    all.filter(|(criterion, evidence)| {
        judged.verdicts[*criterion] == Verdict::Pass
            && !evidence.is_empty()
            && judged.only.is_none_or(|only| only == *criterion)
    })
}

/// The first word of what is required is lost, where a turn begins with it; what is left has two words or more.
fn first_word(judged: &Judged<'_>, _: &mut Dice) -> Vec<Spoilt> {
    let mut spoilt = Vec::new();
    for (criterion, evidence) in passes(judged) {
        for &(turn, from, to) in evidence.iter().take(2) {
            let text = &*judged.call.turns[turn].text;
            let words: Vec<(usize, usize)> = words_of(text)
                .into_iter()
                .filter(|word| from <= word.0 && word.1 <= to)
                .collect();
            if words.len() < 3 || words_of(&text[..from]).into_iter().next().is_some() {
                continue;
            }
            let mut call = owned(&judged.call);
            let what = format!(
                "({}) {}",
                &text[words[0].0..words[0].1],
                &text[words[1].0..to]
            );
            call.turns[turn]
                .text
                .to_mut()
                .replace_range(words[0].0..words[1].0, "");
            spoilt.push(Spoilt {
                call,
                only: Some(criterion),
                what,
            });
        }
    }
    spoilt
}

fn thrice(
    judged: &Judged<'_>,
    dice: &mut Dice,
    spoil: fn(&mut Call<'static>, &mut Dice) -> Option<String>,
) -> Vec<Spoilt> {
    let mut spoilt = Vec::new();
    for _ in 0..3 {
        let mut call = owned(&judged.call);
        if let Some(what) = spoil(&mut call, dice) {
            spoilt.push(Spoilt {
                call,
                only: None,
                what,
            });
        }
    }
    spoilt
}

/// Short words that recognisers glue to the next one.
const GLUED: &[&str] = &[
    "до", "за", "на", "не", "по", "вас", "вам", "я", "для", "что", "это", "и", "с", "в",
];

fn glue(call: &mut Call<'static>, dice: &mut Dice) -> Option<String> {
    let mut places = Vec::new();
    for (turn_idx, turn) in call
        .turns
        .iter()
        .enumerate()
        .filter(|(_, turn)| spoken(turn))
    {
        if turn.speaker != Speaker::Agent {
            continue;
        }
        let words = words_of(&turn.text);
        for pair in words.windows(2) {
            let text = &turn.text;
            let between = &text[pair[0].1..pair[1].0];
            let first = text[pair[0].0..pair[0].1].to_lowercase();
            let long = text[pair[1].0..pair[1].1].chars().count() >= 5;
            if between == " " && GLUED.contains(&first.as_str()) && long {
                places.push((turn_idx, pair[0], pair[1]));
            }
        }
    }
    let &(turn, first, second) = places.get(dice.roll(places.len()))?;
    let text = call.turns[turn].text.to_mut();
    text.replace_range(first.1..second.0, "");
    Some(text[first.0..second.1 - 1].to_owned())
}

/// Words that recognisers write otherwise: split, glued, as they sound.
const SPLIT: &[(&str, &str)] = &[
    ("сейчас", "сей час"),
    ("чтобы", "что бы"),
    ("также", "так же"),
    ("тоже", "то же"),
    ("сейчас", "щас"),
    ("сейчас", "час"),
    ("пожалуйста", "пожалуста"),
    ("здравствуйте", "здраствуйте"),
    ("поэтому", "по этому"),
    ("насчёт", "на счёт"),
    ("вопрос", "во прос"),
    ("спасибо", "спаси бо"),
];

fn split(call: &mut Call<'static>, dice: &mut Dice) -> Option<String> {
    let mut places = Vec::new();
    for (turn_idx, turn) in call
        .turns
        .iter()
        .enumerate()
        .filter(|(_, turn)| spoken(turn))
    {
        for (from, to) in words_of(&turn.text) {
            let word = turn.text[from..to].to_lowercase();
            let ways = SPLIT.iter().filter(|(known, _)| *known == word);
            places.extend(ways.map(|(_, parts)| (turn_idx, from, to, *parts)));
        }
    }
    let &(turn, from, to, parts) = places.get(dice.roll(places.len()))?;
    call.turns[turn]
        .text
        .to_mut()
        .replace_range(from..to, parts);
    Some(parts.to_owned())
}

/// Where a long turn of the agent may be cut: turn and byte behind the space.
fn places_to_cut(call: &Call<'_>) -> Vec<(usize, usize)> {
    let mut places = Vec::new();
    for (turn_idx, turn) in call
        .turns
        .iter()
        .enumerate()
        .filter(|(_, turn)| spoken(turn))
    {
        if turn.speaker == Speaker::Agent {
            let spaces = turn
                .text
                .match_indices(' ')
                .map(|(at, _)| (turn_idx, at + 1));
            places.extend(spaces);
        }
    }
    places
}

/// The turn as two, with this much time between them in the middle of the turn's time.
fn cut_at(call: &mut Call<'static>, (turn_idx, at): (usize, usize), gap_ms: i64) -> (Millis, bool) {
    let turn = call.turns[turn_idx].clone();
    let share = at as f64 / turn.text.len() as f64;
    let (mut left, mut right) = (turn.clone(), turn.clone());
    left.text = Cow::Owned(turn.text[..at].trim_end().to_owned());
    right.text = Cow::Owned(turn.text[at..].to_owned());
    let mut moment = Millis(0);
    if let Some(time) = turn.time {
        let whole = (time.end - time.start).0;
        let middle = time.start.0 + ((whole - gap_ms).max(0) as f64 * share) as i64;
        moment = Millis(middle);
        left.time = Some(TimeSpan {
            start: time.start,
            end: moment,
        });
        let start = Millis((middle + gap_ms).min(time.end.0));
        right.time = Some(TimeSpan {
            start,
            end: time.end,
        });
    }
    call.turns[turn_idx] = left;
    call.turns.insert(turn_idx + 1, right);
    (moment, turn.time.is_some())
}

fn cut(call: &mut Call<'static>, dice: &mut Dice) -> Option<String> {
    let places = places_to_cut(call);
    let &place = places.get(dice.roll(places.len()))?;
    cut_at(call, place, 200);
    Some(format!(
        "{} | {}",
        call.turns[place.0].text,
        call.turns[place.0 + 1].text
    ))
}

fn interject(call: &mut Call<'static>, dice: &mut Dice) -> Option<String> {
    let places = places_to_cut(call);
    let &place = places.get(dice.roll(places.len()))?;
    let (moment, timed) = cut_at(call, place, 400);
    let text = ["угу", "да", "ага"][dice.roll(3)];
    let time = timed.then_some(TimeSpan {
        start: moment,
        end: Millis(moment.0 + 400),
    });
    let (left, right) = (&call.turns[place.0].text, &call.turns[place.0 + 1].text);
    let what = format!("{left} [{text}] {right}");
    let turn = Turn {
        speaker: Speaker::Customer,
        time,
        text: Cow::Borrowed(text),
        words: Vec::new(),
    };
    call.turns.insert(place.0 + 1, turn);
    Some(what)
}

// --- counting

#[derive(Default, Clone, Copy)]
struct Count {
    passes: u32,
    accused: u32,
    lost: u32,
    faults: u32,
    missed: u32,
}

impl Count {
    fn add(&mut self, before: Verdict, after: Verdict) {
        match before {
            Verdict::Pass => {
                self.passes += 1;
                self.accused += u32::from(after == Verdict::Fail);
                self.lost += u32::from(after != Verdict::Pass);
            }
            Verdict::Fail => {
                self.faults += 1;
                self.missed += u32::from(after != Verdict::Fail);
            }
            _ => {}
        }
    }
}

fn judge<'a>(pack: &Pack, auditor: &mut Auditor<'_>, name: String, call: Call<'a>) -> Judged<'a> {
    let mut judged = Judged {
        name,
        verdicts: Vec::new(),
        evidence: Vec::new(),
        only: None,
        call: Call::default(),
    };
    assert!(!pack.criteria().is_empty());
    auditor.audit(&call, "", None, &mut |card| {
        for judgement in &card.judgements {
            judged.verdicts.push(judgement.verdict);
            let place = |one: &etalon::criteria::Evidence<'_>| {
                let (from, to) = one.span?;
                Some((one.turn? as usize, from as usize, to as usize))
            };
            let mut places: Vec<_> = judgement.evidence.iter().filter_map(place).collect();
            // A phrase over a cut has a piece in either turn; one is enough to be spoilt.
            places.dedup_by_key(|place| (place.0, place.1));
            judged.evidence.push(places);
        }
    });
    judged.call = call;
    judged
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The labelled calls of a pack, and the talk of the examples that come out as they should.
fn calls(pack: &Pack, auditor: &mut Auditor<'_>) -> Vec<Judged<'static>> {
    let mut all = Vec::new();
    let path = root().join(format!("fixtures/eval/{}.calls.ndjson", pack.info().id));
    let options = Options::default();
    let read = ingest::read(&Source::new(&path), &options, &mut |batch| {
        for record in batch.expect("the file can be read").records() {
            let Parsed::Call(call, _) = record.parse(&options) else {
                panic!("a call of {} cannot be read", path.display());
            };
            all.push(judge(pack, auditor, call.id.to_string(), owned(&call)));
        }
        ControlFlow::Continue(())
    });
    assert!(read.is_continue());
    for (criterion, info) in pack.info().criteria.iter().enumerate() {
        for (line, example) in pack.examples(criterion).expect("examples can be read") {
            let call = example_call(&example, &info.advice).call;
            let mut judged = judge(pack, auditor, format!("{}:{line}", info.id), call);
            judged.only = Some(criterion);
            all.push(judged);
        }
    }
    all
}

#[test]
fn noise_changes_few_verdicts() {
    let mut report = String::new();
    let mut details = String::new();
    let mut faults = String::new();
    let packs: Vec<Pack> = ["mts", "yumek"]
        .iter()
        .map(|id| Pack::from_dir(&root().join("rules").join(id)).expect("the pack loads"))
        .collect();
    let mut by_noise: BTreeMap<usize, [Count; 2]> = BTreeMap::new();
    let mut by_criterion: BTreeMap<(usize, String), Count> = BTreeMap::new();
    for pack in &packs {
        let mut auditor = Auditor::new(std::slice::from_ref(pack), Lang::Ru);
        let calls = calls(pack, &mut auditor);
        for (n, noise) in NOISES.iter().enumerate() {
            let mut dice = Dice(n as u64 + 1);
            for judged in &calls {
                for spoilt in (noise.spoil)(judged, &mut dice) {
                    let after = judge(pack, &mut auditor, String::new(), spoilt.call);
                    let only = spoilt.only.or(judged.only);
                    for (criterion, info) in pack.info().criteria.iter().enumerate() {
                        let (before, after) =
                            (judged.verdicts[criterion], after.verdicts[criterion]);
                        if only.is_some_and(|only| only != criterion) {
                            continue;
                        }
                        let whole = usize::from(judged.only.is_none());
                        by_noise.entry(n).or_default()[whole].add(before, after);
                        let key = (n, info.id.clone());
                        by_criterion.entry(key).or_default().add(before, after);
                        if before != after && matches!(before, Verdict::Pass | Verdict::Fail) {
                            let (from, to) = (before.name(), after.name());
                            let (name, what) = (&judged.name, &spoilt.what);
                            let noise = noise.name;
                            let id = &info.id;
                            writeln!(details, "{noise}\t{id}\t{from}->{to}\t{name}\t{what}")
                                .unwrap();
                        }
                    }
                }
            }
        }
    }
    let percent = |part: u32, of: u32| 100.0 * f64::from(part) / f64::from(of.max(1));
    for (n, counts) in &by_noise {
        let noise = &NOISES[*n];
        let kinds = [("examples", noise.examples), ("calls", noise.calls)];
        for (count, (of, most)) in counts.iter().zip(kinds) {
            let accused = percent(count.accused, count.passes);
            let lost = percent(count.lost, count.passes);
            let missed = percent(count.missed, count.faults);
            let Count {
                passes,
                faults: n_faults,
                ..
            } = count;
            writeln!(report, "{:<34} {of:<8} passes {passes:>5}: accused {accused:>5.2} % lost {lost:>5.2} %; faults {n_faults:>4}: missed {missed:>5.2} %", noise.name).unwrap();
            if accused > most.accused || lost > most.lost || missed > most.missed {
                writeln!(
                    faults,
                    "{} ({of}): accused {accused:.2}, lost {lost:.2}, missed {missed:.2}",
                    noise.name
                )
                .unwrap();
            }
        }
    }
    report.push('\n');
    for ((n, id), count) in &by_criterion {
        let Count {
            passes,
            accused,
            lost,
            faults,
            missed,
        } = count;
        if *lost + *missed > 0 {
            writeln!(report, "{:<34} {id:<24} passes {passes:>4} accused {accused:>3} lost {lost:>3} faults {faults:>4} missed {missed:>3}", NOISES[*n].name).unwrap();
        }
    }
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join("noise.txt");
    std::fs::write(&to, format!("{report}\n{details}")).expect("the table can be written");
    assert!(
        faults.is_empty(),
        "too many verdicts change, see {}:\n{faults}",
        to.display()
    );
}
