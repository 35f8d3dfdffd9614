//! The lexicon: tables of forms, names, numbers and units.

use etalon::lexicon::{Case, Gender, Lexicon, NameKind, Number, NumberKind, Pos, UnitKind};
use etalon::text::WordFacts;

fn lexicon() -> &'static Lexicon {
    Lexicon::embedded()
}

macro_rules! forms {
    ($($name:ident: $word:literal has [$($has:literal),*] not [$($not:literal),*];)*) => { $(
        #[test]
        fn $name() {
            let forms = lexicon().forms($word);
            assert!(forms.is_sorted() && forms.windows(2).all(|pair| pair[0] != pair[1]), "{forms:?}");
            for form in [$($has),*] as [&str; _] {
                assert!(forms.iter().any(|f| f == form), "{form} is missing in {forms:?}");
                assert!(lexicon().knows(form), "{form}");
            }
            for form in [$($not),*] as [&str; _] {
                assert!(!forms.iter().any(|f| f == form), "{form} should not be in {forms:?}");
            }
        }
    )* };
}

forms! {
    verb_with_participles: "отправить" has ["отправлю", "отправлен", "отправив", "отправленного", "отправьте"] not ["отправлять", "отправляю"];
    distorted_forms_are_left_out: "класть" has ["кладу", "клал", "кладите"] not ["ложит", "ложи", "ложите", "ложить"];
    noun: "рубль" has ["рубля", "рублей", "рублями"] not ["рубить", "р"];
    any_form_brings_the_lexeme: "рублей" has ["рубль", "рублю"] not [];
    yo_is_ye: "счет" has ["счета", "счетов", "счету"] not ["счёт"];
    comparatives: "быстрый" has ["быстрее", "побыстрее", "быстрого"] not [];
    homonyms_bring_both: "стали" has ["сталь", "стать", "стану"] not [];
    pronoun: "вы" has ["вам", "вас", "вами"] not [];
    spoken_imperative_stays: "очистить" has ["очистите", "очистьте"] not [];
    abbreviations_are_no_forms: "век" has ["века", "веков"] not ["в", "вв"];
    unknown: "юмек" has [] not ["юмек"];
    empty: "" has [] not [""];
    upper_case_is_unknown: "Рубль" has [] not [];
}

#[test]
fn misspelt_words_are_unknown() {
    for form in [
        "ложит",
        "ложить",
        "заплотит",
        "юмек",
        "",
        "рубль ",
        "ru",
        "été",
    ] {
        assert!(!lexicon().knows(form), "{form}");
    }
}

#[test]
fn forms_like_exchanges_what_differs() {
    let table: &[(&str, &str, &[&str], &[&str])] = &[
        (
            "заплотит",
            "заплатит",
            &["заплотит", "заплотим", "заплочу", "заплотил", "заплотить"],
            &["заплатит"],
        ),
        (
            "юмек",
            "век",
            &["юмек", "юмека", "юмеку", "юмеком", "юмеке"],
            &["юмв", "юмеко"],
        ),
        (
            "ложить",
            "множить",
            &["ложу", "ложит", "ложите", "ложили"],
            &["множит"],
        ),
        ("перебрендить", "брендить", &["перебрендить"], &[]),
        ("слово", "слово", &["слово", "слова", "словами"], &[]),
        ("этало", "несуществующее", &["этало"], &["несуществующее"]),
    ];
    for (word, like, has, not) in table {
        let forms = lexicon().forms_like(word, like);
        assert!(forms.is_sorted());
        for form in *has {
            assert!(
                forms.iter().any(|f| f == form),
                "{word} like {like}: {form} is missing in {forms:?}"
            );
        }
        for form in *not {
            assert!(
                !forms.iter().any(|f| f == form),
                "{word} like {like}: {form} should not be there"
            );
        }
    }
}

#[test]
fn analyses_say_what_a_form_is() {
    let table = [
        (
            "рублей",
            "рубль",
            Pos::Noun,
            Some(Case::Genitive),
            Some(Number::Plural),
        ),
        (
            "отправлю",
            "отправить",
            Pos::Verb,
            None,
            Some(Number::Singular),
        ),
        (
            "отправленного",
            "отправить",
            Pos::Participle,
            Some(Case::Genitive),
            Some(Number::Singular),
        ),
        ("двумя", "два", Pos::Numeral, Some(Case::Instrumental), None),
        ("быстрее", "быстрый", Pos::Comparative, None, None),
        (
            "казани",
            "казань",
            Pos::Noun,
            Some(Case::Prepositional),
            Some(Number::Singular),
        ),
    ];
    for (form, lemma, pos, case, number) in table {
        let analyses = lexicon().analyses(form);
        let fits = |a: &etalon::lexicon::Analysis| {
            (a.lemma.as_str(), a.pos, a.case, a.number) == (lemma, pos, case, number)
        };
        assert!(analyses.iter().any(fits), "{form}: {analyses:?}");
    }
    assert!(lexicon().analyses("казани").iter().any(|a| a.place));
    assert!(lexicon().analyses("юмек").is_empty());
}

