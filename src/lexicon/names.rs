//! Form -> the names of a person it can be: first names in full and short, patronymics as written and as spoken, surnames.
//!
//! Three sources: the dictionary's own marks; `lexicon/names.tsv`, whose names the dictionary lacks are declined here;
//! patronymics, which are recognised by their ending even when nobody listed them.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::tag::{Case, Gender, NameKind, Number, Tag};
use super::{Brief, Lexicon, ReadingSet};

/// A set of cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cases(u8);

impl Cases {
    /// No case.
    pub const NONE: Self = Self(0);
    /// All cases: a name that is not declined.
    pub const ALL: Self = Self(0b011_1111);

    /// These cases.
    pub fn of(cases: &[Case]) -> Self {
        Self(cases.iter().fold(0, |bits, &case| bits | 1 << case as u8))
    }

    /// Whether this case is in the set.
    pub fn has(self, case: Case) -> bool {
        self.0 & (1 << case as u8) != 0
    }

    /// Both sets together.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the form can be an address: nominative, or clipped («Саш»).
    pub fn can_address(self) -> bool {
        self.has(Case::Nominative)
    }
}

/// One name that a form can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameReading {
    /// First name, patronymic or surname.
    pub kind: NameKind,
    /// Nominative singular of this very name: a short form stays short; a patronymic is written out («николаич» gives
    /// «николаевич»), a woman's stays a woman's. A surname's is the masculine form where the dictionary pairs them.
    pub lemma: String,
    /// The full names it can stand for, in the order of `names.tsv`; a full name stands for itself and for its other
    /// spellings. Empty for patronymics and surnames.
    pub fulls: Vec<Cow<'static, str>>,
    /// Whether it is only ever a short or pet form.
    pub short: bool,
    /// What a full name is short for all the same: «Рита» for «Маргарита».
    pub short_for: Vec<&'static str>,
    /// Masculine, feminine, or common where it can be either.
    pub gender: Gender,
    /// Cases that this form can be in. The clipped address («Саш», «Тань») has nominative and vocative.
    pub cases: Cases,
    /// Singular or plural; a form that can be both has two readings.
    pub number: Number,
}

impl NameReading {
    /// One that is its only form.
    fn one(kind: NameKind, lemma: String, gender: Gender, cases: Cases, number: Number) -> Self {
        Self {
            kind,
            lemma,
            fulls: Vec::new(),
            short: false,
            short_for: Vec::new(),
            gender,
            cases,
            number,
        }
    }
}

/// What names a form can be.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NameReadings {
    /// Each name once a number; singular first, then as likely as the dictionary thinks.
    pub readings: Vec<NameReading>,
    /// Whether the form is also an ordinary word («вера», «слава», «роза»): then it is a name only in a frame.
    pub also_word: bool,
    /// Whether it is also the name of a place («владимир»).
    pub also_place: bool,
}

impl NameReadings {
    /// Whether there is any reading.
    pub fn is_name(&self) -> bool {
        !self.readings.is_empty()
    }

    /// The readings of one kind.
    pub fn of(&self, kind: NameKind) -> impl Iterator<Item = &NameReading> {
        self.readings
            .iter()
            .filter(move |reading| reading.kind == kind)
    }
}

/// `names.tsv` by every word of it.
pub(super) struct NameTable {
    rows: Vec<Row>,
    /// Row and part, sorted by word; `by_word` has each word's range.
    uses: Vec<(&'static str, u16, Part)>,
    by_word: FxHashMap<&'static str, (u16, u16)>,
    /// Names that are words by the dictionary only: «Юля» of «юлить».
    hardly_words: FxHashSet<&'static str>,
    stems: StemFilter,
}

/// Which beginnings a form of a listed name can have: what no bit stands for is none, what one stands for may be one.
struct StemFilter(Box<[u64]>);

const STEM_BITS: u32 = 19;

impl StemFilter {
    fn new() -> Self {
        Self(vec![0; 1 << (STEM_BITS - 6)].into())
    }

    fn add(&mut self, stem: &str) {
        let bit = Self::bit(hash(stem));
        self.0[bit / 64] |= 1 << (bit % 64);
    }

    fn may_have(&self, hash: u64) -> bool {
        let bit = Self::bit(hash);
        self.0[bit / 64] & 1 << (bit % 64) != 0
    }

    fn bit(hash: u64) -> usize {
        (hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - STEM_BITS)) as usize
    }
}

