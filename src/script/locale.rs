//! What linting tells the author of a template, in both languages.

use crate::locale::Lang;

/// `(what is wrong, what to do)`.
pub(super) fn problem(lang: Lang, code: &str, args: &[String]) -> (String, String) {
    let arg = |index: usize| args.get(index).map_or("", String::as_str);
    let (ru, en) = match code {
        "script/binary-file" => (
            (
                format!("это не текст, а двоичный файл ({})", arg(0)),
                "сохраните шаблон как .md, .txt, .html, .docx, .csv или .xlsx с верным расширением"
                    .to_owned(),
            ),
            (
                format!("this is no text but a binary file ({})", arg(0)),
                "save the template as .md, .txt, .html, .docx, .csv or .xlsx under its own ending"
                    .to_owned(),
            ),
        ),
        "script/unreadable" => (
            (
                format!("не читается: {}", arg(0)),
                "проверьте путь и права".to_owned(),
            ),
            (
                format!("cannot be read: {}", arg(0)),
                "check the path and its permissions".to_owned(),
            ),
        ),
        "script/broken-file" => (
            (
                format!("файл {} повреждён: {}", arg(0), arg(1)),
                "откройте его в редакторе и сохраните заново".to_owned(),
            ),
            (
                format!("the {} file is broken: {}", arg(0), arg(1)),
                "open it in an editor and save it again".to_owned(),
            ),
        ),
        "script/bad-bytes" => (
            (
                format!("в файле есть байты, которых нет в кодировке {}", arg(0)),
                "сохраните файл в UTF-8".to_owned(),
            ),
            (
                format!("the file has bytes that {} does not know", arg(0)),
                "save the file as UTF-8".to_owned(),
            ),
        ),
        "script/code-skipped" => (
            (
                "блоки кода не читаются как речь".to_owned(),
                "если это реплики, уберите ограждение ```".to_owned(),
            ),
            (
                "code blocks are not read as speech".to_owned(),
                "if they are turns, take the ``` fence away".to_owned(),
            ),
        ),
        "script/unclosed-slot" => (
            (
                format!(
                    "скобка «{}» не закрыта: место для подстановки не прочитано",
                    arg(0)
                ),
                "закройте её, например [имя]".to_owned(),
            ),
            (
                format!(
                    "the bracket `{}` is not closed: no slot could be read",
                    arg(0)
                ),
                "close it, as in [name]".to_owned(),
            ),
        ),
        "script/front-key" => (
            (
                format!("в заголовке файла неизвестный ключ «{}» у etalon", arg(0)),
                "известны pack, line, direction, kind".to_owned(),
            ),
            (
                format!("unknown key `{}` of etalon in the front matter", arg(0)),
                "known are pack, line, direction, kind".to_owned(),
            ),
        ),
        "script/front-value" => (
            (
                format!(
                    "в заголовке файла у ключа «{}» не бывает значения «{}»",
                    arg(0),
                    arg(1)
                ),
                "direction: inbound или outbound; kind: script или template".to_owned(),
            ),
            (
                format!("in the front matter `{}` cannot be `{}`", arg(0), arg(1)),
                "direction: inbound or outbound; kind: script or template".to_owned(),
            ),
        ),
        "script/unknown-pack" => (
            (
                format!(
                    "заголовок файла называет набор правил «{}», которого нет",
                    arg(0)
                ),
                format!("есть {}; папку с правилами задаёт -p", arg(1)),
            ),
            (
                format!(
                    "the front matter names the pack `{}`, which does not exist",
                    arg(0)
                ),
                format!("there are {}; a folder of rules is given with -p", arg(1)),
            ),
        ),
        "script/unknown-line" => (
            (
                format!(
                    "заголовок файла называет линию «{}», которой нет в наборе правил",
                    arg(0)
                ),
                format!("есть {}", arg(1)),
            ),
            (
                format!(
                    "the front matter names the line `{}`, which the pack does not know",
                    arg(0)
                ),
                format!("there are {}", arg(1)),
            ),
        ),
        "script/many-paths" => (
            (
                format!("ветвей слишком много: просмотрены первые {} путей", arg(0)),
                "разделите сценарий на несколько файлов".to_owned(),
            ),
            (
                format!(
                    "too many branches: the first {} paths were looked at",
                    arg(0)
                ),
                "divide the script into several files".to_owned(),
            ),
        ),
        _ => (
            (code.to_owned(), String::new()),
            (code.to_owned(), String::new()),
        ),
    };
    lang.pick(ru, en)
}

/// What a whole script lacks.
pub(super) fn on_path(lang: Lang, reason: &str) -> String {
    match lang {
        Lang::Ru => format!("весь сценарий: {reason}"),
        Lang::En => format!("the whole script: {reason}"),
    }
}
