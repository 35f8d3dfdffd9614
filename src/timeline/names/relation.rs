//! How two names relate.

use std::rc::Rc;

use super::NameForm;
use crate::lexicon::{NameKind, NameReading, NameReadings};
use crate::phrase::distance;

/// Whether two spellings of a name may be one name, heard twice.
pub(super) fn is_slip_of(a: &str, b: &str) -> bool {
    let ((n_a, has_a), (n_b, has_b)) = (letters(a), letters(b));
    let limit = match n_a.min(n_b) {
        0..=3 => 0,
        4..=6 => 1,
        _ => 2,
    };
    // Each edit takes away one kind of letter at most and brings in one: that dismisses nearly all.
    let lost = (has_a & !has_b)
        .count_ones()
        .max((has_b & !has_a).count_ones());
    n_a.abs_diff(n_b) <= limit && lost as usize <= limit && distance(a, b, limit).is_some()
}

/// «эльвера» and «эльвира»: one vowel heard for another, and not the last letter, which makes other names.
pub(super) fn differ_by_a_vowel(a: &str, b: &str) -> bool {
    const VOWELS: [char; 9] = ['а', 'е', 'и', 'о', 'у', 'ы', 'э', 'ю', 'я'];
    let is_vowel = |letter| VOWELS.contains(&letter);
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut differ = (0..a.len().min(b.len())).filter(|at| a[*at] != b[*at]);
    a.len() == b.len()
        && differ.next().is_some_and(|at| {
            at + 1 < a.len() && is_vowel(a[at]) && is_vowel(b[at]) && differ.next().is_none()
        })
}

/// How many letters a word has, and which, as bits that several letters may share.
fn letters(word: &str) -> (usize, u64) {
    let add = |(n, bits), letter| (n + 1, bits | 1 << (u32::from(letter) & 63));
    word.chars().fold((0, 0), add)
}

/// How a name relates to the first names that the customer gave.
pub(super) fn relation(used: &NameReadings, given: &[Rc<NameReadings>]) -> NameForm {
    let mut form = NameForm::Other;
    for used in used.of(NameKind::First) {
        for given in given.iter().flat_map(|given| given.of(NameKind::First)) {
            if used.lemma == given.lemma {
                return NameForm::Given;
            }
            // A short form may be used of one: «Given» for the full name of a short one outweighs it.
            let tells = match (used.short, given.short) {
                // «Наталия», «Софья»: the ear hardly tells the spellings of one name apart.
                (false, false) if is_variant_of(used, given) || is_short_for(given, used) => {
                    return NameForm::Given;
                }
                (false, false) if is_short_for(used, given) => NameForm::Short,
                (false, false) => continue,
                (false, true) => NameForm::Given,
                (true, _) => NameForm::Short,
            };
            if form != NameForm::Given && used.fulls.iter().any(|full| given.fulls.contains(full)) {
                form = tells;
            }
        }
    }
    form
}

/// Whether two full names are spellings of one that sound nearly alike. «Гелина» is short for «Ангелина» and no spelling of it.
fn is_variant_of(a: &NameReading, b: &NameReading) -> bool {
    let stands_for = |name: &NameReading, other: &NameReading| {
        name.fulls.iter().any(|full| *full == other.lemma)
    };
    // «Пал Палыч», «Марь Иванна»: as it is said in one breath.
    let is_contracted = |short: &str, long: &str| {
        let begins = short
            .char_indices()
            .nth(2)
            .map_or(short, |(at, _)| &short[..at]);
        let is_open = short.ends_with(['а', 'я', 'е', 'о', 'и', 'й']);
        !is_open && short.len() < long.len() && long.starts_with(begins)
    };
    stands_for(a, b)
        && stands_for(b, a)
        && (distance(&a.lemma, &b.lemma, 1).is_some()
            || is_contracted(&a.lemma, &b.lemma)
            || is_contracted(&b.lemma, &a.lemma))
}

/// Whether a name that is a full one too is short for the other: «Рита» for «Маргарита».
fn is_short_for(name: &NameReading, full: &NameReading) -> bool {
    name.gender == full.gender && name.short_for.contains(&full.lemma.as_str())
}

/// «сте панович»: whether a word is what the recogniser left of the name when it tore it in two.
pub(super) fn is_torn_end(word: &str, name: &NameReadings) -> bool {
    let mut names = name.readings.iter();
    names.any(|reading| reading.lemma.ends_with(word))
}

pub(super) fn shares_lemma(a: &NameReadings, b: &NameReadings) -> bool {
    a.readings.iter().any(|a| {
        b.readings
            .iter()
            .any(|b| a.kind == b.kind && a.lemma == b.lemma)
    })
}
