//! What a form of a word is: part of speech, case, gender and the rest, packed into one number by `lexicon/build.py`.

macro_rules! values {
    ($(#[$doc:meta])* $name:ident { $($(#[$value_doc:meta])* $value:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$value_doc])* $value),+ }
        impl $name {
            /// 1 for the first value; 0 and what is past the last are `None`.
            fn from_bits(bits: u32) -> Option<Self> {
                const ALL: &[$name] = &[$($name::$value),+];
                ALL.get((bits as usize).wrapping_sub(1)).copied()
            }
        }
    };
}

values!(
    /// Part of speech, as OpenCorpora divides them.
    Pos {
        /// Noun.
        Noun,
        /// Full adjective; ordinals too.
        Adjective,
        /// Short adjective.
        ShortAdjective,
        /// Comparative.
        Comparative,
        /// Verb in a personal form.
        Verb,
        /// Infinitive.
        Infinitive,
        /// Full participle.
        Participle,
        /// Short participle.
        ShortParticiple,
        /// Verbal adverb.
        Gerund,
        /// Cardinal numeral.
        Numeral,
        /// Adverb.
        Adverb,
        /// Pronoun that stands for a noun.
        Pronoun,
        /// Word of state.
        Predicative,
        /// Preposition.
        Preposition,
        /// Conjunction.
        Conjunction,
        /// Particle.
        Particle,
        /// Interjection.
        Interjection,
        /// Word in Latin letters.
        Latin,
        /// Punctuation.
        Punctuation,
        /// Number in digits.
        Digits,
        /// Roman number.
        Roman,
        /// Not said.
        Unknown,
    }
);
impl Pos {
    /// Prepositions, conjunctions, particles and pronouns.
    pub(crate) fn is_function(self) -> bool {
        matches!(
            self,
            Self::Preposition | Self::Conjunction | Self::Particle | Self::Pronoun
        )
    }

    /// Nouns, verbs and adjectives, participles and gerunds too.
    pub(crate) fn carries_content(self) -> bool {
        matches!(
            self,
            Self::Noun
                | Self::Verb
                | Self::Infinitive
                | Self::Adjective
                | Self::ShortAdjective
                | Self::Participle
                | Self::ShortParticiple
                | Self::Gerund
        )
    }
}

values!(
    /// Case. The second genitive, accusative and prepositional are counted with the first.
    Case {
        /// Who, what.
        Nominative,
        /// Of whom.
        Genitive,
        /// To whom.
        Dative,
        /// Whom.
        Accusative,
        /// By whom.
        Instrumental,
        /// About whom.
        Prepositional,
        /// The clipped form that people call each other by.
        Vocative,
    }
);
values!(
    /// Gender.
    Gender {
        /// Men.
        Masculine,
        /// Women.
        Feminine,
        /// Neither.
        Neuter,
        /// Both men and women.
        Common,
    }
);
values!(
    /// Number.
    Number {
        /// One.
        Singular,
        /// More than one.
        Plural,
    }
);
values!(
    /// Person of a verb or pronoun.
    Person {
        /// I, we.
        First,
        /// You.
        Second,
        /// Others.
        Third,
    }
);
values!(
    /// Tense.
    Tense {
        /// Past.
        Past,
        /// Present.
        Present,
        /// Future: personal forms of perfective verbs too.
        Future,
    }
);
values!(
    /// Mood.
    Mood {
        /// Indicative.
        Indicative,
        /// Imperative.
        Imperative,
    }
);
values!(
    /// Which of a person's names it is.
    NameKind {
        /// First name, in full or short.
        First,
        /// Patronymic.
        Patronymic,
        /// Surname.
        Surname,
    }
);

/// A packed tag: see `FIELDS` in `lexicon/build.py`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tag(pub(crate) u32);

const ABBREVIATION: u32 = 2;
const SUPERLATIVE: u32 = 3;

impl Tag {
    fn bits(self, shift: u32, width: u32) -> u32 {
        (self.0 >> shift) & ((1 << width) - 1)
    }

    pub(crate) fn pos(self) -> Pos {
        Pos::from_bits(self.bits(0, 5)).unwrap_or(Pos::Unknown)
    }

    pub(crate) fn case(self) -> Option<Case> {
        Case::from_bits(self.bits(5, 3))
    }

    pub(crate) fn gender(self) -> Option<Gender> {
        Gender::from_bits(self.bits(8, 3))
    }

    pub(crate) fn number(self) -> Option<Number> {
        Number::from_bits(self.bits(11, 2))
    }

    pub(crate) fn person(self) -> Option<Person> {
        Person::from_bits(self.bits(13, 2))
    }

    pub(crate) fn tense(self) -> Option<Tense> {
        Tense::from_bits(self.bits(15, 2))
    }

    pub(crate) fn mood(self) -> Option<Mood> {
        Mood::from_bits(self.bits(17, 2))
    }

    pub(crate) fn name(self) -> Option<NameKind> {
        NameKind::from_bits(self.bits(23, 3))
    }

    /// Whether it is an ordinary word: no name, initial, place, company or abbreviation.
    pub(crate) fn is_word(self) -> bool {
        self.bits(23, 3) == 0 && self.bits(26, 2) == 0 && self.bits(30, 2) != ABBREVIATION
    }

    pub(crate) fn is_place(self) -> bool {
        self.bits(26, 2) == 1
    }

    /// What two words in the same grammatical form share: marks of the word itself (aspect, a name) are left out, and
    /// of a noun its gender and whether it lives; present and future are one.
    pub(crate) fn form_key(self) -> u32 {
        let mut key = self.0 & !(0b11 << 19) & 0x307f_ffff;
        if self.tense() == Some(Tense::Future) {
            key = key & !(0b11 << 15) | (2 << 15);
        }
        if self.bits(30, 2) == SUPERLATIVE {
            key |= SUPERLATIVE << 30;
        }
        if self.pos() == Pos::Noun {
            key &= !(0b111 << 8) & !(0b11 << 28);
        }
        key
    }
}
