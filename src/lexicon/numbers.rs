//! Form -> the number, the unit or the part it names; words that mean nothing between others. Digits are the caller's.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Lexicon;
use super::tag::Pos;

/// Which place of a number a word fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NumberKind {
    /// 0.
    Zero,
    /// 1 to 9.
    Unit,
    /// 11 to 19.
    Teen,
    /// 10, 20, … 90.
    Ten,
    /// 100, 200, … 900.
    Hundred,
    /// Multiplies what stands before it by 1,000.
    Thousand,
    /// Multiplies what stands before it by 1,000,000.
    Million,
    /// Multiplies what stands before it by 1,000,000,000.
    Billion,
    /// «двое», «десяток»: stands alone.
    Collective,
}

/// A word for a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberWord {
    /// The number it names.
    pub value: u64,
    /// Which place it fills.
    pub kind: NumberKind,
    /// «пятый» rather than «пять»: ends a number.
    pub ordinal: bool,
}

/// What a unit measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnitKind {
    /// Time.
    Time,
    /// Money.
    Money,
    /// Data.
    Data,
    /// Things counted, per cent.
    Count,
}

/// A word that a number stands with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit {
    /// What it measures.
    pub kind: UnitKind,
    /// Seconds, roubles, megabytes or 1. For «момент», which names no length, 0.
    pub size: f64,
    /// «минуточка».
    pub diminutive: bool,
}

impl Unit {
    /// Its length when it measures time and names a length.
    pub fn seconds(self) -> Option<f64> {
        (self.kind == UnitKind::Time && self.size > 0.0).then_some(self.size)
    }
}

/// A word for a part, or for a few.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fraction {
    /// 1.5 for «полтора», 2 for «пара», 3 for «несколько».
    pub value: f64,
    /// Not to be taken exactly: «пара», «несколько».
    pub about: bool,
}

/// Words, and pairs of words, that may stand inside a phrase without changing it.
#[derive(Debug, Clone, Default)]
pub struct Fillers {
    words: FxHashSet<&'static str>,
    pairs: FxHashSet<(&'static str, &'static str)>,
}

impl Fillers {
    /// Whether the word is a filler.
    pub fn has_word(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    /// Whether the two words in this order are a filler.
    pub fn has_pair(&self, first: &str, second: &str) -> bool {
        // A look-up by a pair of shorter lives needs the same type.
        let pair: (&str, &str) = (first, second);
        self.pairs.contains(&pair)
    }

    /// All single words, sorted.
    pub fn words(&self) -> Vec<&'static str> {
        let mut words: Vec<_> = self.words.iter().copied().collect();
        words.sort_unstable();
        words
    }

    /// All pairs, sorted.
    pub fn pairs(&self) -> Vec<(&'static str, &'static str)> {
        let mut pairs: Vec<_> = self.pairs.iter().copied().collect();
        pairs.sort_unstable();
        pairs
    }
}

/// About so many forms name numbers, units and parts.
const N_FORMS: usize = 1700;

/// What a form says of a quantity.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Quantity {
    /// See [`Lexicon::number_word`].
    pub(crate) number_word: Option<NumberWord>,
    /// See [`Lexicon::fraction`].
    pub(crate) fraction: Option<Fraction>,
    /// See [`Lexicon::unit`].
    pub(crate) unit: Option<Unit>,
}

pub(super) type QuantityTable = FxHashMap<String, Quantity>;

impl Lexicon {
    /// The number that a form names, in any case; `None` for every other word. «сорок», «сорока» are numbers here, whatever
    /// birds they may be.
    pub fn number_word(&self, form: &str) -> Option<NumberWord> {
        self.quantity(form)?.number_word
    }

    /// The unit that a form names, in any case and number, or a usual abbreviation («мин», «руб»).
    pub fn unit(&self, form: &str) -> Option<Unit> {
        self.quantity(form)?.unit
    }

