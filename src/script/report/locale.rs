//! What machine formats say to people, in both languages.

use crate::locale::Lang;

/// The path through a script that lacks a part, behind the message.
pub(super) fn path(lang: Lang, path: &[String]) -> String {
    let path = path.join(" → ");
    match lang {
        Lang::Ru => format!(" (путь: {path})"),
        Lang::En => format!(" (path: {path})"),
    }
}

/// More than a step of GitHub may show.
pub(super) fn more(lang: Lang, errors: usize, warnings: usize) -> String {
    match lang {
        Lang::Ru => format!(
            "Ещё не показано: ошибок {errors}, предупреждений {warnings}. GitHub показывает не больше десяти тех и десяти других на шаг; все — в файле, например `-o lint.sarif`"
        ),
        Lang::En => format!(
            "Not shown: {errors} more errors, {warnings} more warnings. GitHub shows ten of each a step; a file such as `-o lint.sarif` has all"
        ),
    }
}

/// The case of a file without findings.
pub(super) fn clean(lang: Lang) -> &'static str {
    lang.pick("замечаний нет", "no findings")
}