#[test]
fn the_likeliest_reading_comes_first() {
    for (form, lemma) in [
        ("стали", "стать"),
        ("мой", "мой"),
        ("час", "час"),
        ("звонит", "звонить"),
    ] {
        assert_eq!(lexicon().analyses(form)[0].lemma, lemma, "{form}");
    }
}

#[test]
fn lemma_key_joins_forms_of_a_word() {
    let key = |form| lexicon().lemma_key(form);
    for (a, b) in [
        ("отправлю", "отправили"),
        ("рубль", "рублями"),
        ("услуга", "услугу"),
        ("юмек", "юмек"),
    ] {
        assert_eq!(key(a), key(b), "{a} {b}");
    }
    for (a, b) in [
        ("рубль", "копейка"),
        ("отправлю", "отправляю"),
        ("юмек", "юмека"),
    ] {
        assert_ne!(key(a), key(b), "{a} {b}");
    }
}

#[test]
fn inflect_like_takes_the_grammatical_form() {
    let table = [
        ("вышлю", "отправить", Some("отправлю")),
        ("перезвоните", "набрать", Some("наберете")),
        ("красивую", "умный", Some("умную")),
        ("звонит", "набирать", Some("набирает")),
        ("девушкой", "женщина", Some("женщиной")),
        ("вышлю", "рубль", None),
        ("вышлю", "отправлю", None),
        ("юмек", "отправить", None),
    ];
    for (form, lemma, expected) in table {
        assert_eq!(
            lexicon().inflect_like(form, lemma).as_deref(),
            expected,
            "{form} {lemma}"
        );
    }
}

use Case::{
    Accusative as Acc, Dative as Dat, Genitive as Gen, Instrumental as Ins, Nominative as Nom,
    Prepositional as Pre,
};
use Gender::{Common as C, Feminine as F, Masculine as M};

