//! What is wrong with a command line, in Russian; in English clap says it.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use etalon::locale::Text;

/// What the value of an option should be.
#[derive(Debug)]
pub(in super::super) struct Unfit(Text);

/// For a number of threads.
pub(in super::super) const NO_COUNT: Unfit = Unfit(Text(
    "нужно целое число от 1 до 65535",
    "a whole number from 1 to 65535 is needed",
));

/// For a score.
pub(in super::super) const NO_SCORE: Unfit = Unfit(Text(
    "нужно число от 0 до 100",
    "a number from 0 to 100 is needed",
));

impl std::fmt::Display for Unfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.1)
    }
}

impl std::error::Error for Unfit {}

/// `(what is wrong, what to do)`; `None` where clap has nothing that could be told in other words.
pub(in super::super) fn usage(error: &clap::Error) -> Option<(String, String)> {
    let context = |kind| error.get(kind).map(ContextValue::to_string);
    let arg = || context(ContextKind::InvalidArg).unwrap_or_default();
    let message = match error.kind() {
        ErrorKind::UnknownArgument => format!("нет ключа «{}»", arg()),
        ErrorKind::InvalidSubcommand => {
            format!("нет команды «{}»", context(ContextKind::InvalidSubcommand)?)
        }
        ErrorKind::MissingSubcommand => "не названа команда".to_owned(),
        ErrorKind::MissingRequiredArgument => format!("не хватает: {}", arg()),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            match context(ContextKind::InvalidValue).unwrap_or_default() {
                value if value.is_empty() => format!("у «{}» нет значения", arg()),
                value => {
                    // What the value should be says who reads it.
                    let why = std::error::Error::source(error);
                    let why = why.and_then(|why| why.downcast_ref::<Unfit>());
                    let why = why.map_or(String::new(), |why| format!(": {}", why.0.0));
                    format!("«{value}» не подходит для «{}»{why}", arg())
                }
            }
        }
        ErrorKind::ArgumentConflict => match context(ContextKind::PriorArg) {
            Some(other) if other == arg() => format!("«{other}» дано дважды"),
            Some(other) => format!("«{}» и {other} вместе не действуют", arg()),
            None => format!("«{}» вместе с остальным не действует", arg()),
        },
        ErrorKind::TooManyValues => format!(
            "лишнее значение «{}» у «{}»",
            context(ContextKind::InvalidValue).unwrap_or_default(),
            arg()
        ),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("у «{}» не столько значений, сколько нужно", arg())
        }
        ErrorKind::NoEquals => format!("между «{}» и значением нужен знак «=»", arg()),
        ErrorKind::InvalidUtf8 => "в командной строке есть байты не в UTF-8".to_owned(),
        _ => return None,
    };
    let suggested = [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
    ];
    let mut help: Vec<String> = Vec::new();
    if let Some(near) = suggested.into_iter().find_map(context) {
        help.push(format!("может быть: {near}"));
    }
    let known = [ContextKind::ValidValue, ContextKind::ValidSubcommand];
    if let Some(known) = known.into_iter().find_map(context)
        && !known.is_empty()
    {
        help.push(format!("возможно: {known}"));
    }
    if let Some(usage) = context(ContextKind::Usage) {
        let usage = usage.trim();
        let usage = usage.strip_prefix("Usage:").unwrap_or(usage).trim();
        let lines: Vec<&str> = usage.lines().map(str::trim).collect();
        help.push(format!("вызов: {}", lines.join(" ")));
    }
    help.push("всё о ключах говорит --help".to_owned());
    Some((message, help.join("\n")))
}
