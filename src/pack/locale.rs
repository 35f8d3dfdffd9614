//! What loading a pack tells its author, `(Russian, English)`.

use crate::locale::Lang;

type Texts = (String, String);

pub(super) fn unreadable(error: &str) -> Texts {
    (
        format!("не читается: {error}"),
        format!("cannot be read: {error}"),
    )
}

pub(super) fn unreadable_help() -> Texts {
    (
        "укажите папку с pack.toml или имя встроенного набора правил".into(),
        "give a folder with a pack.toml or the name of an embedded pack".into(),
    )
}

pub(super) fn no_pack_toml() -> Texts {
    (
        "в папке нет pack.toml".into(),
        "there is no pack.toml in the folder".into(),
    )
}

pub(super) fn bad_toml(error: &str) -> Texts {
    (
        toml_in_russian(error).unwrap_or_else(|| format!("ошибка в TOML: {error}")),
        format!("bad TOML: {error}"),
    )
}

/// The commonest messages of the reader of TOML; names stay in backticks as it writes them.
fn toml_in_russian(error: &str) -> Option<String> {
    for (begin, what) in [
        ("unknown field `", "неизвестный ключ"),
        ("unknown variant `", "неизвестное значение"),
        ("missing field `", "нет обязательного ключа"),
        ("duplicate field `", "ключ записан дважды:"),
    ] {
        let Some((name, rest)) = error
            .strip_prefix(begin)
            .and_then(|rest| rest.split_once('`'))
        else {
            continue;
        };
        let known = rest
            .strip_prefix(", expected one of ")
            .or_else(|| rest.strip_prefix(", expected "))
            .map(|known| known.replace("` or `", "`, `"));
        return Some(match known {
            Some(known) => format!("{what} «{name}»; допустимы: {known}"),
            None => format!("{what} «{name}»"),
        });
    }
    if let Some((found, expected)) = ["invalid type: ", "invalid value: "]
        .iter()
        .find_map(|begin| error.strip_prefix(begin))
        .and_then(|rest| rest.rsplit_once(", expected "))
    {
        let (found, expected) = (found_in_russian(found), expected_in_russian(expected));
        return Some(format!("здесь {found}, а нужно {expected}"));
    }
    let (what, expected) = match error.split_once(", expected ") {
        Some((what, expected)) => (what, Some(expected)),
        None => (error, None),
    };
    let what = TOML_FAULTS.iter().find(|(en, _)| what.starts_with(en))?.1;
    Some(match expected {
        // That a string stands in quotation marks has been said, and «nothing» tells nothing.
        Some(expected) if !matches!(expected, "literal string" | "nothing") => {
            format!("{what}; ожидается {}", expected_in_russian(expected))
        }
        _ => what.to_owned(),
    })
}

/// What the reader of TOML says before «expected …», by its beginning.
const TOML_FAULTS: &[(&str, &str)] = &[
    ("wanted string or table", "здесь нужна строка в кавычках"),
    (
        "data did not match any variant",
        "такого значения здесь быть не может",
    ),
    (
        "a zone is one of",
        "зона — это `opening`, `closing`, `anywhere` или список из них",
    ),
    ("duplicate key", "ключ записан дважды"),
    ("key with no value", "у ключа нет значения"),
    ("missing value for key", "у ключа нет значения"),
    ("missing value", "нет значения"),
    (
        "missing assignment between key-value pairs",
        "между ключом и значением нет `=`",
    ),
    ("extra `=`", "лишний `=`"),
    ("extra assignment between key-value pairs", "лишний `=`"),
    (
        "string values must be quoted",
        "нет значения, или строка стоит без кавычек",
    ),
    ("missing opening quote", "нет открывающей кавычки"),
    ("invalid basic string", "строка не закрыта или испорчена"),
    ("invalid literal string", "строка не закрыта или испорчена"),
    (
        "invalid multi-line basic string",
        "строка в тройных кавычках не закрыта или испорчена",
    ),
    (
        "invalid multi-line literal string",
        "строка в тройных кавычках не закрыта или испорчена",
    ),
    ("missing escaped value", "после `\\` нет знака"),
    ("unclosed array table", "заголовок таблицы не закрыт"),
    ("unclosed array", "список не закрыт"),
    ("unclosed table", "заголовок таблицы не закрыт"),
    ("unclosed array table", "заголовок таблицы не закрыт"),
    (
        "unclosed inline table",
        "таблица в фигурных скобках не закрыта",
    ),
    (
        "missing comma between array elements",
        "между частями списка нет запятой",
    ),
    (
        "missing comma between key-value pairs",
        "между ключами нет запятой",
    ),
    ("extra comma in array", "лишняя запятая в списке"),
    ("extra comma in inline table", "лишняя запятая в таблице"),
    ("unexpected `=` in array", "`=` внутри списка"),
    ("invalid unquoted key", "такой ключ пишется в кавычках"),
    ("unquoted keys cannot be empty", "пустой ключ"),
    ("unexpected key or value", "лишний ключ или лишнее значение"),
    ("unexpected content", "здесь этого быть не может"),
    ("invalid value", "такого значения не бывает"),
    (
        "unexpected leading zero",
        "число не может начинаться с нуля",
    ),
    ("integer number overflowed", "число слишком велико"),
];