    /// The part, or the few, that a form names: «полтора», «пара», «несколько».
    pub fn fraction(&self, form: &str) -> Option<Fraction> {
        self.quantity(form)?.fraction
    }

    /// All of these in one look; `None` of most words.
    pub(crate) fn quantity(&self, form: &str) -> Option<Quantity> {
        let table = self.quantities.get_or_init(|| self.read_quantities());
        table.get(form).copied()
    }

    /// The words that may stand between the words of a phrase.
    pub fn fillers(&self) -> &Fillers {
        self.fillers.get_or_init(|| {
            let mut fillers = Fillers::default();
            for line in include_str!(concat!(env!("OUT_DIR"), "/fillers.txt")).lines() {
                match line.split_once(' ') {
                    Some(pair) => _ = fillers.pairs.insert(pair),
                    None => _ = fillers.words.insert(line),
                }
            }
            fillers
        })
    }

    fn read_quantities(&self) -> QuantityTable {
        let mut table = QuantityTable::with_capacity_and_hasher(N_FORMS, Default::default());
        for line in include_str!(concat!(env!("OUT_DIR"), "/numbers.tsv")).lines() {
            let [word, value, kind, pos, others] = columns(line);
            let (ordinal, kind) = kind
                .strip_prefix("ordinal-")
                .map_or((false, kind), |kind| (true, kind));
            let kind = match kind {
                "zero" => NumberKind::Zero,
                "unit" => NumberKind::Unit,
                "teen" => NumberKind::Teen,
                "ten" => NumberKind::Ten,
                "hundred" => NumberKind::Hundred,
                "thousand" => NumberKind::Thousand,
                "million" => NumberKind::Million,
                "billion" => NumberKind::Billion,
                _ => NumberKind::Collective,
            };
            let word_ = NumberWord {
                value: value.parse().expect("a value of numbers.tsv is a number"),
                kind,
                ordinal,
            };
            // Earlier rows win: «сто» before «сотый» and the like.
            for form in self.listed_forms(word, pos, others) {
                table
                    .entry(form)
                    .or_default()
                    .number_word
                    .get_or_insert(word_);
            }
        }
        for line in include_str!(concat!(env!("OUT_DIR"), "/units.tsv")).lines() {
            let [word, kind, size, remark, pos, others] = columns(line);
            let size: f64 = size.parse().expect("a size of units.tsv is a number");
            let kind = match kind {
                "time" => Some(UnitKind::Time),
                "money" => Some(UnitKind::Money),
                "data" => Some(UnitKind::Data),
                "count" => Some(UnitKind::Count),
                _ => None,
            };
            for form in self.listed_forms(word, pos, others) {
                let quantity = table.entry(form).or_default();
                match kind {
                    Some(kind) => {
                        quantity.unit.get_or_insert(Unit {
                            kind,
                            size,
                            diminutive: remark == "diminutive",
                        });
                    }
                    None => {
                        quantity.fraction.get_or_insert(Fraction {
                            value: size,
                            about: remark == "about",
                        });
                    }
                }
            }
        }
        table
    }

    /// The word, its forms by the dictionary, and the forms listed beside it.
    fn listed_forms(&self, word: &str, pos: &str, others: &str) -> Vec<String> {
        let pos = match pos {
            "noun" => Some(Pos::Noun),
            "numr" => Some(Pos::Numeral),
            "adjf" => Some(Pos::Adjective),
            _ => None,
        };
        let mut forms = pos.map_or_else(Vec::new, |pos| self.forms_of(word, pos));
        forms.push(word.to_owned());
        forms.extend(
            others
                .split(' ')
                .filter(|form| *form != "-")
                .map(str::to_owned),
        );
        forms
    }
}

fn columns<const N: usize>(line: &'static str) -> [&'static str; N] {
    let mut columns = line.split('\t');
    std::array::from_fn(|_| columns.next().unwrap_or("-"))
}
