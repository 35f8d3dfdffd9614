//! A pack that loads -> what is valid in it but poor.
//!
//! What is wrong stops a pack from loading; what is poor here makes it hard to trust or to keep in order.

use std::collections::BTreeSet;

use crate::audit::Auditor;
use crate::call::{Call, Speaker};
use crate::criteria::{AROUND_SLOT, Judgement, Verdict, WORDS_SLOT};
use crate::examples::{self, ADVICE_SLOT, Told, told};
use crate::locale::Lang;
use crate::pack::{Home, Pack, PackError, SetHome};
use crate::timeline::Roles;
use crate::wordings::{self, Depth};

mod locale;

/// Fewer examples than this leave a criterion's edges untold.
const EXAMPLES_MIN: usize = 3;

/// Everything that is poor in the packs, pack by pack. A wording that packs share is held where one of them holds it, and is
/// looked at only if there are several. Wordings are tried in such a depth, on so many threads.
///
/// # Errors
/// Files whose examples cannot be read.
pub fn run(packs: &[Pack], depth: Depth, threads: usize) -> Result<Vec<PackError>, Vec<PackError>> {
    let mut findings = Vec::new();
    let mut unreadable = Vec::new();
    let mut shared = Shared::default();
    for pack in packs {
        match told(pack) {
            Ok(told) => {
                few_examples(pack, &told, &mut findings);
                strange_lines(pack, &told, &mut findings);
                contradictions(pack, &told, &mut findings);
                near_misses(pack, &told, &mut findings);
                unused_sets(pack, &mut shared, &mut findings);
            }
            Err(errors) => unreadable.extend(errors),
        }
    }
    if packs.len() > 1 {
        shared.report(&mut findings);
    }
    if !unreadable.is_empty() {
        return Err(unreadable);
    }
    findings.extend(wordings(packs, depth, threads)?);
    Ok(findings)
}

/// Every wording that can be taken away without an example noticing.
fn wordings(
    packs: &[Pack],
    depth: Depth,
    threads: usize,
) -> Result<Vec<PackError>, Vec<PackError>> {
    let unheld = wordings::unheld_of_all(packs, depth, threads)?;
    let finding = |unheld: &wordings::Unheld| match unheld.word {
        None => finding(
            "check/unheld-wording",
            &unheld.path,
            (unheld.line, unheld.column),
            locale::unheld_wording(&unheld.phrase),
        ),
        Some((from, to)) => {
            let text = locale::unheld_word(&unheld.phrase[from..to], &unheld.phrase);
            let at = (unheld.line, unheld.column);
            finding("check/unheld-word", &unheld.path, at, text)
        }
    };
    Ok(unheld.iter().map(finding).collect())
}

fn finding(
    code: &'static str,
    path: &str,
    (line, column): (u32, u32),
    (message, help): ((String, String), (String, String)),
) -> PackError {
    PackError {
        code,
        path: path.to_owned(),
        line,
        column,
        width: 0,
        message,
        help,
    }
}

fn few_examples(pack: &Pack, told: &[Told], findings: &mut Vec<PackError>) {
    for (criterion, home) in pack.homes().iter().enumerate() {
        let of = |verdict: Verdict| {
            // One table of many wordings is one example.
            let is_its = |told: &&Told| {
                told.criterion == criterion && told.example.wording.is_none_or(|n| n == 0)
            };
            let own = told.iter().filter(is_its);
            own.filter(move |told| told.example.verdict == verdict)
        };
        for verdict in [Verdict::Pass, Verdict::Fail] {
            let n = of(verdict).count();
            if n < EXAMPLES_MIN {
                let text = locale::few_examples(verdict.name(), n, EXAMPLES_MIN);
                findings.push(finding("check/few-examples", &home.path, (1, 1), text));
            }
        }
        let advised = |told: &Told| told.example.call.contains(ADVICE_SLOT);
        if !of(Verdict::Pass).any(advised) {
            let text = locale::advice_not_tried();
            findings.push(finding("check/advice-not-tried", &home.path, (1, 1), text));
        }
    }
}

/// Sentences about near misses that say nothing of the words, or that no example brings about.
fn near_misses(pack: &Pack, told: &[Told], findings: &mut Vec<PackError>) {
    let mut auditor = Auditor::new(std::slice::from_ref(pack), Lang::Ru);
    let mut reasons: Vec<Vec<String>> = vec![Vec::new(); pack.criteria().len()];
    for told in told
        .iter()
        .filter(|told| told.example.verdict == Verdict::Fail)
    {
        auditor.audit(&told.call.call, "", None, &mut |card| {
            let reason = card.judgements[told.criterion].reason.to_string();
            reasons[told.criterion].push(reason);
        });
    }
    for (idx, criterion) in pack.criteria().iter().enumerate() {
        let (home, reasons) = (&pack.homes()[idx], &reasons[idx]);
        let misses = criterion.near_misses();
        let notes = misses.filter_map(|miss| Some(miss.note.as_ref()?.0.as_str()));
        for note in notes {
            let line = home.head.lines().position(|line| line.contains(note));
            let line = line.map_or(1, |idx| idx as u32 + 1);
            let slots = [WORDS_SLOT, AROUND_SLOT];
            let Some(slot) = slots.into_iter().find(|slot| note.contains(slot)) else {
                let text = locale::near_without_words(note);
                findings.push(finding(
                    "check/near-without-words",
                    &home.path,
                    (line, 1),
                    text,
                ));
                continue;
            };
            // Between the fixed parts of the sentence stand the words of the call.
            let parts: Vec<&str> = note.split(slot).collect();
            if !reasons
                .iter()
                .any(|reason| parts.iter().all(|part| reason.contains(part)))
            {
                let text = locale::near_never_told(note);
                findings.push(finding(
                    "check/near-never-told",
                    &home.path,
                    (line, 1),
                    text,
                ));
            }
        }
    }
}