fn hash(stem: &str) -> u64 {
    stem.bytes().fold(0, hash_byte)
}

fn hash_byte(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte))
        .wrapping_mul(0x0100_0000_01b3)
        .rotate_left(7)
}

struct Row {
    full: &'static str,
    gender: Gender,
    variants: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Full,
    Variant,
    Short,
}

/// `patronymics.tsv`: spoken form to the full one, and the same of endings.
pub(super) struct PatronymicTable {
    words: FxHashMap<&'static str, &'static str>,
    endings: Vec<(&'static str, &'static str)>,
    /// The last two letters of patronymics without the ending of the case.
    before: Vec<(char, char)>,
}

impl NameTable {
    fn embedded() -> Self {
        let rows = include_str!(concat!(env!("OUT_DIR"), "/names.tsv")).lines();
        let row = |line: &'static str| {
            let mut columns = line.split('\t');
            let mut column = || columns.next().unwrap_or("-");
            Row {
                full: column(),
                gender: if column() == "м" {
                    Gender::Masculine
                } else {
                    Gender::Feminine
                },
                variants: column(),
            }
        };
        // Sorted by `build.rs`.
        let uses = include_str!(concat!(env!("OUT_DIR"), "/name_uses.tsv")).lines();
        let use_of = |line: &'static str| {
            let mut columns = line.split('\t');
            let word = columns.next()?;
            let row = columns.next()?.parse().ok()?;
            let part = match columns.next()? {
                "0" => Part::Full,
                "1" => Part::Variant,
                _ => Part::Short,
            };
            Some((word, row, part))
        };
        let mut table = Self {
            rows: rows.map(row).collect(),
            uses: uses.filter_map(use_of).collect(),
            by_word: FxHashMap::default(),
            hardly_words: include_str!(concat!(env!("OUT_DIR"), "/name_hardly_words.txt"))
                .lines()
                .collect(),
            stems: StemFilter::new(),
        };
        table
            .by_word
            .reserve(table.uses.chunk_by(|a, b| a.0 == b.0).count());
        let mut lemma_ends: Vec<&str> = ENDINGS.iter().map(|ending| ending.1).collect();
        lemma_ends.sort_unstable();
        lemma_ends.dedup();
        let mut from = 0;
        for uses in table.uses.chunk_by(|a, b| a.0 == b.0) {
            table
                .by_word
                .insert(uses[0].0, (from, from + uses.len() as u16));
            from += uses.len() as u16;
            for lemma_end in &lemma_ends {
                if let Some(stem) = uses[0].0.strip_suffix(lemma_end) {
                    table.stems.add(stem);
                }
            }
        }
        table
    }

    fn uses(&self, word: &str) -> &[(&'static str, u16, Part)] {
        self.by_word.get(word).map_or(&[], |&(from, to)| {
            &self.uses[usize::from(from)..usize::from(to)]
        })
    }

    fn row(&self, number: u16) -> &Row {
        &self.rows[usize::from(number)]
    }

    /// Gender by the table; `None` when the table has no such name.
    fn gender(&self, word: &str) -> Option<Gender> {
        self.uses(word)
            .iter()
            .map(|&(_, row, _)| self.row(row).gender)
            .reduce(both)
    }

    /// The full names a word can stand for, and whether it is only a short form.
    fn fulls(&self, word: &str) -> (Vec<Cow<'static, str>>, bool) {
        let uses = self.uses(word);
        if uses.is_empty() {
            return (vec![Cow::Owned(word.to_owned())], false);
        }
        let mut fulls: Vec<Cow<'static, str>> = Vec::with_capacity(uses.len() + 1);
        let mut push = |name: &'static str| {
            if !fulls.iter().any(|known| *known == name) {
                fulls.push(Cow::Borrowed(name));
            }
        };
        for &(word, row, part) in uses {
            if part == Part::Variant {
                push(word);
            }
            let row = self.row(row);
            push(row.full);
            row.variants
                .split(' ')
                .filter(|word| *word != "-")
                .for_each(&mut push);
        }
        (fulls, uses.iter().all(|use_| use_.2 == Part::Short))
    }

    /// The full names that have the word among their short forms.
    fn short_for(&self, word: &str) -> Vec<&'static str> {
        let uses = self.uses(word).iter();
        let short = uses.filter(|(_, _, part)| *part == Part::Short);
        short.map(|&(_, row, _)| self.row(row).full).collect()
    }
}

