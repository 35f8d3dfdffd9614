//! What later stages ask of a word often, looked up once per distinct word.

use crate::lexicon::{
    Fraction, Lexicon, NameKind, NameReadings, NumberKind, NumberWord, Quantity, ReadingSet, Unit,
};

/// Stands for a word that nobody could make out. No text has such a word, and no phrase finds it; it is nobody's name.
pub(super) const UNHEARD: &str = "\u{fffc}";
/// The same for a filler.
pub(super) const UNHEARD_FILLER: &str = "\u{fffc}\u{fffc}";

/// The dictionary's answers about one normalised word.
#[derive(Debug, Clone, Default)]
pub struct WordFacts {
    /// The dictionary has the word.
    pub known: bool,
    /// What it has of the word.
    pub(crate) readings: Option<ReadingSet>,
    /// Equal for the forms of one word; of the word itself when unknown.
    pub lemma_key: u64,
    /// By the likeliest reading a noun, a verb or an adjective, see [`Brief::content`](crate::lexicon::Brief::content).
    pub content: bool,
    /// By the likeliest reading a verb in the third person or the past.
    pub third_person: bool,
    /// By the likeliest reading a verb in the first person of the present or the future.
    pub first_person: bool,
    /// By the likeliest reading a short participle or a verb in the past.
    pub done: bool,
    /// By the likeliest reading an infinitive.
    pub infinitive: bool,
    /// By the likeliest reading an adjective, which can be a genitive.
    pub genitive_adjective: bool,
    /// A filler of the recogniser on its own.
    pub filler: bool,
    /// Some reading is a first name.
    pub first_name: bool,
    /// Some reading is a patronymic.
    pub patronymic: bool,
    /// Some reading is a surname, and none is a function word («по»).
    pub surname: bool,
    /// A name that is also an ordinary word («вера»).
    pub also_word: bool,
    /// Some reading is a place.
    pub place: bool,
    /// The unit stands in the singular nominative or accusative, as «минуту» in «подождите минуту»: by itself it tells no length.
    pub unit_is_bare: bool,
    /// Of few words, so that it lies elsewhere.
    count: Option<Box<Count>>,
}

/// What is counted, or with what.
#[derive(Debug, Clone, Default, PartialEq)]
struct Count {
    said: Quantity,
    digits: Option<u64>,
}

impl WordFacts {
    /// Looks a normalised word up.
    pub fn of(norm: &str, lexicon: &Lexicon) -> Self {
        if norm == UNHEARD || norm == UNHEARD_FILLER {
            return Self {
                known: true,
                filler: norm == UNHEARD_FILLER,
                lemma_key: lexicon.lemma_key(norm),
                ..Self::default()
            };
        }
        let is_digits = norm.bytes().all(|b| b.is_ascii_digit());
        if is_digits {
            return Self {
                lemma_key: lexicon.lemma_key(norm),
                count: Some(Box::new(Count {
                    digits: Some(norm.parse().unwrap_or(u64::MAX)),
                    ..Count::default()
                })),
                ..Self::default()
            };
        }
        let count = lexicon
            .quantity(norm)
            .map(|said| Box::new(Count { said, digits: None }));
        let brief = lexicon.brief(norm);
        let names = if lexicon.may_be_name(norm, &brief) {
            lexicon.names_in(brief.readings, norm)
        } else {
            NameReadings {
                readings: Vec::new(),
                also_word: brief.word,
                also_place: brief.place,
            }
        };
        Self {
            content: brief.content,
            third_person: brief.third_person,
            done: brief.done,
            first_person: brief.first_person,
            infinitive: brief.infinitive,
            genitive_adjective: brief.genitive_adjective,
            known: brief.known,
            readings: brief.readings,
            lemma_key: brief.lemma_key,
            filler: lexicon.fillers().has_word(norm),
            first_name: names.of(NameKind::First).next().is_some(),
            patronymic: names.of(NameKind::Patronymic).next().is_some(),
            surname: !brief.function_word && names.of(NameKind::Surname).next().is_some(),
            also_word: names.also_word,
            place: names.also_place || brief.place,
            unit_is_bare: count
                .as_ref()
                .is_some_and(|count| count.said.unit.is_some())
                && brief.plain_singular,
            count,
        }
    }

    /// A number in words.
    pub fn number_word(&self) -> Option<NumberWord> {
        self.count.as_ref()?.said.number_word
    }

    /// «полтора», «пара».
    pub fn fraction(&self) -> Option<Fraction> {
        self.count.as_ref()?.said.fraction
    }

    /// The value of digits; what does not fit is `u64::MAX`.
    pub fn digits(&self) -> Option<u64> {
        self.count.as_ref()?.digits
    }

    /// A unit of time, of money…
    pub fn unit(&self) -> Option<Unit> {
        self.count.as_ref()?.said.unit
    }

    /// Some reading is a name of a person.
    pub fn is_name(&self) -> bool {
        self.first_name || self.patronymic || self.surname
    }

    /// A number in words or digits that is no ordinal, «полтора» and «пара» too.
    pub fn is_number(&self) -> bool {
        self.digits().is_some()
            || self.fraction().is_some()
            || self.number_word().is_some_and(|number| !number.ordinal)
    }

    /// A noun, a verb, an adjective or a number, but no name and no filler.
    pub fn carries_content(&self) -> bool {
        self.is_number() || self.content && !self.filler && !self.first_name
    }

    /// The value of a whole number, no ordinal and none of «двое», «десяток».
    pub fn cardinal(&self) -> Option<u64> {
        self.digits().or_else(|| cardinal(self.number_word()))
    }

    /// No dictionary has the word: neither as a word, nor as a name, a number or a unit.
    pub fn is_foreign(&self) -> bool {
        !self.known
            && !self.is_name()
            && !self.is_number()
            && self.number_word().is_none()
            && self.unit().is_none()
    }
}

/// The value of a number word that is no ordinal and none of «двое», «десяток».
pub(crate) fn cardinal(number: Option<NumberWord>) -> Option<u64> {
    let number = number?;
    (!number.ordinal && number.kind != NumberKind::Collective).then_some(number.value)
}
