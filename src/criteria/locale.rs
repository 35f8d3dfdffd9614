//! Sentences of verdicts that a pack does not give itself.

use crate::locale::{Lang, Text};

/// A condition without a sentence of its own does not hold.
pub(super) const OTHER_CALL: Text = Text(
    "для такого звонка не требуется",
    "not required of such a call",
);
/// A measure needs times.
pub(super) const NO_TIMES: Text =
    Text("в записи нет времени реплик", "the transcript has no times");
/// A measure needs a number in the metadata.
pub(super) const NO_META: Text = Text("нет данных о соединении", "the metadata do not say");
/// Nothing to judge.
pub(super) const NO_HOLD: Text = Text("удержания не было", "no hold in this call");
/// Nothing to judge.
pub(super) const NO_REHOLD: Text = Text(
    "после удержания ждать больше не просили",
    "no further wait was asked for",
);
/// Nothing to judge.
pub(super) const NO_TRANSFER: Text = Text("перевода звонка не было", "no transfer in this call");
/// Nothing to judge.
pub(super) const NO_OCCASION: Text = Text("повода не было", "no occasion for it in this call");
/// Nothing to judge.
pub(super) const ORDER_INCOMPLETE: Text = Text(
    "сказано не всё, порядок не оценивается",
    "not all of it is said, so there is no order to judge",
);
/// Nothing to judge.
pub(super) const NO_ADDRESS: Text = Text(
    "по имени к клиенту не обращались",
    "the customer was not addressed by name",
);
/// Nothing to judge.
pub(super) const NO_NAME_GIVEN: Text = Text(
    "клиент своего имени не называл",
    "the customer gave no name",
);
/// A fault without a sentence of its own.
pub(super) const NOT_SAID: Text = Text("не сказано", "not said");
/// A fault without a sentence of its own.
pub(super) const SAID: Text = Text("так говорить нельзя", "must not be said");
/// A fault without a sentence of its own.
pub(super) const NOT_EACH: Text = Text("сказано не каждый раз", "not said every time");
/// A fault without a sentence of its own.
pub(super) const WRONG_ORDER: Text = Text("сказано не в том порядке", "said in another order");
/// A fault without a sentence of its own.
pub(super) const NOT_INTRODUCED: Text = Text("имя не названо", "no name given");
/// A fault without a sentence of its own.
pub(super) const TOO_FEW: Text = Text(
    "по имени обратились реже, чем нужно",
    "addressed by name too few times",
);
/// A fault without a sentence of its own.
pub(super) const WRONG_FORM: Text = Text(
    "обращение не тем именем, которым клиент представился",
    "not the name that the customer gave",
);
/// A fault without a sentence of its own.
pub(super) const TOO_LONG: Text = Text("дольше, чем разрешено", "longer than allowed");
/// See `heard.rs`.
pub(super) const BADLY_HEARD: Text = Text(
    "зависит от слов, распознанных неуверенно",
    "hangs on badly heard words",
);
/// See `heard.rs`.
pub(super) const MAY_BE_THERE: Text = Text(
    "не найдено, но на этом месте есть слова, распознанные неуверенно",
    "not found, but there are badly heard words where it should stand",
);

/// The sentence with the words and their confidence.
pub(super) fn badly_heard(
    lang: Lang,
    sentence: Text,
    words: &[(&str, f32)],
    n_more: usize,
) -> String {
    let named: Vec<String> = words
        .iter()
        .map(|(word, confidence)| {
            let number = format!("{confidence:.2}");
            let number = match lang {
                Lang::Ru => number.replace('.', ","),
                Lang::En => number,
            };
            format!("«{word}» ({number})")
        })
        .collect();
    let more = match (n_more, lang) {
        (0, _) => String::new(),
        (n, Lang::Ru) => format!(" и ещё {n}"),
        (n, Lang::En) => format!(" and {n} more"),
    };
    format!("{}: {}{more}", sentence.pick(lang), named.join(", "))
}