fn found_in_russian(found: &str) -> String {
    let kinds = [
        ("string ", "строка "),
        ("integer ", "целое число "),
        ("floating point ", "дробное число "),
        ("boolean ", "логическое значение "),
        ("sequence", "список"),
        ("map", "таблица"),
    ];
    let kind = kinds
        .iter()
        .find_map(|(en, ru)| Some((ru, found.strip_prefix(en)?)));
    kind.map_or_else(|| found.to_owned(), |(ru, rest)| format!("{ru}{rest}"))
}

fn expected_in_russian(expected: &str) -> String {
    let kinds = [
        ("a string", "строка"),
        ("string", "строка"),
        ("a boolean", "true или false"),
        ("bool", "true или false"),
        ("a sequence", "список"),
        ("a map", "таблица"),
        ("a table of conditions", "таблица условий"),
        ("a name or a list of names", "имя или список имён"),
        (
            "the id of a phrase set, or a list of phrases",
            "id набора фраз или список фраз",
        ),
        ("key", "ключ"),
        ("value", "значение"),
        ("u32", "целое число от нуля"),
        ("u64", "целое число от нуля"),
        ("usize", "целое число от нуля"),
        ("i64", "целое число"),
        ("f64", "число"),
    ];
    let known = kinds.iter().find(|(en, _)| *en == expected);
    match known {
        Some((_, ru)) => (*ru).to_owned(),
        None if expected.starts_with("struct ") => "таблица".to_owned(),
        None => expected.replace(" or ", " или "),
    }
}

pub(super) fn not_utf8(byte: u8) -> Texts {
    (
        format!("файл не в UTF-8: байт 0x{byte:02X}"),
        format!("the file is not UTF-8: byte 0x{byte:02X}"),
    )
}

pub(super) fn not_utf8_help() -> Texts {
    (
        "сохраните файл в кодировке UTF-8".into(),
        "save the file as UTF-8".into(),
    )
}

pub(super) fn did_you_mean(best: Option<&str>) -> Texts {
    best.map_or_else(none, |best| {
        (
            format!("может быть, «{best}»?"),
            format!("did you mean `{best}`?"),
        )
    })
}

pub(super) fn none() -> Texts {
    (String::new(), String::new())
}

pub(super) fn unknown_set(name: &str) -> Texts {
    (
        format!("нет набора фраз «{name}»"),
        format!("no phrase set named `{name}`"),
    )
}

pub(super) fn unknown_parameter(name: &str) -> Texts {
    (
        format!("в pack.toml нет параметра «{name}»"),
        format!("pack.toml has no parameter `{name}`"),
    )
}

pub(super) fn unknown_line(name: &str) -> Texts {
    (
        format!("в pack.toml нет линии «{name}»"),
        format!("pack.toml has no line `{name}`"),
    )
}

pub(super) fn unknown_section(name: &str) -> Texts {
    (
        format!("в pack.toml нет раздела «{name}»"),
        format!("pack.toml has no section `{name}`"),
    )
}

pub(super) fn unknown_criterion(name: &str) -> Texts {
    (
        format!("нет критерия «{name}»"),
        format!("no criterion `{name}`"),
    )
}

