//! What the language server says, in both languages.

use etalon::locale::Lang;

/// A safe fix.
pub(super) fn replace(lang: Lang, old: &str, new: &str) -> String {
    match lang {
        Lang::Ru => format!("Заменить «{old}» на «{new}»"),
        Lang::En => format!("Replace `{old}` with `{new}`"),
    }
}

/// A fix that somebody has to read again.
pub(super) fn reword(lang: Lang, old: &str, new: &str) -> String {
    match lang {
        Lang::Ru => format!("Переформулировать: «{old}» → «{new}» (перечитайте фразу)"),
        Lang::En => format!("Reword: `{old}` → `{new}` (read the phrase again)"),
    }
}

/// Everything that is safe at once.
pub(super) fn fix_all(lang: Lang, n: usize) -> String {
    match lang {
        Lang::Ru => format!("Исправить всё, что можно заменить без просмотра: {n}"),
        Lang::En => format!("Fix everything that needs no look: {n}"),
    }
}

/// A remark that lets a finding alone.
pub(super) fn ignore(lang: Lang, criterion: &str) -> String {
    match lang {
        Lang::Ru => {
            format!("Не отмечать здесь {criterion}: вставить пометку (допишите, почему)")
        }
        Lang::En => format!("Let {criterion} alone here: put in a remark (say why)"),
    }
}

/// What stands in such a remark until somebody says why.
pub(super) fn reason(lang: Lang) -> &'static str {
    lang.pick("укажите причину", "say why")
}

/// Before what to say instead.
pub(super) fn instead(lang: Lang) -> &'static str {
    lang.pick("Лучше", "Better")
}

/// Before why the standard wants it.
pub(super) fn why(lang: Lang) -> &'static str {
    lang.pick("Зачем", "Why")
}

/// Before where the standard says so.
pub(super) fn clause(lang: Lang) -> &'static str {
    lang.pick("Пункт стандарта", "Clause of the standard")
}

/// Before the points of a criterion.
pub(super) fn weight(lang: Lang) -> &'static str {
    lang.pick("Баллы", "Points")
}

/// What a phrase set is, with its file.
pub(super) fn phrase_set(lang: Lang, path: &str) -> String {
    match lang {
        Lang::Ru => format!("набор фраз, {path}"),
        Lang::En => format!("phrase set, {path}"),
    }
}

/// Before the exceptions of a phrase set.
pub(super) fn except(lang: Lang) -> &'static str {
    lang.pick("Кроме", "Except")
}

/// Phrases that are not shown.
pub(super) fn more(lang: Lang, n: usize) -> String {
    match lang {
        Lang::Ru => format!("и ещё {n}"),
        Lang::En => format!("and {n} more"),
    }
}

/// A pack that templates are held against and that cannot be loaded.
pub(super) fn broken_pack(lang: Lang, name: &str, n: usize, first: &str) -> String {
    match lang {
        Lang::Ru => format!(
            "шаблон не проверен: набор правил {name} не загружается, ошибок {n}, первая: {first}"
        ),
        Lang::En => format!(
            "the template was not checked: the pack {name} cannot be loaded, {n} errors, the first: {first}"
        ),
    }
}

/// Something other that stands in the way.
pub(super) fn not_checked(lang: Lang, why: &str) -> String {
    match lang {
        Lang::Ru => format!("шаблон не проверен: {why}"),
        Lang::En => format!("the template was not checked: {why}"),
    }
}

/// A fault of ours, which an answer is lost to.
pub(super) fn panicked(lang: Lang) -> &'static str {
    lang.pick("внутренняя ошибка etalon", "an internal error of etalon")
}
