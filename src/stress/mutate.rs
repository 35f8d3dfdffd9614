//! A call -> the same call, changed in one known way.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::call::{Call, Millis, Speaker, TimeSpan, Turn};
use crate::lexicon::Lexicon;

/// Words of one turn: its index, and bytes of its text.
pub(super) type Place = (u32, u32, u32);

/// A changed call, and where what was changed on purpose now stands.
pub(super) struct Mutant {
    pub(super) call: Call<'static>,
    /// The words put in, or moved.
    pub(super) places: Vec<Place>,
}

/// What a recogniser says of hesitation.
const FILLER: &str = "\u{44d}";
/// Shorter words never match loosely.
const LOOSE_LETTERS_MIN: usize = 5;
/// Words that say nothing, in no language that a pack knows.
const PADDING: &str = "lorem ipsum";

/// Small letters and no punctuation, as a recogniser gives it; markers and what stands between digits stay.
pub(super) fn bare(call: &Call<'static>) -> Option<Mutant> {
    each_text(call, bare_text)
}

/// `ё` written as `е`.
pub(super) fn yo(call: &Call<'static>) -> Option<Mutant> {
    each_text(call, |text| text.replace('ё', "е").replace('Ё', "Е"))
}

fn each_text(call: &Call<'static>, change: impl Fn(&str) -> String) -> Option<Mutant> {
    let mut changed = call.clone();
    for turn in spoken(&mut changed) {
        turn.text = Cow::Owned(change(&turn.text));
    }
    (changed != *call).then(|| Mutant {
        call: changed,
        places: Vec::new(),
    })
}

fn spoken<'t>(call: &'t mut Call<'static>) -> impl Iterator<Item = &'t mut Turn<'static>> {
    call.turns
        .iter_mut()
        .filter(|turn| turn.speaker != Speaker::System)
}