fn both(a: Gender, b: Gender) -> Gender {
    if a == b { a } else { Gender::Common }
}

use Case::{Accusative, Dative, Genitive, Instrumental, Nominative, Prepositional, Vocative};

/// Which nominative an ending is put on: its last letters, and what may stand before them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Type {
    /// Men, on a consonant.
    Consonant,
    /// Men, -й.
    Short,
    /// Men, -ь.
    SoftMan,
    /// Women, -ь.
    SoftWoman,
    /// -а, men and women.
    A,
    /// -я, men and women.
    Ya,
    /// What has no cases: -о, -э, -и, -у, -ы; women on a consonant.
    Fixed,
}

/// Nominative's end, form's end, cases, number. Spelling rules (и for ы after к) are not held: a wrong spelling never meets
/// a name, and two endings cost less than a rule.
type Ending = (Type, &'static str, &'static str, &'static [Case], Number);

const ENDINGS: &[Ending] = &[
    (Type::Consonant, "", "", &[Nominative], Number::Singular),
    (
        Type::Consonant,
        "",
        "а",
        &[Genitive, Accusative],
        Number::Singular,
    ),
    (Type::Consonant, "", "у", &[Dative], Number::Singular),
    (Type::Consonant, "", "ом", &[Instrumental], Number::Singular),
    (Type::Consonant, "", "ем", &[Instrumental], Number::Singular),
    (Type::Consonant, "", "е", &[Prepositional], Number::Singular),
    (Type::Consonant, "", "ы", &[Nominative], Number::Plural),
    (Type::Consonant, "", "и", &[Nominative], Number::Plural),
    (
        Type::Consonant,
        "",
        "ов",
        &[Genitive, Accusative],
        Number::Plural,
    ),
    (
        Type::Consonant,
        "",
        "ей",
        &[Genitive, Accusative],
        Number::Plural,
    ),
    (Type::Consonant, "", "ам", &[Dative], Number::Plural),
    (Type::Consonant, "", "ами", &[Instrumental], Number::Plural),
    (Type::Consonant, "", "ах", &[Prepositional], Number::Plural),
    (Type::Short, "й", "й", &[Nominative], Number::Singular),
    (
        Type::Short,
        "й",
        "я",
        &[Genitive, Accusative],
        Number::Singular,
    ),
    (Type::Short, "й", "ю", &[Dative], Number::Singular),
    (Type::Short, "й", "ем", &[Instrumental], Number::Singular),
    (Type::Short, "й", "е", &[Prepositional], Number::Singular),
    (Type::Short, "ий", "ии", &[Prepositional], Number::Singular),
    (Type::SoftMan, "ь", "ь", &[Nominative], Number::Singular),
    (
        Type::SoftMan,
        "ь",
        "я",
        &[Genitive, Accusative],
        Number::Singular,
    ),
    (Type::SoftMan, "ь", "ю", &[Dative], Number::Singular),
    (Type::SoftMan, "ь", "ем", &[Instrumental], Number::Singular),
    (Type::SoftMan, "ь", "е", &[Prepositional], Number::Singular),
    (
        Type::SoftWoman,
        "ь",
        "ь",
        &[
            Nominative,
            Genitive,
            Dative,
            Accusative,
            Instrumental,
            Prepositional,
        ],
        Number::Singular,
    ),
    (
        Type::SoftWoman,
        "ь",
        "и",
        &[Genitive, Dative, Prepositional],
        Number::Singular,
    ),
    (
        Type::SoftWoman,
        "ь",
        "ью",
        &[Instrumental],
        Number::Singular,
    ),
    (Type::A, "а", "а", &[Nominative], Number::Singular),
    (Type::A, "а", "ы", &[Genitive], Number::Singular),
    (Type::A, "а", "и", &[Genitive], Number::Singular),
    (
        Type::A,
        "а",
        "е",
        &[Dative, Prepositional],
        Number::Singular,
    ),
    (Type::A, "а", "у", &[Accusative], Number::Singular),
    (Type::A, "а", "ой", &[Instrumental], Number::Singular),
    (Type::A, "а", "ою", &[Instrumental], Number::Singular),
    (Type::A, "а", "ей", &[Instrumental], Number::Singular),
    (Type::A, "а", "", &[Nominative, Vocative], Number::Singular),
    (Type::A, "а", "ам", &[Dative], Number::Plural),
    (Type::A, "а", "ами", &[Instrumental], Number::Plural),
    (Type::A, "а", "ах", &[Prepositional], Number::Plural),
    (Type::Ya, "я", "я", &[Nominative], Number::Singular),
    (Type::Ya, "я", "и", &[Genitive], Number::Singular),
    (
        Type::Ya,
        "я",
        "е",
        &[Dative, Prepositional],
        Number::Singular,
    ),
    (
        Type::Ya,
        "ия",
        "ии",
        &[Dative, Prepositional],
        Number::Singular,
    ),
    (Type::Ya, "я", "ю", &[Accusative], Number::Singular),
    (Type::Ya, "я", "ей", &[Instrumental], Number::Singular),
    (Type::Ya, "я", "ею", &[Instrumental], Number::Singular),
    (
        Type::Ya,
        "я",
        "ь",
        &[Nominative, Vocative],
        Number::Singular,
    ),
    (
        Type::Ya,
        "я",
        "й",
        &[Nominative, Vocative],
        Number::Singular,
    ),
    (
        Type::Fixed,
        "",
        "",
        &[
            Nominative,
            Genitive,
            Dative,
            Accusative,
            Instrumental,
            Prepositional,
        ],
        Number::Singular,
    ),
];

fn is_vowel(letter: char) -> bool {
    matches!(letter, 'а' | 'е' | 'и' | 'о' | 'у' | 'ы' | 'э' | 'ю' | 'я')
}

/// Whether a nominative of this gender is declined so.
fn is_type(type_: Type, lemma: &str, gender: Gender) -> bool {
    let last = lemma.chars().next_back().unwrap_or('-');
    let (man, woman) = (gender != Gender::Feminine, gender != Gender::Masculine);
    match last {
        'а' => type_ == Type::A,
        'я' => type_ == Type::Ya,
        'й' => type_ == Type::Short,
        'ь' => man && type_ == Type::SoftMan || woman && type_ == Type::SoftWoman,
        _ if is_vowel(last) => type_ == Type::Fixed,
        _ => man && type_ == Type::Consonant || woman && type_ == Type::Fixed,
    }
}

/// The longest ending in bytes.
const END_BYTES_MAX: usize = 6;

/// Endings of patronymics: nominative's, form's, cases, number.
const MAN_ENDINGS: &[(&str, &[Case], Number)] = &[
    ("", &[Nominative], Number::Singular),
    ("а", &[Genitive, Accusative], Number::Singular),
    ("у", &[Dative], Number::Singular),
    ("ем", &[Instrumental], Number::Singular),
    ("ом", &[Instrumental], Number::Singular),
    ("е", &[Prepositional], Number::Singular),
    ("и", &[Nominative], Number::Plural),
    ("ей", &[Genitive, Accusative], Number::Plural),
    ("ам", &[Dative], Number::Plural),
    ("ами", &[Instrumental], Number::Plural),
    ("ах", &[Prepositional], Number::Plural),
];
const WOMAN_ENDINGS: &[(&str, &[Case], Number)] = &[
    ("а", &[Nominative], Number::Singular),
    ("ы", &[Genitive], Number::Singular),
    ("е", &[Dative, Prepositional], Number::Singular),
    ("у", &[Accusative], Number::Singular),
    ("ой", &[Instrumental], Number::Singular),
    ("ою", &[Instrumental], Number::Singular),
    ("ам", &[Dative], Number::Plural),
    ("ами", &[Instrumental], Number::Plural),
    ("ах", &[Prepositional], Number::Plural),
];

impl Lexicon {
    /// Whether `names.tsv` has this first name, in full, in another spelling or short; normalised.
    pub fn lists_name(&self, lemma: &str) -> bool {
        !self.name_table().uses(lemma).is_empty()
    }

    /// Every name that a form can be, and whether it is an ordinary word or a place besides. Nothing for the empty text.
    /// One call costs about a microsecond: ask once for each distinct word.
    pub fn names(&self, form: &str) -> NameReadings {
        self.names_in(self.dict.set(form), form)
    }

    /// The same of a form of which the readings are known, see [`Brief::readings`].
    pub(crate) fn names_in(&self, readings: Option<ReadingSet>, form: &str) -> NameReadings {
        let mut found = NameReadings::default();
        let mut known = false;
        let mut function_word = false;
        for reading in self.dict.readings_in(readings) {
            known = true;
            let entry = self.dict.entry(reading);
            let tag = entry.tag;
            function_word |= tag.pos().is_function();
            found.also_word |= tag.is_word();
            found.also_place |= tag.is_place();
            if let Some(kind) = tag.name() {
                // A father's name and both patronymics of it are one lexeme.
                let lemma = match (kind, tag.gender()) {
                    (NameKind::Patronymic, Some(gender)) => self
                        .dict
                        .entries(reading.paradigm)
                        .filter(|entry| {
                            let tag = entry.tag;
                            (tag.case(), tag.number(), tag.gender(), tag.name())
                                == (
                                    Some(Nominative),
                                    Some(Number::Singular),
                                    Some(gender),
                                    Some(kind),
                                )
                        })
                        .max_by_key(|entry| entry.suffix.len()),
                    _ => None,
                };
                let lemma = lemma
                    .unwrap_or_else(|| self.dict.lemma(reading.paradigm))
                    .form(entry.stem(form));
                self.add_marked(kind, lemma, tag, &mut found.readings);
            }
        }
        found.also_word &= !self.name_table().hardly_words.contains(form);
        // The particle is no Lee, the preposition no Iza; what the table lists is a name all the same: «Али».
        if function_word && !self.lists_name(form) {
            found
                .readings
                .retain(|reading| reading.kind != NameKind::First);
        }
        // The shortest name is «Ян», «Юн» clipped is no address; the longest patronymics have some forty letters.
        if (4..=80).contains(&form.len()) {
            self.add_listed(form, &mut found.readings);
            self.add_patronymics(form, known, &mut found.readings);
        }
        add_surname_of_many(form, &mut found.readings);
        // «Александр» is the man, not «Александра» clipped.
        let is_whole = |reading: &NameReading| {
            let singular = reading.kind == NameKind::First && reading.number == Number::Singular;
            singular && reading.cases.has(Nominative) && !reading.cases.has(Vocative)
        };
        if found.readings.iter().any(is_whole) {
            found
                .readings
                .retain(|reading| !reading.cases.has(Vocative));
        }
        found.readings.sort_by_key(|reading| reading.number);
        found
    }

    /// Whether it is worth while to ask for the names of a form: where it is not, [`Lexicon::names`] has no readings.
    pub(crate) fn may_be_name(&self, form: &str, brief: &Brief) -> bool {
        brief.name || self.may_be_listed(form) || self.may_be_patronymic(form)
    }

    /// Whether some beginning of the form may be what is left of a listed name without its ending.
    fn may_be_listed(&self, form: &str) -> bool {
        let stems = &self.name_table().stems;
        let shortest = form.len().saturating_sub(END_BYTES_MAX);
        let (start, rest) = form.as_bytes().split_at(shortest);
        let mut hash = start.iter().copied().fold(0, hash_byte);
        let mut rest = rest.iter();
        loop {
            let end = form.len() - rest.len();
            let is_ending = |end: &str| ENDINGS.iter().any(|ending| ending.2 == end);
            if stems.may_have(hash) && form.get(end..).is_some_and(is_ending) {
                return true;
            }
            match rest.next() {
                Some(&byte) => hash = hash_byte(hash, byte),
                None => return false,
            }
        }
    }

    /// Whether the form has an ending of patronymics.
    fn may_be_patronymic(&self, form: &str) -> bool {
        let before = &self.patronymic_table().before;
        // The longest ending has three letters.
        form.char_indices().rev().take(4).any(|(at, letter)| {
            let endings = match letter {
                'ч' => MAN_ENDINGS,
                'н' => WOMAN_ENDINGS,
                _ => return false,
            };
            let (stem, end) = (&form[..at], &form[at + letter.len_utf8()..]);
            stem.chars()
                .next_back()
                .is_some_and(|last| before.contains(&(last, letter)))
                && endings.iter().any(|(ending, ..)| *ending == end)
        })
    }

    pub(super) fn name_table(&self) -> &NameTable {
        self.names.get_or_init(NameTable::embedded)
    }

    pub(super) fn patronymic_table(&self) -> &PatronymicTable {
        self.patronymics.get_or_init(|| {
            let mut table = PatronymicTable {
                words: FxHashMap::default(),
                endings: Vec::new(),
                before: vec![('и', 'ч'), ('в', 'н')],
            };
            let rows = include_str!(concat!(env!("OUT_DIR"), "/patronymics.tsv")).lines();
            for (spoken, full) in rows.filter_map(|line| line.split_once('\t')) {
                let mut letters = spoken.trim_end_matches('а').chars().rev();
                if let (Some(last), Some(before)) = (letters.next(), letters.next())
                    && !table.before.contains(&(before, last))
                {
                    table.before.push((before, last));
                }
                match (spoken.strip_prefix('-'), full.strip_prefix('-')) {
                    (Some(spoken), Some(full)) => table.endings.push((spoken, full)),
                    _ => _ = table.words.insert(spoken, full),
                }
            }
            table
        })
    }

    /// What the dictionary marks as a name.
    fn add_marked(&self, kind: NameKind, lemma: String, tag: Tag, readings: &mut Vec<NameReading>) {
        let gender = match tag.gender() {
            Some(gender @ (Gender::Masculine | Gender::Feminine)) => gender,
            _ => Gender::Common,
        };
        let number = tag.number().unwrap_or(Number::Singular);
        let cases = match tag.case() {
            Some(Vocative) => Cases::of(&[Nominative, Vocative]),
            Some(case) => Cases::of(&[case]),
            None => Cases::ALL,
        };
        match kind {
            NameKind::First => {
                let gender = self
                    .name_table()
                    .gender(&lemma)
                    .map_or(gender, |listed| both(listed, gender));
                self.add_first(lemma, gender, cases, number, readings);
            }
            NameKind::Patronymic => {
                let lemma = self
                    .spoken_patronymic(&lemma)
                    .map_or(lemma, Cow::into_owned);
                let reading = NameReading::one(kind, lemma, gender, cases, number);
                add(reading, readings);
            }
            NameKind::Surname => {
                let reading = NameReading::one(kind, lemma, gender, cases, number);
                add(reading, readings);
            }
        }
    }

    fn add_first(
        &self,
        lemma: String,
        gender: Gender,
        cases: Cases,
        number: Number,
        readings: &mut Vec<NameReading>,
    ) {
        let (fulls, short) = self.name_table().fulls(&lemma);
        let short_for = match short {
            true => Vec::new(),
            false => self.name_table().short_for(&lemma),
        };
        let reading = NameReading {
            fulls,
            short,
            short_for,
            ..NameReading::one(NameKind::First, lemma, gender, cases, number)
        };
        add(reading, readings);
    }

    /// What our table has: every form where the dictionary lacks the name, the clipped address of any.
    fn add_listed(&self, form: &str, readings: &mut Vec<NameReading>) {
        let table = self.name_table();
        let mut lemma = String::with_capacity(form.len() + 4);
        // By the bytes of an ending: whether what it leaves may be left of a name.
        let mut may_be_left = [false; END_BYTES_MAX + 1];
        for (n_bytes, may_be_left) in may_be_left.iter_mut().enumerate() {
            let stem = form
                .len()
                .checked_sub(n_bytes)
                .and_then(|end| form.get(..end));
            *may_be_left = stem.is_some_and(|stem| table.stems.may_have(hash(stem)));
        }
        for &(type_, lemma_end, end, cases, number) in ENDINGS {
            if !may_be_left[end.len()] {
                continue;
            }
            let Some(stem) = form.strip_suffix(end) else {
                continue;
            };
            lemma.clear();
            lemma.push_str(stem);
            lemma.push_str(lemma_end);
            let Some(gender) = table.gender(&lemma) else {
                continue;
            };
            if !is_type(type_, &lemma, gender) {
                continue;
            }
            let clipped = cases.contains(&Vocative);
            if clipped {
                let before = stem.chars().next_back().unwrap_or('а');
                let fits = match end {
                    "й" => is_vowel(before) && before != 'и',
                    "ь" => !is_vowel(before) && before != 'ь',
                    _ => !is_vowel(before) && before != 'ь',
                };
                if !fits || stem.chars().count() < 2 {
                    continue;
                }
            } else if type_ != Type::SoftWoman
                && self.dict.readings(&lemma).any(|r| {
                    let entry = self.dict.entry(r);
                    (entry.tag.name(), entry.tag.case(), entry.tag.number())
                        == (
                            Some(NameKind::First),
                            Some(Nominative),
                            Some(Number::Singular),
                        )
                })
            {
                // The dictionary declines it, and knows better: «лев», «льва»; but it leaves «гузель» without cases.
                continue;
            }
            self.add_first(lemma.clone(), gender, Cases::of(cases), number, readings);
        }
    }

    /// Patronymics by their ending.
    fn add_patronymics(&self, form: &str, known: bool, readings: &mut Vec<NameReading>) {
        let mut add_one = |lemma: String, gender, cases, number| {
            let Some(full) = self.patronymic(lemma, known) else {
                return;
            };
            let kind = NameKind::Patronymic;
            let reading = NameReading::one(kind, full, gender, Cases::of(cases), number);
            add(reading, readings);
        };
        for &(end, cases, number) in MAN_ENDINGS {
            if let Some(stem) = form.strip_suffix(end)
                && stem.ends_with('ч')
            {
                add_one(stem.to_owned(), Gender::Masculine, cases, number);
            }
        }
        for &(end, cases, number) in WOMAN_ENDINGS {
            if let Some(stem) = form.strip_suffix(end)
                && stem.ends_with('н')
            {
                add_one([stem, "а"].concat(), Gender::Feminine, cases, number);
            }
        }
    }

    /// The full nominative of a patronymic given in the nominative, `None` when it is none.
    fn patronymic(&self, lemma: String, known: bool) -> Option<String> {
        if let Some(full) = self.patronymic_table().words.get(lemma.as_str()) {
            return Some((*full).to_owned());
        }
        let full = self.spoken_patronymic(&lemma).map(Cow::into_owned);
        let is_spoken = full.is_some();
        let full = full.unwrap_or(lemma);
        let start = full
            .strip_suffix("ич")
            .or_else(|| full.strip_suffix("на"))?
            .strip_suffix('в')?;
        let is_soft = start.ends_with('е');
        let father = start.strip_suffix(['о', 'е'])?;
        if father.chars().count() < 2 {
            return None;
        }
        let ends: &[&str] = if is_soft {
            &["й", "ь", "я", "е", ""]
        } else {
            &["", "а", "о"]
        };
        let is_name = |end: &&str| {
            let name = [father, end].concat();
            self.name_table()
                .gender(&name)
                .is_some_and(|gender| gender != Gender::Feminine)
        };
        // «-ьевич» is from «-ий»: «Юрьевич», «Василий».
        let is_known = ends.iter().any(is_name)
            || father
                .strip_suffix('ь')
                .is_some_and(|start| is_name_of(self, start))
            || self
                .dict
                .readings(&full)
                .any(|r| self.dict.entry(r).tag.name() == Some(NameKind::Patronymic));
        (is_known || !known && !is_spoken).then_some(full)
    }

    /// The full form of a spoken patronymic, both in the nominative; `None` when it is full already or no patronymic.
    fn spoken_patronymic(&self, lemma: &str) -> Option<Cow<'static, str>> {
        if let Some(full) = self.patronymic_table().words.get(lemma) {
            return Some(Cow::Borrowed(full));
        }
        let mut endings = self.patronymic_table().endings.iter();
        endings.find_map(|(spoken, full)| {
            Some(Cow::Owned([lemma.strip_suffix(spoken)?, full].concat()))
        })
    }
}

