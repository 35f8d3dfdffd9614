//! Word -> its forms, form -> what it can be: the Russian dictionary, names, numbers and units; nothing of calls.
//!
//! Every argument is lower case with ё written as е, and so is every answer. The dictionary is OpenCorpora's
//! (`lexicon/NOTICE`), packed by `lexicon/build.py`; names, numbers, units and fillers are tables of `lexicon/`.

mod dict;
mod exchange;
mod forms;
mod key;
mod names;
mod numbers;
mod tag;

use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

pub use dict::ReadingSet;
use dict::{Dict, Entry};
pub use exchange::Exchanged;
pub use forms::Forms;
pub use names::{Cases, NameReading, NameReadings};
pub(crate) use numbers::Quantity;
pub use numbers::{Fillers, Fraction, NumberKind, NumberWord, Unit, UnitKind};
pub use tag::{Case, Gender, Mood, NameKind, Number, Person, Pos, Tense};

/// The Russian dictionary with the tables of names, numbers and units.
pub struct Lexicon {
    dict: Dict,
    names: OnceLock<names::NameTable>,
    patronymics: OnceLock<names::PatronymicTable>,
    quantities: OnceLock<numbers::QuantityTable>,
    fillers: OnceLock<Fillers>,
    frequent: OnceLock<FxHashMap<&'static str, f32>>,
    frequent_lexemes: OnceLock<FxHashMap<Lexeme<'static>, f32>>,
}

/// A word with all its forms: what the dictionary puts before and behind a stem. A form is one of its forms exactly if it is among
/// [`Lexicon::lexemes`] of that form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Lexeme<'w> {
    pub(crate) paradigm: u16,
    pub(crate) stem: &'w str,
}

/// Most forms have no more lexemes.
pub(crate) type Lexemes<'w> = SmallVec<[Lexeme<'w>; 4]>;

/// See [`Lexicon::brief`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Brief {
    /// The dictionary has the form.
    pub known: bool,
    /// All that the dictionary knows of it, to be asked for more without another search.
    pub readings: Option<ReadingSet>,
    /// Some reading is the name of a place.
    pub place: bool,
    /// Some reading is a preposition, a conjunction, a particle or a pronoun.
    pub function_word: bool,
    /// Some reading is a nominative or accusative in the singular.
    pub plain_singular: bool,
    /// See [`Lexicon::lemma_key`].
    pub lemma_key: u64,
    /// The likeliest reading is a noun, a verb or an adjective, participles and gerunds too; but no short one in the neuter:
    /// «готово», «замечательно» tell nothing.
    pub content: bool,
    /// The likeliest reading is a verb in the third person or the past.
    pub third_person: bool,
    /// The likeliest reading is a verb in the first person of the present or the future; a word that the dictionary lacks ends as
    /// one.
    pub first_person: bool,
    /// The likeliest reading tells what is done: a short participle or a verb in the past.
    pub done: bool,
    /// The likeliest reading is an infinitive; a word that the dictionary lacks ends as one.
    pub infinitive: bool,
    /// The likeliest lexeme is an adjective, and the form can be its genitive.
    pub genitive_adjective: bool,
    /// Some reading is an ordinary word: no name, place, company or abbreviation.
    pub word: bool,
    /// Some reading is a name of a person.
    pub name: bool,
}

/// How verbs in the first person end, and infinitives: a badly heard one is no word of the dictionary, but ends so.
const FIRST_PERSON: &[&str] = &[
    "рю", "лю", "ню", "аю", "яю", "ру", "ну", "му", "жу", "чу", "шу", "щу", "ую", "юсь", "усь",
];
const INFINITIVE: &[&str] = &["ать", "ить", "еть", "ять", "уть", "ыть", "ься"];
/// A shorter word that the dictionary lacks tells nothing by its ending.
const ENDED_LETTERS: usize = 5;

fn ends_as(norm: &str, endings: &[&str]) -> bool {
    norm.chars().count() >= ENDED_LETTERS && endings.iter().any(|ending| norm.ends_with(ending))
}