/// Small letters and no punctuation.
pub(super) fn bare_text(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut in_marker = false;
    for (at, &letter) in letters.iter().enumerate() {
        in_marker |= letter == '[';
        let beside = |n: usize, test: fn(&char) -> bool| letters.get(n).is_some_and(test);
        let between =
            |test: fn(&char) -> bool| at > 0 && beside(at - 1, test) && beside(at + 1, test);
        let stays = in_marker
            || letter.is_alphanumeric()
            || letter.is_whitespace()
            || matches!(letter, '%' | '+' | '№' | '@' | '/' | '*' | '#')
            || between(|c| c.is_ascii_digit())
            || matches!(letter, '-' | '\'') && between(|c| c.is_alphanumeric());
        if !stays {
            out.push(' ');
        } else if in_marker {
            out.push(letter);
        } else {
            out.extend(letter.to_lowercase());
        }
        in_marker &= letter != ']';
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where turns are cut or fillers put in, a trial each: between any two words of the evidence, or beside it where it is one word;
/// without evidence in the middle of all turns of the agent at once.
fn cuts(call: &Call<'static>, evidence: &[Place]) -> Vec<Vec<(usize, usize)>> {
    if evidence.is_empty() {
        let agents = call.turns.iter().enumerate();
        let agents = agents.filter(|(_, turn)| turn.speaker == Speaker::Agent);
        let middle = |(idx, turn): (usize, &Turn<'_>)| {
            let gaps = gaps(&turn.text);
            gaps.get(gaps.len() / 2).map(|gap| (idx, *gap))
        };
        let middles: Vec<_> = agents.filter_map(middle).collect();
        return if middles.is_empty() {
            Vec::new()
        } else {
            vec![middles]
        };
    }
    let mut cuts = BTreeSet::new();
    for &(idx, from, to) in evidence {
        let (idx, from, to) = (idx as usize, from as usize, to as usize);
        let all = gaps(&call.turns[idx].text);
        let within = all.iter().filter(|at| (from + 1..to).contains(*at));
        let before = cuts.len();
        cuts.extend(within.map(|at| (idx, *at)));
        if cuts.len() == before {
            let beside = all.iter().rfind(|at| **at <= from).or(all.first());
            cuts.extend(beside.map(|at| (idx, *at)));
        }
    }
    cuts.into_iter().map(|cut| vec![cut]).collect()
}

/// Bytes where a word begins behind another, outside markers.
fn gaps(text: &str) -> Vec<usize> {
    let mut gaps = Vec::new();
    let mut depth = 0_i32;
    let (mut blank, mut spoken) = (false, false);
    for (at, letter) in text.char_indices() {
        let outside = depth == 0;
        depth += i32::from(letter == '[') - i32::from(letter == ']');
        if letter.is_whitespace() {
            blank = true;
            continue;
        }
        if blank && spoken && outside && letter != '[' && letter.is_alphanumeric() {
            gaps.push(at);
        }
        blank = false;
        spoken |= letter.is_alphanumeric();
    }
    gaps
}

/// A turn of the evidence cut into two of the same speaker.
pub(super) fn split(call: &Call<'static>, evidence: &[Place]) -> Vec<Mutant> {
    let cuts = cuts(call, evidence);
    cuts.iter().map(|cuts| split_at(call, cuts)).collect()
}

fn split_at(call: &Call<'static>, cuts: &[(usize, usize)]) -> Mutant {
    let mut changed = call.clone();
    changed.turns.clear();
    for (idx, turn) in call.turns.iter().enumerate() {
        let Some(&(_, at)) = cuts.iter().find(|cut| cut.0 == idx) else {
            changed.turns.push(turn.clone());
            continue;
        };
        let (head, tail) = turn.text.split_at(at);
        let middle = turn.time.map(|time| {
            let share = head.chars().count() as f64 / turn.text.chars().count() as f64;
            let length = (time.end - time.start).0 as f64;
            time.start + Millis((length * share) as i64)
        });
        let half = |text: &str, time: Option<TimeSpan>| Turn {
            time,
            ..turn_of(turn.speaker, text.trim())
        };
        let until = |end| turn.time.map(|time| TimeSpan { end, ..time });
        let from = |start| turn.time.map(|time| TimeSpan { start, ..time });
        changed.turns.push(half(head, middle.and_then(until)));
        changed.turns.push(half(tail, middle.and_then(from)));
    }
    Mutant {
        call: changed,
        places: Vec::new(),
    }
}

/// A filler between words of the evidence.
pub(super) fn filler(call: &Call<'static>, evidence: &[Place]) -> Vec<Mutant> {
    let with_fillers = |cuts: &Vec<(usize, usize)>| {
        let mut changed = call.clone();
        for &(idx, at) in cuts {
            let text = changed.turns[idx].text.to_mut();
            text.insert_str(at, &format!("{FILLER} "));
        }
        Mutant {
            call: changed,
            places: Vec::new(),
        }
    };
    cuts(call, evidence).iter().map(with_fillers).collect()
}

/// The second letter of every long word of the evidence written twice; not where that makes another word.
pub(super) fn slip(call: &Call<'static>, evidence: &[Place]) -> Option<Mutant> {
    let mut changed = call.clone();
    let mut places = Vec::new();
    // From the end, so that what is left to do stays where it is.
    for &(turn, from, to) in evidence.iter().rev() {
        let words = call.turns[turn as usize].text[from as usize..to as usize].to_owned();
        let slipped: Vec<String> = words
            .split_inclusive(|c: char| !c.is_alphabetic())
            .map(slipped)
            .collect();
        let slipped = slipped.concat();
        if slipped != words {
            let text = changed.turns[turn as usize].text.to_mut();
            text.replace_range(from as usize..to as usize, &slipped);
            places.push((turn, from, from + slipped.len() as u32));
        }
    }
    places.reverse();
    (!places.is_empty()).then_some(Mutant {
        call: changed,
        places,
    })
}

/// A word, with what stands behind it.
fn slipped(word: &str) -> String {
    let letters = word.chars().take_while(|c| c.is_alphabetic());
    let Some((second, letter)) = word.char_indices().nth(1) else {
        return word.to_owned();
    };
    let slipped = format!("{}{letter}{}", &word[..second], &word[second..]);
    let bare: String = slipped.chars().filter(|c| c.is_alphabetic()).collect();
    if letters.count() < LOOSE_LETTERS_MIN || Lexicon::embedded().knows(&crate::text::norm(&bare)) {
        return word.to_owned();
    }
    slipped
}

/// Without the words of the evidence.
pub(super) fn drop_words(call: &Call<'static>, evidence: &[Place]) -> Option<Mutant> {
    let mut changed = call.clone();
    let mut places = evidence.to_vec();
    // From the end, so that what is left to do stays where it is; overlaps are cut once.
    places.sort_unstable();
    let mut next: Option<(u32, u32)> = None;
    for &(turn, from, to) in places.iter().rev() {
        let to = match next {
            Some((other, begin)) if other == turn => to.min(begin),
            _ => to,
        };
        next = Some((turn, from));
        if from < to {
            let text = changed.turns[turn as usize].text.to_mut();
            text.replace_range(from as usize..to as usize, "");
        }
    }
    (changed != *call).then_some(Mutant {
        call: changed,
        places: Vec::new(),
    })
}

/// Every word given to the other side.
pub(super) fn swap(call: &Call<'static>) -> Mutant {
    let mut changed = call.clone();
    for turn in &mut changed.turns {
        turn.speaker = match turn.speaker {
            Speaker::Agent => Speaker::Customer,
            Speaker::Customer => Speaker::Agent,
            Speaker::System => Speaker::System,
        };
    }
    Mutant {
        call: changed,
        places: Vec::new(),
    }
}

fn turn_of(speaker: Speaker, text: &str) -> Turn<'static> {
    Turn {
        speaker,
        time: None,
        text: Cow::Owned(text.to_owned()),
        words: Vec::new(),
    }
}

/// To which end of the call turns go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Toward {
    Beginning,
    End,
    /// Away from both.
    Middle,
}