/// Form; lemma, gender, a case of it; one full name it stands for; whether it is short.
type FirstName = (&'static str, &'static str, Gender, Case, &'static str, bool);

const FIRST_NAMES: &[FirstName] = &[
    ("александр", "александр", M, Nom, "александр", false),
    ("александру", "александр", M, Dat, "александр", false),
    ("александра", "александра", F, Nom, "александра", false),
    ("саша", "саша", C, Nom, "александр", true),
    ("саша", "саша", C, Nom, "александра", true),
    ("сашу", "саша", C, Acc, "александр", true),
    ("саш", "саша", C, Nom, "александра", true),
    ("слава", "слава", C, Nom, "вячеслав", true),
    ("слава", "слава", C, Nom, "владислав", true),
    ("слава", "слава", C, Nom, "ярослав", true),
    ("слава", "слава", C, Nom, "станислав", true),
    ("света", "света", F, Nom, "светлана", true),
    ("лена", "лена", F, Nom, "елена", true),
    ("лен", "лена", F, Nom, "елена", true),
    ("валя", "валя", C, Nom, "валентина", true),
    ("валя", "валя", C, Nom, "валентин", true),
    ("женя", "женя", C, Nom, "евгений", true),
    ("жень", "женя", C, Nom, "евгения", true),
    ("паша", "паша", C, Nom, "павел", true),
    ("павлик", "павлик", M, Nom, "павел", true),
    ("танечка", "танечка", F, Nom, "татьяна", true),
    ("тань", "таня", F, Nom, "татьяна", true),
    ("кать", "катя", F, Nom, "екатерина", true),
    ("вероничка", "вероничка", F, Nom, "вероника", true),
    ("вероничку", "вероничка", F, Acc, "вероника", true),
    ("наташ", "наташа", F, Nom, "наталья", true),
    ("наталия", "наталия", F, Nom, "наталья", false),
    ("юль", "юля", F, Nom, "юлия", true),
    ("коль", "коля", M, Nom, "николай", true),
    ("льва", "лев", M, Gen, "лев", false),
    ("павлом", "павел", M, Ins, "павел", false),
    ("петра", "петр", M, Gen, "петр", false),
    ("ильи", "илья", M, Gen, "илья", false),
    ("никите", "никита", M, Dat, "никита", false),
    ("марии", "мария", F, Gen, "мария", false),
    ("любовью", "любовь", F, Ins, "любовь", false),
    ("вера", "вера", F, Nom, "вера", false),
    ("надежде", "надежда", F, Dat, "надежда", false),
    ("ильнур", "ильнур", M, Nom, "ильнур", false),
    ("ильдару", "ильдар", M, Dat, "ильдар", false),
    ("гульнары", "гульнара", F, Gen, "гульнара", false),
    ("зульфия", "зульфия", F, Nom, "зульфия", false),
    ("равиля", "равиль", M, Gen, "равиль", false),
    ("фариде", "фарида", F, Dat, "фарида", false),
    ("магомедом", "магомед", M, Ins, "магомед", false),
    ("арсена", "арсен", M, Gen, "арсен", false),
    ("ашоту", "ашот", M, Dat, "ашот", false),
    ("бахтиер", "бахтиер", M, Nom, "бахтиер", false),
    ("бахтиера", "бахтиер", M, Gen, "бахтиер", false),
    ("дильшоду", "дильшод", M, Dat, "дильшод", false),
    ("нино", "нино", C, Nom, "нино", false),
    ("гузель", "гузель", F, Nom, "гузель", false),
    ("гузели", "гузель", F, Gen, "гузель", false),
    ("айгуль", "айгуль", F, Dat, "айгуль", false),
    ("айгулью", "айгуль", F, Ins, "айгуль", false),
    ("марата", "марат", M, Acc, "марат", false),
    ("ринате", "ринат", M, Pre, "ринат", false),
    ("аида", "аида", F, Nom, "аида", false),
    ("камиле", "камила", F, Dat, "камила", false),
    ("малика", "малика", F, Nom, "малика", false),
    ("эльвиру", "эльвира", F, Acc, "эльвира", false),
    ("гаянэ", "гаянэ", F, Gen, "гаянэ", false),
    ("гульназ", "гульназ", F, Nom, "гульназ", false),
    ("шерзод", "шерзод", M, Nom, "шерзод", false),
];

#[test]
fn first_names() {
    for &(form, lemma, gender, case, full, short) in FIRST_NAMES {
        let names = lexicon().names(form);
        let fits = names.of(NameKind::First).any(|r| {
            (r.lemma.as_str(), r.gender, r.short) == (lemma, gender, short)
                && r.cases.has(case)
                && r.fulls.iter().any(|f| f == full)
        });
        assert!(fits, "{form}: {names:?}");
    }
}

/// Form; lemma, gender, a case of it.
const PATRONYMICS: &[(&str, &str, Gender, Case)] = &[
    ("николаевич", "николаевич", M, Nom),
    ("николаич", "николаевич", M, Nom),
    ("николаича", "николаевич", M, Gen),
    ("иваныч", "иванович", M, Nom),
    ("иванычу", "иванович", M, Dat),
    ("палыч", "павлович", M, Nom),
    ("саныч", "александрович", M, Nom),
    ("сергеич", "сергеевич", M, Nom),
    ("михалыч", "михайлович", M, Nom),
    ("сергеевна", "сергеевна", F, Nom),
    ("сергевна", "сергеевна", F, Nom),
    ("сергеевной", "сергеевна", F, Ins),
    ("пална", "павловна", F, Nom),
    ("палны", "павловна", F, Gen),
    ("николавна", "николаевна", F, Nom),
    ("ильинична", "ильинична", F, Nom),
    ("ильич", "ильич", M, Nom),
    ("ильдусович", "ильдусович", M, Nom),
    ("ильдусыч", "ильдусович", M, Nom),
    ("ильдусовичем", "ильдусович", M, Ins),
    ("фаритовна", "фаритовна", F, Nom),
    ("хасановне", "хасановна", F, Dat),
    ("дильшодовна", "дильшодовна", F, Nom),
    ("бахтиеровичу", "бахтиерович", M, Dat),
    ("мкртичевна", "мкртичевна", F, Nom),
];

#[test]
fn patronymics() {
    for &(form, lemma, gender, case) in PATRONYMICS {
        let names = lexicon().names(form);
        let fits = |r: &&etalon::lexicon::NameReading| {
            (r.lemma.as_str(), r.gender) == (lemma, gender) && r.cases.has(case)
        };
        assert!(
            names.of(NameKind::Patronymic).any(|r| fits(&r)),
            "{form}: {names:?}"
        );
        assert!(!names.also_word, "{form}");
    }
}

#[test]
fn a_whole_name_is_no_clipped_one() {
    for form in ["александр", "лев", "ян", "владислав", "валентин"] {
        let names = lexicon().names(form);
        assert!(
            names.readings.iter().all(|r| !r.cases.has(Case::Vocative)),
            "{form}: {names:?}"
        );
        assert!(
            names
                .readings
                .iter()
                .any(|r| r.lemma == form && r.cases.can_address()),
            "{form}: {names:?}"
        );
    }
}

#[test]
fn names_that_are_words_say_so() {
    for form in [
        "вера",
        "надежда",
        "любовь",
        "слава",
        "роза",
        "лев",
        "света",
        "майя",
        "лада",
        "рада",
        "данной",
        "иду",
    ] {
        let names = lexicon().names(form);
        assert!(names.is_name() && names.also_word, "{form}: {names:?}");
    }
    for form in [
        "александр",
        "наталья",
        "ильнур",
        "николаевич",
        "фаритовна",
        "оксана",
        "марк",
        "ян",
        "яна",
    ] {
        let names = lexicon().names(form);
        assert!(names.is_name() && !names.also_word, "{form}: {names:?}");
    }
    assert!(lexicon().names("владимир").also_place);
}

#[test]
fn words_are_no_names() {
    for form in [
        "королевна",
        "москвич",
        "кирпич",
        "рубль",
        "здравствуйте",
        "подскажите",
        "значит",
        "минута",
        "",
        "а",
        "1",
        "юмек",
    ] {
        let names = lexicon().names(form);
        assert!(!names.is_name(), "{form}: {names:?}");
    }
    // Ли and Иза are names, but nobody means them so.
    for form in ["ли", "из"] {
        let names = lexicon().names(form);
        let first = names.of(NameKind::First).next();
        assert!(first.is_none(), "{form}: {first:?}");
    }
}

#[test]
fn surnames() {
    for (form, lemma, case) in [
        ("иванова", "иванов", Gen),
        ("иванову", "иванов", Dat),
        ("мицкевич", "мицкевич", Nom),
    ] {
        let names = lexicon().names(form);
        assert!(
            names
                .of(NameKind::Surname)
                .any(|r| r.lemma == lemma && r.cases.has(case)),
            "{form}: {names:?}"
        );
    }
}

#[test]
fn number_words() {
    use NumberKind::{Collective, Hundred, Million, Teen, Ten, Thousand, Unit, Zero};
    let table = [
        ("ноль", 0, Zero, false),
        ("один", 1, Unit, false),
        ("одну", 1, Unit, false),
        ("двух", 2, Unit, false),
        ("двумя", 2, Unit, false),
        ("три", 3, Unit, false),
        ("пятью", 5, Unit, false),
        ("десяти", 10, Ten, false),
        ("пятнадцати", 15, Teen, false),
        ("сорок", 40, Ten, false),
        ("сорока", 40, Ten, false),
        ("шестидесяти", 60, Ten, false),
        ("сто", 100, Hundred, false),
        ("двухсот", 200, Hundred, false),
        ("тысячи", 1000, Thousand, false),
        ("тыщ", 1000, Thousand, false),
        ("миллионов", 1_000_000, Million, false),
        ("двое", 2, Collective, false),
        ("первого", 1, Unit, true),
        ("третье", 3, Unit, true),
        ("двадцать", 20, Ten, false),
        ("двадцатое", 20, Ten, true),
        ("сотый", 100, Hundred, true),
    ];
    for (form, value, kind, ordinal) in table {
        let word = lexicon()
            .number_word(form)
            .unwrap_or_else(|| panic!("{form} is no number"));
        assert_eq!(
            (word.value, word.kind, word.ordinal),
            (value, kind, ordinal),
            "{form}"
        );
    }
    for form in ["рубль", "тереть", "трут", "", "5", "сорокой"] {
        assert_eq!(lexicon().number_word(form), None, "{form}");
    }
}

#[test]
fn units_and_fractions() {
    use UnitKind::{Count, Data, Money, Time};
    let table = [
        ("секунд", Time, 1.0, false),
        ("минуту", Time, 60.0, false),
        ("минуточку", Time, 60.0, true),
        ("секундочку", Time, 1.0, true),
        ("полминуты", Time, 30.0, false),
        ("полчаса", Time, 1800.0, false),
        ("получаса", Time, 1800.0, false),
        ("часа", Time, 3600.0, false),
        ("суток", Time, 86400.0, false),
        ("дней", Time, 86400.0, false),
        ("неделю", Time, 604_800.0, false),
        ("лет", Time, 31_536_000.0, false),
        ("момент", Time, 0.0, false),
        ("рублей", Money, 1.0, false),
        ("копеек", Money, 0.01, false),
        ("гигабайт", Data, 1024.0, false),
        ("процентов", Count, 1.0, false),
    ];
    for (form, kind, size, diminutive) in table {
        let unit = lexicon()
            .unit(form)
            .unwrap_or_else(|| panic!("{form} is no unit"));
        assert_eq!(
            (unit.kind, unit.size, unit.diminutive),
            (kind, size, diminutive),
            "{form}"
        );
    }
    assert_eq!(
        lexicon().unit("минуту").and_then(|unit| unit.seconds()),
        Some(60.0)
    );
    assert_eq!(
        lexicon().unit("момент").and_then(|unit| unit.seconds()),
        None
    );
    assert_eq!(
        lexicon().unit("рубль").and_then(|unit| unit.seconds()),
        None
    );
    assert_eq!(lexicon().unit("деть"), None);

    let parts = [
        ("полторы", 1.5, false),
        ("полутора", 1.5, false),
        ("пару", 2.0, true),
        ("нескольких", 3.0, true),
    ];
    for (form, value, about) in parts {
        let part = lexicon()
            .fraction(form)
            .unwrap_or_else(|| panic!("{form} is no part"));
        assert_eq!((part.value, part.about), (value, about), "{form}");
    }
}

#[test]
fn fillers() {
    let fillers = lexicon().fillers();
    for word in ["э", "эм", "ну", "вот", "типа"] {
        assert!(fillers.has_word(word), "{word}");
    }
    assert!(
        fillers.has_pair("как", "бы")
            && fillers.has_pair("так", "сказать")
            && fillers.has_pair("это", "самое")
    );
    assert!(!fillers.has_word("не") && !fillers.has_word("бы") && !fillers.has_pair("бы", "как"));
    assert!(fillers.words().is_sorted() && fillers.pairs().is_sorted());
}

/// What is asked of a word first says of names what the whole look says, although it dismisses most words unasked.
#[test]
fn the_short_look_at_names_agrees_with_the_whole_one() {
    let lexicon = Lexicon::embedded();
    let files = [
        include_str!("../../lexicon/names.tsv"),
        include_str!("../../lexicon/patronymics.tsv"),
        include_str!("../../lexicon/frequent.txt"),
    ];
    let ends = [
        "", "а", "у", "е", "ы", "и", "ом", "ем", "ой", "ами", "ах", "ич", "ович", "овна", "ыч",
        "ью", "ин",
    ];
    let words = files.iter().flat_map(|file| {
        file.lines()
            .filter(|line| !line.starts_with('#'))
            .flat_map(|line| line.split(['\t', ' ']))
    });
    let mut n_names = 0;
    // Every other one will do.
    for word in words.step_by(2) {
        let word = etalon::text::norm(word.trim_start_matches('-'));
        let mut letters = word.chars();
        letters.next_back();
        let cut = letters.as_str();
        let made = ends
            .iter()
            .flat_map(|end| [[word.as_str(), end].concat(), [cut, end].concat()]);
        let forms: Vec<String> = made.chain(lexicon.forms(&word)).collect();
        for form in forms
            .iter()
            .filter(|form| form.chars().any(char::is_alphabetic))
        {
            let (facts, names) = (WordFacts::of(form, lexicon), lexicon.names(form));
            let has = |kind| names.of(kind).next().is_some();
            let whole = [
                has(NameKind::First),
                has(NameKind::Patronymic),
                // «По» and «ли» are surnames, too, but nobody means them.
                has(NameKind::Surname) && !lexicon.brief(form).function_word,
                names.also_word,
            ];
            n_names += usize::from(names.is_name());
            let short = [
                facts.first_name,
                facts.patronymic,
                facts.surname,
                facts.also_word,
            ];
            assert_eq!(short, whole, "{form}");
        }
    }
    assert!(n_names > 1000, "{n_names}");
}
