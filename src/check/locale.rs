//! What `rules check` says: the message and what to do, each in Russian and English.

type Both = (String, String);

pub(super) fn few_examples(verdict: &str, n: usize, min: usize) -> (Both, Both) {
    (
        (
            format!("примеров с выводом {verdict}: {n}, нужно хотя бы {min}"),
            format!("examples with the verdict {verdict}: {n}, at least {min} are wanted"),
        ),
        (
            "добавьте примеры на границе правила: почти те же слова, не тот говорящий, отрицание"
                .to_owned(),
            "add examples at the rule's edge: a near miss, the wrong speaker, a negation"
                .to_owned(),
        ),
    )
}

pub(super) fn advice_not_tried() -> (Both, Both) {
    (
        (
            "ни в одном примере с выводом pass не звучит совет правила".to_owned(),
            "no example with the verdict pass holds the rule's advice".to_owned(),
        ),
        (
            "поставьте {advice} в один из таких примеров".to_owned(),
            "put {advice} into one of them".to_owned(),
        ),
    )
}

pub(super) fn unknown_label(label: &str) -> (Both, Both) {
    (
        (
            format!(
                "«{label}:» в примере никого не называет, и слова достались прежнему говорящему"
            ),
            format!("`{label}:` names nobody in an example, so its words went to who spoke before"),
        ),
        label_help(),
    )
}

pub(super) fn nobodys_words(line: &str) -> (Both, Both) {
    (
        (
            format!("«{line}» стоит в примере до первой реплики, и эти слова никто не говорит"),
            format!("`{line}` stands before the first turn of an example: nobody says it"),
        ),
        label_help(),
    )
}

fn label_help() -> Both {
    (
        "начните строку с «О:» (оператор) или «К:» (клиент)".to_owned(),
        "begin the line with `О:` (the agent) or `К:` (the customer)".to_owned(),
    )
}

pub(super) fn contradiction(words: &str, id: &str) -> (Both, Both) {
    (
        (
            format!("«{words}»: здесь это правильные слова, а правило {id} их осуждает"),
            format!("`{words}`: right here, but condemned by {id}"),
        ),
        (
            "исправьте совет или пример либо добавьте исключение в другое правило".to_owned(),
            "mend the advice or the example, or add an exception to the other rule".to_owned(),
        ),
    )
}

pub(super) fn unheld_wording(phrase: &str) -> (Both, Both) {
    (
        (
            format!("без «{phrase}» все примеры остались бы верны"),
            format!("without `{phrase}` all examples would still be right"),
        ),
        (
            "добавьте пример, который держится на этих словах, или уберите их".to_owned(),
            "add an example that rests on these words, or remove them".to_owned(),
        ),
    )
}

pub(super) fn unheld_word(word: &str, phrase: &str) -> (Both, Both) {
    (
        (
            format!("без «{word}» в «{phrase}» все примеры остались бы верны"),
            format!("without `{word}` in `{phrase}` all examples would still be right"),
        ),
        (
            "добавьте пример, который держится на этом слове, или уберите его".to_owned(),
            "add an example that rests on this word, or remove it".to_owned(),
        ),
    )
}

pub(super) fn near_without_words(note: &str) -> (Both, Both) {
    (
        (
            format!("в пояснении «{note}» нет места для сказанных слов"),
            format!("the note `{note}` has no place for the words that were said"),
        ),
        (
            "поставьте {words} или {around}: проверяющий должен увидеть, что было сказано"
                .to_owned(),
            "put {words} or {around} where they belong, so that one sees what was said".to_owned(),
        ),
    )
}

pub(super) fn near_never_told(note: &str) -> (Both, Both) {
    (
        (
            format!("пояснение «{note}» не звучит ни в одном примере с выводом fail"),
            format!("no example with the verdict fail brings the note `{note}` about"),
        ),
        (
            "добавьте такой пример; если его не придумать, раньше срабатывает другая запись near"
                .to_owned(),
            "add one; where none can be found, another entry of near comes first".to_owned(),
        ),
    )
}

pub(super) fn unused_set(id: &str) -> (Both, Both) {
    (
        (
            format!("набор фраз {id} никем не используется"),
            format!("nobody uses the phrase set `{id}`"),
        ),
        (
            "уберите его или назовите в правиле".to_owned(),
            "remove it, or name it in a rule".to_owned(),
        ),
    )
}