fn is_name_of(lexicon: &Lexicon, start: &str) -> bool {
    lexicon
        .name_table()
        .gender(&[start, "ий"].concat())
        .is_some_and(|gender| gender != Gender::Feminine)
}

/// «Хасанов», of men called «Хасан», is a surname though the dictionary has none.
fn add_surname_of_many(form: &str, readings: &mut Vec<NameReading>) {
    let of_many =
        |reading: &NameReading| reading.kind == NameKind::First && reading.number == Number::Plural;
    let ends = form.ends_with("ов") || form.ends_with("ев");
    if !ends || readings.is_empty() || !readings.iter().all(of_many) {
        return;
    }
    readings.push(NameReading::one(
        NameKind::Surname,
        form.to_owned(),
        Gender::Masculine,
        Cases::of(&[Nominative]),
        Number::Singular,
    ));
}

/// Joins a reading with one of the same name and number.
fn add(reading: NameReading, readings: &mut Vec<NameReading>) {
    let same = |known: &&mut NameReading| {
        (known.kind, known.number) == (reading.kind, reading.number) && known.lemma == reading.lemma
    };
    match readings.iter_mut().find(same) {
        Some(known) => {
            known.cases = known.cases.or(reading.cases);
            known.gender = both(known.gender, reading.gender);
        }
        None => readings.push(reading),
    }
}
