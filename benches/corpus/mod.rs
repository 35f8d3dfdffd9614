//! Calls made up for measuring: of natural length, with words of natural frequency.
//!
//! Turns of the packs' examples, so that criteria have something to find, stand between turns of words drawn by Zipf's law:
//! first the words of those examples by their frequency, then the other forms of these words and of words made of them.
//! No call makes sense.

mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::ops::Range;
use std::path::Path;

use etalon::lexicon::Lexicon;
use etalon::pack::Pack;
use source::{Random, sentences};

/// What was written.
pub(crate) struct Corpus {
    /// Length of the file.
    pub(crate) bytes: u64,
    /// Different words in it.
    pub(crate) n_distinct: usize,
}

const N_FORMS: usize = 60_000;
const TURNS: usize = 32;
/// About as long as a call of five minutes: some 10 KB with its keys.
const WORDS_A_TURN: Range<u64> = 6..36;

/// Writes calls of these numbers, the same at every run.
pub(crate) fn write(path: &Path, pack: &Pack, numbers: Range<usize>) -> io::Result<Corpus> {
    let sentences = sentences(pack);
    let words = Words::new(&sentences);
    let mut file = BufWriter::new(File::create(path)?);
    let mut seen = vec![false; words.forms.len()];
    let mut others = BTreeSet::new();
    let mut line = String::new();
    let mut bytes = 0;
    for number in numbers {
        line.clear();
        let mut random = Random(0x5eed ^ (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        call(
            number,
            &words,
            &sentences,
            &mut random,
            &mut seen,
            &mut others,
            &mut line,
        );
        bytes += line.len() as u64;
        file.write_all(line.as_bytes())?;
    }
    file.flush()?;
    let known: BTreeSet<&str> = words.forms.iter().map(String::as_str).collect();
    let n_others = others.iter().filter(|word| !known.contains(word.as_str()));
    Ok(Corpus {
        bytes,
        n_distinct: seen.iter().filter(|seen| **seen).count() + n_others.count(),
    })
}

fn call(
    number: usize,
    words: &Words,
    sentences: &[(bool, String)],
    random: &mut Random,
    seen: &mut [bool],
    others: &mut BTreeSet<String>,
    out: &mut String,
) {
    use std::fmt::Write as _;
    let agent = random.below(200);
    let _ = write!(
        out,
        "{{\"id\":\"call-{number:07}\",\"line\":\"ookms\",\"started_at\":\"2026-03-{:02}T{:02}:{:02}:00+03:00\",\
         \"agent\":{{\"id\":\"a{agent}\",\"group\":\"g{}\"}},\"turns\":[",
        1 + random.below(28),
        9 + random.below(10),
        random.below(60),
        agent % 12
    );
    let timed = random.below(10) < 7;
    let mut clock = 400;
    for turn in 0..TURNS {
        if turn > 0 {
            out.push(',');
        }
        let from_agent = turn % 2 == 0;
        let speaker = if from_agent { "agent" } else { "customer" };
        let _ = write!(out, "{{\"speaker\":\"{speaker}\",");
        let mut text = String::new();
        if random.below(4) == 0 {
            let (_, sentence) = loop {
                let candidate = &sentences[random.below(sentences.len() as u64) as usize];
                if candidate.0 == from_agent {
                    break candidate;
                }
            };
            text.push_str(sentence);
            if number < 2_000 {
                for word in sentence.split(|c: char| !c.is_alphabetic()) {
                    others.insert(word.to_lowercase());
                }
            }
        } else {
            let n = WORDS_A_TURN.start + random.below(WORDS_A_TURN.end - WORDS_A_TURN.start);
            for n in 0..n {
                if n > 0 {
                    text.push(' ');
                }
                let word = words.draw(random);
                seen[word] = true;
                text.push_str(&words.forms[word]);
            }
        }
        if timed {
            let end = clock + 70 * text.chars().count() as u64;
            let seconds = |millis: u64| format!("{}.{:03}", millis / 1000, millis % 1000);
            let _ = write!(
                out,
                "\"start\":{},\"end\":{},",
                seconds(clock),
                seconds(end)
            );
            clock = end + 200 + random.below(2_000);
            if random.below(60) == 0 {
                clock += 12_000;
            }
        }
        let _ = write!(out, "\"text\":\"{text}\"}}");
    }
    out.push_str("]}\n");
}

/// Word forms by falling frequency.
struct Words {
    forms: Vec<String>,
    /// Sums of the frequencies up to each form.
    sums: Vec<f64>,
}

impl Words {
    fn new(sentences: &[(bool, String)]) -> Self {
        let lexicon = Lexicon::embedded();
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for (_, sentence) in sentences {
            count(sentence, &mut counts);
        }
        let mut counted: Vec<(String, u64)> = counts.into_iter().collect();
        counted.sort_by(|(a, n), (b, m)| (m, a).cmp(&(n, b)));
        let mut known = BTreeSet::new();
        // First what is really said, most frequent first, then all forms of these words, then words made of them.
        let mut forms: Vec<String> = Vec::new();
        let mut add = |form: String, forms: &mut Vec<String>| {
            if forms.len() < N_FORMS && known.insert(form.clone()) {
                forms.push(form);
            }
        };
        for (word, _) in &counted {
            add(word.clone(), &mut forms);
        }
        for prefix in [
            "", "по", "за", "вы", "при", "у", "от", "пере", "про", "до", "не", "об", "с", "на",
            "под",
        ] {
            for (word, _) in &counted {
                let word = format!("{prefix}{word}");
                if forms.len() < N_FORMS && (prefix.is_empty() || lexicon.knows(&word)) {
                    for form in lexicon.forms(&word) {
                        add(form, &mut forms);
                    }
                }
            }
        }
        let mut sum = 0.0;
        let sums = (0..forms.len())
            .map(|rank| {
                sum += 1.0 / (rank as f64 + 2.7);
                sum
            })
            .collect();
        Self { forms, sums }
    }

    fn draw(&self, random: &mut Random) -> usize {
        let total = self.sums.last().copied().unwrap_or(0.0);
        let at = random.below(1 << 52) as f64 / (1u64 << 52) as f64 * total;
        let word = self.sums.partition_point(|sum| *sum < at);
        word.min(self.forms.len() - 1)
    }
}

/// Counts the Cyrillic words of a text.
fn count(text: &str, counts: &mut BTreeMap<String, u64>) {
    for word in text.split(|c: char| !c.is_alphabetic()) {
        let word = word.to_lowercase();
        if !word.is_empty() && word.chars().all(|c| ('а'..='я').contains(&c) || c == 'ё') {
            *counts.entry(word).or_default() += 1;
        }
    }
}