/// One way to understand a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Analysis {
    /// Dictionary form of the lexeme: nominative singular, infinitive.
    pub lemma: String,
    /// Part of speech of this form: a participle's lemma is an infinitive.
    pub pos: Pos,
    /// Case, of what has one.
    pub case: Option<Case>,
    /// Gender; of a noun its own.
    pub gender: Option<Gender>,
    /// Number.
    pub number: Option<Number>,
    /// Person, of verbs and personal pronouns.
    pub person: Option<Person>,
    /// Tense, of verbs, participles and gerunds.
    pub tense: Option<Tense>,
    /// Mood, of verbs.
    pub mood: Option<Mood>,
    /// Which name of a person it is, as the dictionary marks it.
    pub name: Option<NameKind>,
    /// Whether it is the name of a place.
    pub place: bool,
}

impl Lexicon {
    /// The one inside the program. The first call takes some microseconds; the tables of names, numbers and units are
    /// read when first asked for.
    pub fn embedded() -> &'static Self {
        static LEXICON: OnceLock<Lexicon> = OnceLock::new();
        LEXICON.get_or_init(|| Self {
            dict: Dict::open(
                include_bytes!(concat!(env!("OUT_DIR"), "/opencorpora.bin")),
                include_str!(concat!(env!("OUT_DIR"), "/suffixes.txt")),
            ),
            names: OnceLock::new(),
            patronymics: OnceLock::new(),
            quantities: OnceLock::new(),
            fillers: OnceLock::new(),
            frequent: OnceLock::new(),
            frequent_lexemes: OnceLock::new(),
        })
    }

    /// Reads the tables that are otherwise read when first asked for: what a thread may do while there is no call yet. The dearest come
    /// first, those that a pack asks for before the others.
    pub(crate) fn read_tables(&self) {
        self.number_word("");
        self.name_table();
        self.patronymic_table();
        self.fillers();
    }

    /// How often a form comes in a thousand words of telephone talk, roughly; `None` of what is not among the frequent ones.
    pub fn frequent(&self, form: &str) -> Option<f32> {
        self.frequent_forms().get(form).copied()
    }

    /// How often the frequent forms of a lexeme come in all; `None` where it has none.
    pub(crate) fn frequent_lexeme(&self, lexeme: Lexeme<'_>) -> Option<f32> {
        let table: &FxHashMap<Lexeme<'_>, f32> = self.frequent_lexemes.get_or_init(|| {
            let mut table: FxHashMap<Lexeme<'static>, f32> = FxHashMap::default();
            // In whatever order: sums only choose the word at which a phrase is looked for, never what is found.
            #[expect(clippy::iter_over_hash_type)]
            for (form, often) in self.frequent_forms() {
                for lexeme in self.lexemes(form) {
                    *table.entry(lexeme).or_default() += *often;
                }
            }
            table
        });
        table.get(&lexeme).copied()
    }

    fn frequent_forms(&self) -> &FxHashMap<&'static str, f32> {
        self.frequent.get_or_init(|| {
            let lines = include_str!("../../lexicon/frequent.txt").lines();
            let mut table = FxHashMap::default();
            for line in lines.filter(|line| !line.starts_with('#')) {
                let mut words = line.split_whitespace();
                let often = words.next().and_then(|number| number.parse().ok());
                if let Some(often) = often {
                    table.extend(words.map(|word| (word, often)));
                }
            }
            table
        })
    }

    /// Whether the dictionary has this form. Names, numbers and units of our own tables are not asked.
    pub fn knows(&self, form: &str) -> bool {
        self.dict.has(form)
    }

    /// All forms of every lexeme that has this form: participles and gerunds with their verb, not the verb of the other
    /// aspect. Sorted by bytes, each once; empty when the form is unknown.
    pub fn forms(&self, word: &str) -> Vec<String> {
        let mut forms = Forms::default();
        self.forms_into(word, &mut forms);
        forms.iter().map(str::to_owned).collect()
    }

    /// [`Lexicon::forms`] into memory that is there already; what it held is gone.
    pub fn forms_into(&self, word: &str, forms: &mut Forms) {
        forms.clear();
        for lexeme in self.lexemes(word) {
            forms.add(lexeme.stem, self.dict.spellings(lexeme.paradigm));
        }
        forms.sort();
    }

    /// The lexemes that have this form, likeliest first, each once; none when it is unknown.
    pub(crate) fn lexemes<'w>(&self, form: &'w str) -> Lexemes<'w> {
        self.lexemes_in(self.dict.set(form), form)
    }

    /// The same for a form of which the readings are known, see [`Brief::readings`].
    pub(crate) fn lexemes_in<'w>(
        &self,
        readings: Option<ReadingSet>,
        form: &'w str,
    ) -> Lexemes<'w> {
        let mut lexemes = Lexemes::new();
        for reading in self.dict.readings_in(readings) {
            let lexeme = Lexeme {
                paradigm: reading.paradigm,
                stem: self.dict.stem(reading, form),
            };
            // «минуты» is three forms of one lexeme.
            if !lexemes.contains(&lexeme) {
                lexemes.push(lexeme);
            }
        }
        lexemes
    }

    /// What stands before and behind the stem in each form of a lexeme of this paradigm.
    pub(crate) fn spellings(
        &self,
        paradigm: u16,
    ) -> impl Iterator<Item = (&'static str, &'static str)> + use<'_> {
        self.dict.spellings(paradigm)
    }

    /// The forms of an unknown word that is declined like a known one: what differs between the two is exchanged in every
    /// form of `like`. «юмек» like «век» gives «юмека». Sorted, each once, `word` itself always among them; only `word`
    /// when `like` is unknown.
    pub fn forms_like(&self, word: &str, like: &str) -> Vec<String> {
        let shared: usize = word
            .chars()
            .rev()
            .zip(like.chars().rev())
            .take_while(|(a, b)| a == b)
            .map(|(a, _)| a.len_utf8())
            .sum();
        let (word_start, like_start) = (&word[..word.len() - shared], &like[..like.len() - shared]);
        let lexemes: Vec<_> = self
            .dict
            .readings(like)
            .map(|r| (r, self.dict.entry(r), self.dict.lemma(r.paradigm)))
            .collect();
        let is_lemma = |entry: &Entry, lemma: &Entry| {
            (entry.prefix, entry.suffix) == (lemma.prefix, lemma.suffix)
        };
        let has_lemma = lexemes
            .iter()
            .any(|(_, entry, lemma)| is_lemma(entry, lemma));

        let mut forms = vec![word.to_owned()];
        for (reading, entry, lemma) in lexemes {
            // «век» is also a form of «веко», which nobody means.
            if has_lemma && !is_lemma(&entry, &lemma) {
                continue;
            }
            let stem = entry.stem(like);
            for entry in self.dict.entries(reading.paradigm) {
                let form = entry.form(stem);
                if let Some(end) = form.strip_prefix(like_start) {
                    forms.push([word_start, end].concat());
                }
            }
        }
        sorted(forms)
    }

    /// Every reading of a form, likeliest first; empty when it is unknown.
    pub fn analyses(&self, form: &str) -> Vec<Analysis> {
        let readings = self.dict.readings(form);
        readings
            .map(|reading| self.analysis(reading, form))
            .collect()
    }

    /// The likeliest reading of a form of which the readings are known, see [`Brief::readings`].
    pub(crate) fn first_analysis(
        &self,
        readings: Option<ReadingSet>,
        form: &str,
    ) -> Option<Analysis> {
        let first = self.dict.readings_in(readings).next()?;
        Some(self.analysis(first, form))
    }

    fn analysis(&self, reading: dict::Reading, form: &str) -> Analysis {
        let entry = self.dict.entry(reading);
        let tag = entry.tag;
        Analysis {
            lemma: self.dict.lemma(reading.paradigm).form(entry.stem(form)),
            pos: tag.pos(),
            case: tag.case(),
            gender: tag.gender(),
            number: tag.number(),
            person: tag.person(),
            tense: tag.tense(),
            mood: tag.mood(),
            name: tag.name(),
            place: tag.is_place(),
        }
    }

    /// What a tokeniser wants to know of every distinct word, in one look.
    pub fn brief(&self, form: &str) -> Brief {
        let readings = self.dict.set(form);
        let mut brief = Brief {
            known: false,
            readings,
            place: false,
            plain_singular: false,
            lemma_key: 0,
            content: false,
            third_person: false,
            first_person: false,
            done: false,
            infinitive: false,
            genitive_adjective: false,
            word: false,
            function_word: false,
            name: false,
        };
        let mut is_adjective = false;
        for reading in self.dict.readings_in(readings) {
            let tag = self.dict.tag(reading);
            if !brief.known {
                is_adjective = tag.pos() == Pos::Adjective;
                let lemma = self.dict.lemma(reading.paradigm);
                brief.lemma_key = fnv(
                    fnv(fnv(FNV_START, lemma.prefix), self.dict.stem(reading, form)),
                    lemma.suffix,
                );
                let is_mere =
                    tag.pos() == Pos::ShortAdjective && tag.gender() == Some(Gender::Neuter);
                brief.content = tag.pos().carries_content() && !is_mere;
                brief.first_person = tag.pos() == Pos::Verb
                    && tag.person() == Some(Person::First)
                    && tag.mood() == Some(Mood::Indicative);
                brief.infinitive = tag.pos() == Pos::Infinitive;
                brief.done = tag.pos() == Pos::ShortParticiple
                    || tag.pos() == Pos::Verb && tag.tense() == Some(Tense::Past);
                brief.third_person = tag.pos() == Pos::Verb
                    && (tag.person() == Some(Person::Third) || tag.tense() == Some(Tense::Past));
            }
            let genitive = tag.case() == Some(Case::Genitive);
            brief.genitive_adjective |= is_adjective && genitive;
            brief.known = true;
            brief.place |= tag.is_place();
            brief.word |= tag.is_word();
            brief.function_word |= tag.pos().is_function();
            brief.name |= tag.name().is_some();
            let plain = matches!(tag.case(), Some(Case::Nominative | Case::Accusative));
            brief.plain_singular |= plain && tag.number() == Some(Number::Singular);
        }
        if !brief.known {
            brief.lemma_key = fnv(FNV_START, form);
            brief.first_person = ends_as(form, FIRST_PERSON);
            brief.infinitive = ends_as(form, INFINITIVE);
        }
        brief
    }

    /// A key that the forms of a word share: a hash of the likeliest lemma, of the form itself when it is unknown. It is the
    /// same in every run and on every machine.
    pub fn lemma_key(&self, form: &str) -> u64 {
        match self.dict.readings(form).next() {
            Some(reading) => {
                let stem = self.dict.entry(reading).stem(form);
                let lemma = self.dict.lemma(reading.paradigm);
                fnv(fnv(fnv(FNV_START, lemma.prefix), stem), lemma.suffix)
            }
            None => fnv(FNV_START, form),
        }
    }

    /// The same grammatical form of another word: «вышлю» and «отправить» give «отправлю». `None` when either is unknown,
    /// when `lemma` is no dictionary form, or has no such form.
    pub fn inflect_like(&self, form: &str, lemma: &str) -> Option<String> {
        let targets: Vec<(u16, &str)> = self
            .dict
            .readings(lemma)
            .filter_map(|reading| {
                let (entry, first) = (self.dict.entry(reading), self.dict.lemma(reading.paradigm));
                ((entry.prefix, entry.suffix) == (first.prefix, first.suffix))
                    .then(|| (reading.paradigm, entry.stem(lemma)))
            })
            .collect();
        self.dict.readings(form).find_map(|reading| {
            let wanted = self.dict.entry(reading);
            targets.iter().find_map(|&(paradigm, stem)| {
                let same = |entry: &Entry| {
                    entry.prefix == wanted.prefix && entry.tag.form_key() == wanted.tag.form_key()
                };
                self.dict
                    .entries(paradigm)
                    .find(same)
                    .map(|entry| entry.form(stem))
            })
        })
    }

    /// Forms with this part of speech of the lexemes whose dictionary form `lemma` is; one may come several times.
    fn forms_of(&self, lemma: &str, pos: Pos) -> Vec<String> {
        let mut forms = Vec::new();
        for reading in self.dict.readings(lemma) {
            let (entry, first) = (self.dict.entry(reading), self.dict.lemma(reading.paradigm));
            if first.tag.pos() == pos
                && (entry.prefix, entry.suffix) == (first.prefix, first.suffix)
            {
                let stem = entry.stem(lemma);
                forms.extend(
                    self.dict
                        .entries(reading.paradigm)
                        .filter(|e| e.tag.pos() == pos)
                        .map(|e| e.form(stem)),
                );
            }
        }
        forms
    }
}

/// A stable sort: the forms of one lexeme come as sorted runs.
fn sorted(mut forms: Vec<String>) -> Vec<String> {
    forms.sort();
    forms.dedup();
    forms
}

const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a: it gives the same for a text in one piece and in three.
fn fnv(hash: u64, text: &str) -> u64 {
    text.bytes().fold(hash, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