/// The turns of the evidence behind, or before, all others and so many turns of either side that say nothing.
/// Times do not survive that.
pub(super) fn move_turns(
    call: &Call<'static>,
    evidence: &[Place],
    toward: Toward,
    n_between: usize,
) -> Option<Mutant> {
    let wanted: BTreeSet<usize> = evidence.iter().map(|place| place.0 as usize).collect();
    if wanted.is_empty() {
        return None;
    }
    let mut between = vec![turn_of(Speaker::Customer, PADDING)];
    for _ in 0..n_between {
        between.push(turn_of(Speaker::Agent, PADDING));
        between.push(turn_of(Speaker::Customer, PADDING));
    }
    let wanted = &wanted;
    let part = |moved: bool| {
        let turns = call.turns.iter().enumerate();
        let of_part = turns.filter(move |(idx, _)| wanted.contains(idx) == moved);
        of_part
            .map(|(_, turn)| Turn {
                time: None,
                ..turn.clone()
            })
            .collect::<Vec<_>>()
    };
    let (moved, rest) = (part(true), part(false));
    let parts = match toward {
        Toward::End => vec![rest, between, moved.clone()],
        Toward::Beginning => vec![moved.clone(), between, rest],
        Toward::Middle => vec![rest, between.clone(), moved.clone(), between],
    };
    let before: usize = match toward {
        Toward::Beginning => 0,
        Toward::End | Toward::Middle => parts[0].len() + parts[1].len(),
    };
    let places = (before..before + moved.len())
        .zip(&moved)
        .map(|(idx, turn)| (idx as u32, 0, turn.text.len() as u32))
        .collect();
    let call = Call {
        turns: parts.concat(),
        events: Vec::new(),
        ..call.clone()
    };
    Some(Mutant { call, places })
}

/// At which end of a turn words are put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    Beginning,
    End,
    /// In a new turn of the agent behind all others.
    Alone,
}

/// The words of the evidence away from where they stand, into a turn of their own behind so many others that say nothing.
pub(super) fn move_words(
    call: &Call<'static>,
    evidence: &[Place],
    n_between: usize,
) -> Option<Mutant> {
    let words: Vec<&str> = evidence
        .iter()
        .map(|&(turn, from, to)| &call.turns[turn as usize].text[from as usize..to as usize])
        .collect();
    let mut changed = drop_words(call, evidence)?.call;
    for _ in 0..n_between {
        changed.turns.push(turn_of(Speaker::Customer, PADDING));
        changed.turns.push(turn_of(Speaker::Agent, PADDING));
    }
    put_in(&changed, &[], &words.join(". "), At::Alone)
}

/// `words` as a sentence of their own in turns. What was written is joined by a full stop, what was recognised by a blank.
pub(super) fn put_in(call: &Call<'static>, turns: &[usize], words: &str, at: At) -> Option<Mutant> {
    let stop = if is_bare(call) { " " } else { ". " };
    let mut changed = call.clone();
    let mut places = Vec::new();
    if at == At::Alone {
        if changed
            .turns
            .last()
            .is_none_or(|last| last.speaker != Speaker::Customer)
        {
            changed.turns.push(turn_of(Speaker::Customer, PADDING));
        }
        places.push((changed.turns.len() as u32, 0, words.len() as u32));
        changed.turns.push(turn_of(Speaker::Agent, words));
        return Some(Mutant {
            call: changed,
            places,
        });
    }
    for &idx in turns {
        let text = changed.turns.get_mut(idx)?.text.to_mut();
        let from = match at {
            At::Beginning => {
                *text = format!("{words}{stop}{text}");
                0
            }
            At::End | At::Alone => {
                let before = text.trim_end_matches(['.', ' ', ',']).len();
                text.truncate(before);
                text.push_str(stop);
                text.push_str(words);
                text.len() - words.len()
            }
        };
        places.push((idx as u32, from as u32, (from + words.len()) as u32));
    }
    (!places.is_empty()).then_some(Mutant {
        call: changed,
        places,
    })
}

/// Nothing in the call was written with punctuation or capital letters.
pub(super) fn is_bare(call: &Call<'_>) -> bool {
    let spoken = call
        .turns
        .iter()
        .filter(|turn| turn.speaker != Speaker::System);
    spoken.into_iter().all(|turn| is_bare_text(&turn.text))
}

/// The same of a text.
pub(super) fn is_bare_text(text: &str) -> bool {
    bare_text(text) == text
}

/// The sentence of a turn around some of its words, without what ends it.
pub(super) fn sentence(text: &str, from: usize, to: usize) -> &str {
    let ends = |c: char| matches!(c, '.' | '!' | '?' | '…' | ']');
    let begin = text[..from].rfind(ends).map_or(0, |at| {
        at + text[at..].chars().next().map_or(1, char::len_utf8)
    });
    let end = text[to..]
        .find(|c| ends(c) || c == '[')
        .map_or(text.len(), |at| to + at);
    text[begin..end].trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '—' | '–' | '-'))
}
