//! Words for people: slot names of the notation, examples for slots, messages of [`PhraseError`](super::PhraseError).

use super::error::PhraseErrorKind;
use super::parse::{Owner, Slot};
use crate::locale::Lang;

/// Every slot: its name in the notation, and words that fill it.
pub(super) const SLOTS: &[(&str, Slot, &str)] = &[
    ("слово", Slot::Word, "слово"),
    ("имя", Slot::Name(Owner::Anyone), "Анна"),
    ("имя клиента", Slot::Name(Owner::Customer), "Иван"),
    ("имя оператора", Slot::Name(Owner::Agent), "Анна"),
    ("новое имя", Slot::NewName(Owner::Anyone), "Ыырлан"),
    ("отчество", Slot::Patronymic, "Петрович"),
    ("фамилия", Slot::Surname, "Иванова"),
    ("число", Slot::Number, "тридцать пять"),
    ("срок", Slot::Term, "две минуты"),
    ("точный срок", Slot::ExactTerm, "две минуты"),
    ("сумма", Slot::Sum, "триста рублей"),
    ("цена без единиц", Slot::BarePrice, "восемь пятьдесят"),
    ("тысячи с сотнями", Slot::BareThousands, "восемь четыреста"),
    ("город", Slot::Place, "Москва"),
    ("делаю", Slot::FirstPerson, "проверю"),
    ("делает", Slot::ThirdPerson, "проверяет"),
    ("делать", Slot::Infinitive, "проверить"),
    ("какого", Slot::Genitive, "лёгкого"),
    ("дата", Slot::Date, "12.03.2026"),
    ("время", Slot::Time, "18:00"),
];

/// The months' dictionary forms.
pub(super) const MONTHS: [&str; 12] = [
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
];

/// One sentence, and what to do next.
pub(super) fn message(kind: &PhraseErrorKind, lang: Lang) -> String {
    use PhraseErrorKind as Kind;
    let near = |near: &Option<String>| match (near, lang) {
        (Some(near), Lang::Ru) => format!("; может быть, «{near}»?"),
        (Some(near), Lang::En) => format!("; did you mean `{near}`?"),
        (None, _) => String::new(),
    };
    match (kind, lang) {
        (Kind::UnknownWord { word }, Lang::Ru) => format!(
            "слова «{word}» нет в словаре; перечислите его формы в lexicon.toml набора правил или напишите «!{word}», если годится только эта форма"
        ),
        (Kind::UnknownWord { word }, Lang::En) => {
            format!(
                "the dictionary has no word `{word}`; list its forms in the lexicon.toml of the pack, or write `!{word}` for this form only"
            )
        }
        (Kind::UnknownSlot { slot, near: n }, Lang::Ru) => {
            format!("нет подстановки [{slot}]{}", near(n))
        }
        (Kind::UnknownSlot { slot, near: n }, Lang::En) => {
            format!("no slot named [{slot}]{}", near(n))
        }
        (Kind::UnknownSet { id, near: n }, Lang::Ru) => {
            format!("нет набора фраз «{id}»{}", near(n))
        }
        (Kind::UnknownSet { id, near: n }, Lang::En) => {
            format!("no phrase set named `{id}`{}", near(n))
        }
        (Kind::Unclosed { bracket }, Lang::Ru) => format!("скобка «{bracket}» не закрыта"),
        (Kind::Unclosed { bracket }, Lang::En) => format!("`{bracket}` is never closed"),
        (Kind::Unopened { bracket }, Lang::Ru) => {
            format!("скобка «{bracket}» закрыта, но не открыта")
        }
        (Kind::Unopened { bracket }, Lang::En) => format!("`{bracket}` closes nothing"),
        (Kind::Empty, Lang::Ru) => {
            "фраза может не содержать ни одного слова; хотя бы одно слово должно быть обязательным"
                .into()
        }
        (Kind::Empty, Lang::En) => {
            "the phrase can match nothing at all; at least one word has to be required".into()
        }
        (Kind::EdgeGap, Lang::Ru) => "пропуск на краю фразы ничего не значит; уберите его".into(),
        (Kind::EdgeGap, Lang::En) => {
            "a gap at the edge of a phrase means nothing; leave it out".into()
        }
        (Kind::Misplaced { mark }, Lang::Ru) => format!("здесь знак «{mark}» ничего не значит"),
        (Kind::Misplaced { mark }, Lang::En) => format!("`{mark}` means nothing here"),
        (Kind::Cycle { id }, Lang::Ru) => format!("набор фраз «{id}» ссылается сам на себя"),
        (Kind::Cycle { id }, Lang::En) => format!("the phrase set `{id}` refers to itself"),
        (Kind::DuplicateSet { id }, Lang::Ru) => format!("набор фраз «{id}» задан дважды"),
        (Kind::DuplicateSet { id }, Lang::En) => format!("the phrase set `{id}` is given twice"),
        (Kind::TooLarge, Lang::Ru) => "фраза слишком велика; разделите её на несколько".into(),
        (Kind::TooLarge, Lang::En) => "the phrase is too large; split it".into(),
    }
}
