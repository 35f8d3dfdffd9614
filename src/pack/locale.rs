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
    let (what, rest) = [
        ("неизвестный ключ", "unknown field `"),
        ("неизвестное значение", "unknown variant `"),
    ]
    .into_iter()
    .find_map(|(what, begin)| Some((what, error.strip_prefix(begin)?)))
    .or_else(|| {
        let rest = error.strip_prefix("missing field `")?;
        Some(("нет обязательного ключа", rest))
    })?;
    let (name, rest) = rest.split_once('`')?;
    let known = rest
        .strip_prefix(", expected one of ")
        .or_else(|| rest.strip_prefix(", expected "))
        .map(|known| known.replace("` or `", "`, `"));
    Some(match known {
        Some(known) => format!("{what} «{name}»; допустимы: {known}"),
        None => format!("{what} «{name}»"),
    })
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