/// Lines of examples that no speaker has said: they begin with a label that is none, or stand before the first turn.
fn strange_lines(pack: &Pack, told: &[Told], findings: &mut Vec<PackError>) {
    let mut seen = BTreeSet::new();
    for told in told {
        let home = &pack.homes()[told.criterion];
        for strange in examples::strange_lines(&told.example.call) {
            let line = line_of(home, told.line, strange.line);
            if !seen.insert((told.criterion, line)) {
                continue;
            }
            let text = match strange.label {
                Some(label) => locale::unknown_label(label),
                None => locale::nobodys_words(strange.line),
            };
            findings.push(finding("check/unknown-label", &home.path, (line, 1), text));
        }
    }
}

/// The line of the file that holds `text` alone, from `from` on; `from` where there is none, for it holds a wording put in.
fn line_of(home: &Home, from: u32, text: &str) -> u32 {
    let lines = home.tail.lines().zip(home.head_lines + 1..);
    let mut own = lines.filter(|(_, number)| *number >= from);
    own.find(|(line, _)| line.trim() == text)
        .map_or(from, |(_, number)| number)
}

/// Words that one criterion holds up as right and another condemns.
fn contradictions(pack: &Pack, told: &[Told], findings: &mut Vec<PackError>) {
    let mut auditor = Auditor::new(std::slice::from_ref(pack), Lang::Ru);
    let mut seen = BTreeSet::new();
    for told in told
        .iter()
        .filter(|told| told.example.verdict == Verdict::Pass)
    {
        let info = &pack.info().criteria[told.criterion];
        let right = right_words(told, &info.advice);
        auditor.audit(&told.call.call, "", None, &mut |card| {
            for (other, judgement) in card.judgements.iter().enumerate() {
                if other == told.criterion || judgement.verdict != Verdict::Fail {
                    continue;
                }
                if let Some(words) = condemned(&told.call.call, judgement, &right)
                    && seen.insert((told.criterion, other, words.to_owned()))
                {
                    let id = &pack.info().criteria[other].id;
                    let path = &pack.homes()[told.criterion].path;
                    let text = locale::contradiction(words, id);
                    findings.push(finding("check/contradiction", path, (told.line, 1), text));
                }
            }
        });
    }
}

/// Places of the marked words and of the advice in the agent's turns: `(turn, from, to)`.
fn right_words(told: &Told, advice: &str) -> Vec<(u32, u32, u32)> {
    let mut right = told.call.marks.clone();
    if !advice.is_empty() && told.example.call.contains(ADVICE_SLOT) {
        for (idx, turn) in told.call.call.turns.iter().enumerate() {
            if turn.speaker == Speaker::Agent
                && let Some(at) = turn.text.find(advice)
            {
                right.push((idx as u32, at as u32, (at + advice.len()) as u32));
            }
        }
    }
    right
}

fn condemned<'c>(
    call: &'c Call<'_>,
    judgement: &Judgement<'_>,
    right: &[(u32, u32, u32)],
) -> Option<&'c str> {
    // Only what is forbidden has something to say instead; other evidence of a fault is a near miss.
    let mut forbidden = judgement.evidence.iter().filter(|e| e.suggest.is_some());
    forbidden.find_map(|evidence| {
        let (turn, (from, to)) = (evidence.turn?, evidence.span?);
        let overlaps = |place: &&(u32, u32, u32)| place.0 == turn && place.1 < to && from < place.2;
        right.iter().find(overlaps)?;
        let text = &call.turns.get(turn as usize)?.text;
        text.get(from as usize..to as usize)
    })
}

/// What is known of the sets that packs share.
#[derive(Default)]
struct Shared {
    sets: Vec<SetHome>,
    used: BTreeSet<String>,
}

impl Shared {
    fn report(&self, findings: &mut Vec<PackError>) {
        for set in &self.sets {
            if !self.used.contains(&set.id) {
                let text = locale::unused_set(&set.id);
                findings.push(finding(
                    "check/unused-set",
                    &set.path,
                    first_place(set),
                    text,
                ));
            }
        }
    }
}

fn unused_sets(pack: &Pack, shared: &mut Shared, findings: &mut Vec<PackError>) {
    for home in pack.sets() {
        let used = home.in_place
            || Roles::NAMES.contains(&home.id.as_str())
            || is_named(pack, &home.id)
            || is_part(pack, &home.id);
        if home.common {
            if shared.sets.iter().all(|set| set.id != home.id) {
                shared.sets.push(home.clone());
            }
            if used {
                shared.used.insert(home.id.clone());
            }
        } else if !used {
            let text = locale::unused_set(&home.id);
            findings.push(finding(
                "check/unused-set",
                &home.path,
                first_place(home),
                text,
            ));
        }
    }
}

/// A criterion's file names the set.
fn is_named(pack: &Pack, id: &str) -> bool {
    let quoted = format!("\"{id}\"");
    pack.homes().iter().any(|home| home.head.contains(&quoted))
}

/// A phrase holds the set as `@id`.
fn is_part(pack: &Pack, id: &str) -> bool {
    let mark = format!("@{id}");
    let goes_on = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    let holds = |phrase: &String| {
        phrase
            .match_indices(&mark)
            .any(|(at, _)| !phrase[at + mark.len()..].starts_with(goes_on))
    };
    pack.sets()
        .iter()
        .any(|set| set.phrases.iter().chain(&set.except).any(holds))
}

fn first_place(set: &SetHome) -> (u32, u32) {
    set.places.first().copied().unwrap_or((0, 0))
}
