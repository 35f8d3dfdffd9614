//! A form of one word -> the same form of another word, or of a phrase around it.

use super::{Case, Entry, Gender, Lexicon, Mood, Number, Pos};

/// What a word was exchanged for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchanged {
    /// In lower case, but for words that were taken over as they are.
    pub text: String,
    /// What stands around the word fits the new one as well: a noun keeps its gender.
    pub agrees: bool,
}

/// A lexeme: its paradigm and its stem.
type Lexeme = (u16, String);

impl Lexicon {
    /// `form`, a form of the word `from`, exchanged for the same form of `to`; `None` where there is no such form, or
    /// where it is not clear which one is meant (`денежки`).
    ///
    /// `from` and `to` stand in one form, whichever (`деньги` and `денежные средства`). The first word of `to` that has the
    /// form takes it, adjectives before it agree with it, everything behind it stays; so does a word written `!word`.
    pub fn exchange(&self, form: &str, from: &str, to: &str) -> Option<Exchanged> {
        let words: Vec<&str> = to.split_whitespace().collect();
        let plain: Vec<String> = words
            .iter()
            .map(|word| word.trim_start_matches('!').to_owned())
            .collect();
        if form == from {
            return Some(Exchanged {
                text: plain.join(" "),
                agrees: self.is_one_form(form, from, &words),
            });
        }
        let found = self.exchanges(form, from, &words);
        let (text, _) = found.first()?;
        found
            .iter()
            .all(|(other, _)| other == text)
            .then(|| Exchanged {
                text: text.clone(),
                agrees: found.iter().all(|(_, agrees)| *agrees),
            })
    }

    /// Whether a word that is exchanged in the form in which the pack names it brings no other gender.
    fn is_one_form(&self, form: &str, from: &str, words: &[&str]) -> bool {
        let found = self.exchanges(form, from, words);
        found.iter().all(|(_, agrees)| *agrees)
    }

    fn exchanges(&self, form: &str, from: &str, words: &[&str]) -> Vec<(String, bool)> {
        let lexemes = self.meant_lexemes(from);
        // «деньги» is meant, not «деньга».
        let only_plural = self
            .analyses(from)
            .first()
            .is_some_and(|first| first.number == Some(Number::Plural) && first.pos == Pos::Noun);
        let mut found: Vec<(String, bool)> = Vec::new();
        for reading in self.dict.readings(form) {
            let wanted = self.dict.entry(reading);
            if !lexemes.contains(&(reading.paradigm, wanted.stem(form).to_owned())) {
                continue;
            }
            if only_plural && wanted.tag.number() == Some(Number::Singular) {
                continue;
            }
            let one = if words.iter().all(|word| word.starts_with('!')) {
                let plain: Vec<&str> = words.iter().map(|word| &word[1..]).collect();
                Some((plain.join(" "), true))
            } else {
                self.phrase_like(reading.paradigm, &wanted, words)
            };
            if let Some(one) = one
                && !found.contains(&one)
            {
                found.push(one);
            }
        }
        found
    }

    fn phrase_like(&self, paradigm: u16, wanted: &Entry, words: &[&str]) -> Option<(String, bool)> {
        let (at, lexeme, head) = words.iter().enumerate().find_map(|(at, word)| {
            let lexemes = self.meant_lexemes(word);
            lexemes.into_iter().find_map(|lexeme| {
                let same = |entry: &Entry| {
                    entry.prefix == wanted.prefix && entry.tag.form_key() == wanted.tag.form_key()
                };
                // An adjective before the noun is no head.
                let adjective = wanted.tag.pos() == Pos::Noun
                    && self.dict.lemma(lexeme.0).tag.pos() != Pos::Noun;
                let mut heads = self.dict.entries(lexeme.0).filter(same);
                let head = match wanted.tag.mood() {
                    // The longer imperatives take in who speaks: «пойдёмте».
                    Some(Mood::Imperative) => {
                        let mut heads: Vec<Entry> = heads.collect();
                        heads.sort_by_key(|entry| entry.suffix.len());
                        let mut own: Vec<usize> = self
                            .dict
                            .entries(paradigm)
                            .filter(same)
                            .map(|entry| entry.suffix.len())
                            .collect();
                        own.sort_unstable();
                        let at = own.iter().position(|len| *len == wanted.suffix.len());
                        at.and_then(|at| heads.into_iter().nth(at))
                    }
                    _ => heads.next(),
                };
                let head = head.filter(|_| !adjective)?;
                Some((at, lexeme, head))
            })
        })?;
        let mut text: Vec<String> = Vec::with_capacity(words.len());
        for word in &words[..at] {
            match word.strip_prefix('!') {
                Some(plain) => text.push(plain.to_owned()),
                None => text.push(self.adjective_like(word, &lexeme, &head)?),
            }
        }
        text.push(head.form(&lexeme.1));
        text.extend(
            words[at + 1..]
                .iter()
                .map(|word| word.trim_start_matches('!').to_owned()),
        );
        let noun = wanted.tag.pos() == Pos::Noun && wanted.tag.number() == Some(Number::Singular);
        Some((
            text.join(" "),
            !noun || wanted.tag.gender() == head.tag.gender(),
        ))
    }

    /// An adjective as it stands before this form of a noun.
    fn adjective_like(&self, word: &str, noun: &Lexeme, head: &Entry) -> Option<String> {
        let (number, gender) = (head.tag.number()?, head.tag.gender());
        let mut case = head.tag.case()?;
        let spelled = head.form(&noun.1);
        let feminine = number == Number::Singular && gender == Some(Gender::Feminine);
        if case == Case::Accusative && !feminine {
            // The accusative is the nominative of a thing and the genitive of a living being.
            let nominative = |entry: &Entry| {
                entry.tag.case() == Some(Case::Nominative) && entry.tag.number() == Some(number)
            };
            let thing = self
                .dict
                .entries(noun.0)
                .find(nominative)
                .is_some_and(|entry| entry.form(&noun.1) == spelled);
            case = if thing {
                Case::Nominative
            } else {
                Case::Genitive
            };
        }
        self.meant_lexemes(word)
            .into_iter()
            .find_map(|(paradigm, stem)| {
                let fits = |entry: &Entry| {
                    entry.prefix.is_empty()
                        && entry.tag.case() == Some(case)
                        && entry.tag.number() == Some(number)
                        && (number == Number::Plural || entry.tag.gender() == gender)
                };
                let adjective = self.dict.lemma(paradigm).tag.pos() == Pos::Adjective;
                self.dict
                    .entries(paradigm)
                    .find(fits)
                    .filter(|_| adjective)
                    .map(|entry| entry.form(&stem))
            })
    }

    /// The lexemes of a form; those of which it is the dictionary form, where there are any.
    fn meant_lexemes(&self, form: &str) -> Vec<Lexeme> {
        let (mut lexemes, mut of_lemma) = (Vec::new(), Vec::new());
        for reading in self.dict.readings(form) {
            let (entry, lemma) = (self.dict.entry(reading), self.dict.lemma(reading.paradigm));
            let lexeme = (reading.paradigm, entry.stem(form).to_owned());
            let is_lemma = (entry.prefix, entry.suffix) == (lemma.prefix, lemma.suffix);
            let list = if is_lemma {
                &mut of_lemma
            } else {
                &mut lexemes
            };
            if !list.contains(&lexeme) {
                list.push(lexeme);
            }
        }
        if of_lemma.is_empty() {
            lexemes
        } else {
            of_lemma
        }
    }
}