pub(super) fn id_is_not_path(id: &str, expected: &str) -> Texts {
    (
        format!("id «{id}», а файл лежит там, где должен быть «{expected}»"),
        format!("the id is `{id}`, but the file lies where `{expected}` belongs"),
    )
}

pub(super) fn duplicate_set(name: &str, other: &str) -> Texts {
    (
        format!("набор «{name}» уже есть в {other}"),
        format!("the set `{name}` is already in {other}"),
    )
}

pub(super) fn duplicate_word(name: &str) -> Texts {
    (
        format!("слово «{name}» объявлено дважды с разными формами"),
        format!("the word `{name}` is declared twice with different forms"),
    )
}

pub(super) fn parts_differ(word: &str) -> Texts {
    (
        format!("«{word}» — не эти две части, написанные без пробела: ждём «часть часть»"),
        format!(
            "`{word}` is not these two parts without the space between them: wanted is `part part`"
        ),
    )
}

pub(super) fn unknown_like(word: &str) -> Texts {
    (
        format!("слова «{word}» в словаре нет"),
        format!("the dictionary has no word `{word}`"),
    )
}

pub(super) fn unknown_like_help() -> Texts {
    (
        "возьмите образцом слово из словаря или перечислите все формы: [\"…\", \"…\"]".into(),
        "take a word of the dictionary, or list all forms".into(),
    )
}

pub(super) fn read_as(word: &str) -> Texts {
    (
        format!(
            "«{word}» так не прочитать: с обеих сторон нужны отдельные слова, справа другие и известные словарю"
        ),
        format!(
            "`{word}` cannot be read so: single words are wanted on both sides, on the right others that the dictionary has"
        ),
    )
}

pub(super) fn read_as_help() -> Texts {
    (
        "пишите так: \"чё\" = { read_as = [\"что\", \"чего\"] }".into(),
        "write it so: \"чё\" = { read_as = [\"что\", \"чего\"] }".into(),
    )
}

pub(super) fn no_check() -> Texts {
    (
        "в критерии нет ни одной проверки".into(),
        "the criterion has no check".into(),
    )
}

pub(super) fn no_check_help(names: &[&str]) -> Texts {
    let names = names.join("], [");
    (
        format!("добавьте одну из таблиц [{names}]"),
        format!("add one of the tables [{names}]"),
    )
}

pub(super) fn unknown_common(name: &str) -> Texts {
    (
        format!("нет общей папки «{name}»"),
        format!("no shared folder `{name}`"),
    )
}

pub(super) fn after_examples() -> Texts {
    (
        "примеры стоят в файле последними, а после них начинается другая таблица".to_owned(),
        "examples stand last in the file, and another table begins after them".to_owned(),
    )
}

pub(super) fn after_examples_help() -> Texts {
    (
        "перенесите её выше первого [[example]]".to_owned(),
        "move it above the first [[example]]".to_owned(),
    )
}

pub(super) fn wordings_without_slot() -> Texts {
    (
        "`wordings` и {wording} нужны в примере вместе".to_owned(),
        "an example needs `wordings` and {wording} together".to_owned(),
    )
}

pub(super) fn wordings_without_slot_help() -> Texts {
    (
        "поставьте {wording} в `call` туда, где звучит каждая из формулировок".to_owned(),
        "put {wording} into `call` where each of the wordings is said".to_owned(),
    )
}

/// A call's line is not one of the pack's.
pub(crate) fn line_not_known(lang: Lang, line: &str, taken: &str) -> String {
    match lang {
        Lang::Ru => format!("линии «{line}» в наборе правил нет, взята «{taken}»"),
        Lang::En => format!("the pack has no line `{line}`, `{taken}` is taken"),
    }
}

pub(super) fn unknown_passage(of: &str) -> Texts {
    (
        format!("нет такой части разговора «{of}»: они перечислены в script.toml"),
        format!("no passage named `{of}`: they are listed in script.toml"),
    )
}

pub(super) fn script_of() -> Texts {
    (
        "ключ `of` нужен при `kind = \"passage\"`, и только при нём; `required` — тоже".into(),
        "`of` is needed with `kind = \"passage\"` and has no meaning with another, nor has `required`".into(),
    )
}
