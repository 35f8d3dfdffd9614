//! The two standards: their examples, the wordings that they quote; and what is said of a pack that is spoilt.

use std::fmt::Write as _;

use etalon::check;
use etalon::criteria::Verdict;
use etalon::examples;
use etalon::pack::{self, Pack};
use etalon::wordings::Depth;

use crate::talk::{self, ABSENT, HEAD, PACK, PHRASES};

fn embedded(id: &str) -> Pack {
    Pack::embedded(id)
        .expect("the pack is in the program")
        .unwrap_or_else(|errors| panic!("{errors:?}"))
}

#[test]
fn every_example_comes_out_as_written() {
    let mut report = String::new();
    let mut count = 0;
    for id in pack::embedded_ids() {
        let pack = embedded(id);
        let results = examples::run(&pack).unwrap_or_else(|errors| panic!("{errors:?}"));
        for result in results {
            count += 1;
            if result.is_ok() {
                continue;
            }
            let verdicts = (result.expected.name(), result.got.name());
            let place = format!("{}:{}", result.path, result.line);
            writeln!(
                report,
                "{place}: {} expected, {} found",
                verdicts.0, verdicts.1
            )
            .unwrap();
            if let Some(marked) = &result.marked {
                writeln!(report, "    marked:   {marked:?}").unwrap();
            }
            writeln!(report, "    evidence: {:?}", result.evidence).unwrap();
            writeln!(report, "    reason:   {}", result.reason).unwrap();
        }
    }
    assert!(report.is_empty(), "\n{report}");
    assert!(count >= 61 * 6, "only {count} examples were run");
}

/// What recognises a wording.
enum By {
    /// A phrase set has a hit in it.
    Set(&'static str),
    /// The criterion is met.
    Kept(&'static str),
    /// The criterion is broken.
    Broken(&'static str),
}
use By::{Broken, Kept, Set};

/// `(pack, what recognises it, keys and words of the call)`. Words without a label are the agent's only turn.
///
/// From `source.md`, to the letter; a name stands where it has a place for one, each alternative by itself.
#[rustfmt::skip]
const QUOTED: &[(&str, By, &str)] = &[
    // Greetings, by who takes the call.
    ("mts", Kept("greeting.hello"), "Здравствуйте. Меня зовут Анна. Чем я могу Вам помочь?"),
    ("mts", Kept("greeting.introduction"), "Здравствуйте. Меня зовут Анна. Чем я могу Вам помочь?"),
    ("mts", Kept("greeting.offer_help"), "Здравствуйте. Меня зовут Анна. Чем я могу Вам помочь?"),
    ("mts", Kept("greeting.company"), "line = \"paid\"\n---\nО: МТС. Здравствуйте. Меня зовут Анна. Чем я могу Вам помочь?"),
    ("mts", Kept("greeting.hello"), "line = \"paid\"\n---\nО: МТС. Здравствуйте. Меня зовут Анна. Чем я могу Вам помочь?"),
    ("mts", Kept("greeting.introduction"), "line = \"paid\"\n---\nО: МТС. Здравствуйте. Меня зовут Анна. Чем я могу Вам помочь?"),
    ("mts", Kept("greeting.offer_help"), "line = \"paid\"\n---\nО: МТС. Здравствуйте. Меня зовут Анна. Чем я могу Вам помочь?"),
    ("mts", Kept("greeting.hello"), "line = \"senior\"\n---\nО: Здравствуйте, специалист экспертного направления, Анна. Я буду рада Вам помочь."),
    ("mts", Kept("greeting.position"), "line = \"senior\"\n---\nО: Здравствуйте, специалист экспертного направления, Анна. Я буду рада Вам помочь."),
    ("mts", Kept("greeting.introduction"), "line = \"senior\"\n---\nО: Здравствуйте, специалист экспертного направления, Анна. Я буду рада Вам помочь."),
    ("mts", Kept("greeting.offer_help"), "line = \"senior\"\n---\nО: Здравствуйте, специалист экспертного направления, Анна. Я буду рада Вам помочь."),
    ("mts", Kept("greeting.offer_help"), "line = \"senior\"\n---\nО: Здравствуйте, специалист экспертного направления, Олег. Я буду рад Вам помочь."),
    ("mts", Kept("greeting.introduction"), "line = \"ookk\"\n---\nО: Здравствуйте. Меня зовут Олег. Чем я могу Вам помочь?"),
    ("mts", Kept("greeting.offer_help"), "line = \"supervisor\"\n---\nО: Здравствуйте. Меня зовут Олег. Чем я могу Вам помочь?"),
    ("mts", Kept("greeting.introduction"), "line = \"supervisor-nsk\"\nmeta = { call_from = \"agent\" }\n---\nО: Анна Светлова Здравствуйте"),
    ("mts", Kept("greeting.introduction"), "line = \"supervisor-nsk\"\nmeta = { call_from = \"agent\" }\n---\nК: здравствуйте меня зовут Иван\nО: Очень приятно, Иван, с вами работает Анна Светлова, Здравствуйте."),
    ("mts", Kept("greeting.introduction"), "line = \"supervisor-nsk\"\nmeta = { call_from = \"agent\" }\n---\nО: Здравствуйте, слушаю\nК: тут жалоба\nО: записываю\nК: номер восемь\nО: готово\nК: спасибо\nО: С вами работала Анна Светлова, хорошего дня"),
    ("mts", Kept("greeting.introduction"), "line = \"supervisor-nsk\"\nmeta = { call_from = \"agent\" }\n---\nО: Здравствуйте, слушаю\nК: тут жалоба\nО: записываю\nК: номер восемь\nО: готово\nК: спасибо\nО: С вами работала Анна Светлова, хорошей смены"),
    ("mts", Kept("greeting.company"), "line = \"supervisor-nsk\"\n---\nО: МТС. Здравствуйте. Меня зовут Анна. Ваш вызов переведен на специалиста сервисной службы. Чем могу помочь?"),
    ("mts", Kept("greeting.position"), "line = \"supervisor-nsk\"\n---\nО: МТС. Здравствуйте. Меня зовут Анна. Ваш вызов переведен на специалиста сервисной службы. Чем могу помочь?"),
    ("mts", Kept("greeting.offer_help"), "line = \"supervisor-nsk\"\n---\nО: МТС. Здравствуйте. Меня зовут Анна. Ваш вызов переведен на специалиста сервисной службы. Чем могу помочь?"),
    ("mts", Broken("greeting.time_of_day"), "Доброе утро"),
    ("mts", Broken("greeting.time_of_day"), "Добрый день"),
    ("mts", Broken("greeting.time_of_day"), "Добрый вечер"),
    // Silence.
    ("mts", Set("cannot_hear"), "Вас не слышно, говорите, пожалуйста"),
    ("mts", Set("speak_please"), "Вас не слышно, говорите, пожалуйста"),
    ("mts", Kept("silence.prompt"), "О: Здравствуйте\nО: Вас не слышно, говорите, пожалуйста"),
    ("mts", Kept("silence.prompt"), "О: Здравствуйте\nО: Говорите, пожалуйста, Вас не слышно"),
    ("mts", Broken("silence.allo"), "Алло"),
    ("mts", Kept("silence.callback"), "О: Здравствуйте\nО: Перезвоните, пожалуйста, Вас не было слышно"),
    // Courtesy.
    ("mts", Kept("courtesy.words"), "пожалуйста"),
    ("mts", Kept("courtesy.words"), "спасибо"),
    ("mts", Kept("courtesy.words"), "будьте добры"),
    ("mts", Kept("courtesy.words"), "будьте любезны"),
    // The six questions for the name.
    ("mts", Set("ask_name"), "Скажите, пожалуйста, как Вас зовут?"),
    ("mts", Set("ask_name"), "Как я могу к вам обращаться по имени?"),
    ("mts", Set("ask_name"), "Как я могу к вам обращаться, представьтесь, пожалуйста?"),
    ("mts", Set("ask_name"), "Я могу узнать Ваше имя для обращения к Вам в процессе диалога?"),
    ("mts", Set("ask_name"), "Назовите ваше имя, пожалуйста."),
    ("mts", Set("ask_name"), "Представьтесь, пожалуйста, чтобы я могла обращаться к Вам по имени?"),
    ("mts", Set("ask_name"), "Представьтесь, пожалуйста, чтобы я мог обращаться к Вам по имени?"),
    ("mts", Broken("name.label"), "Абонент, подскажите номер"),
    ("mts", Broken("name.label"), "Уточните, клиент, адрес"),
    // Location.
    ("mts", Set("not_disclosed"), "Информация о местонахождении контактного центра не предоставляется"),
    ("mts", Kept("disclosure.location"), "К: а вы в каком городе находитесь\nО: Информация о местонахождении контактного центра не предоставляется"),
    // Hold.
    ("mts", Kept("hold.purpose"), "О: Изменение тарифного плана займет не больше минуты. Оставайтесь, пожалуйста, на линии. Хорошо?\nК: да\n[удержание]\nО: готово"),
    ("mts", Kept("hold.time"), "О: Изменение тарифного плана займет не больше минуты. Оставайтесь, пожалуйста, на линии. Хорошо?\nК: да\n[удержание]\nО: готово"),
    ("mts", Kept("hold.consent"), "О: Изменение тарифного плана займет не больше минуты. Оставайтесь, пожалуйста, на линии. Хорошо?\nК: да\n[удержание]\nО: готово"),
    ("mts", Kept("hold.purpose"), "О: подключение услуги займет не больше минуты. Оставайтесь, пожалуйста, на линии. Вы согласны?\nК: да\n[удержание]\nО: готово"),
    ("mts", Kept("hold.consent"), "О: подключение услуги займет не больше минуты. Оставайтесь, пожалуйста, на линии. Вы согласны?\nК: да\n[удержание]\nО: готово"),
    ("mts", Kept("hold.purpose"), "О: Я уточню информацию для Вас. Это займет не более минуты. Оставайтесь, пожалуйста, на линии. Хорошо?\nК: да\n[удержание]\nО: готово"),
    ("mts", Kept("hold.time"), "О: Я уточню информацию для Вас. Это займет не более минуты. Оставайтесь, пожалуйста, на линии. Хорошо?\nК: да\n[удержание]\nО: готово"),
    ("mts", Kept("hold.consent"), "О: Я уточню информацию для Вас. Это займет не более минуты. Оставайтесь, пожалуйста, на линии. Вы согласны?\nК: да\n[удержание]\nО: готово"),
    ("mts", Set("wait_request"), "Оставайтесь, пожалуйста, на линии"),
    ("mts", Set("hold_update"), "поиск информации займет еще некоторое время"),
    ("mts", Set("wait_thanks"), "Спасибо за ожидание"),
    ("mts", Set("wait_thanks"), "Спасибо за длительное ожидание"),
    ("mts", Kept("hold.thanks"), "О: проверю, подождите\nК: да\n[удержание]\nО: Спасибо за длительное ожидание, готово"),
    // Needs.
    ("mts", Set("paraphrase"), "Правильно ли я Вас понял, что услуга не нужна"),
    ("mts", Set("paraphrase"), "Правильно ли я Вас поняла, что услуга не нужна"),
    // Closing.
    ("mts", Set("anything_else"), "Есть ли у вас дополнительные вопросы, в решении которых я сейчас могу Вам помочь?"),
    ("mts", Set("anything_else"), "Могу ли я еще чем-нибудь Вам помочь?"),
    ("mts", Set("anything_else"), "Могу ли я еще чем-то Вам помочь?"),
    ("mts", Kept("closing.question"), "Я решил Ваш вопрос?"),
    ("mts", Kept("closing.question"), "Я решила Ваш вопрос?"),
    ("mts", Kept("closing.question"), "Я ответила на Ваш вопрос?"),
    ("mts", Set("customer_farewell"), "К: Все, спасибо"),
    // Farewell.
    ("mts", Set("thanks_call"), "Спасибо за звонок."),
    ("mts", Set("thanks_call"), "Спасибо Вам за звонок!"),
    ("mts", Set("wish"), "Удачного дня."),
    ("mts", Set("goodbye"), "Всего доброго."),
    ("mts", Set("goodbye"), "До свидания!"),
    ("mts", Kept("farewell.order"), "О: здравствуйте\nК: вопрос\nО: Спасибо Вам за звонок! Удачного дня. Всего доброго."),
    ("mts", Kept("farewell.order"), "О: здравствуйте\nК: вопрос\nО: Спасибо Вам за звонок! Всего доброго! До свидания."),
    // Literacy: what is wrong, and what is right.
    ("mts", Broken("literacy.send"), "сообщение вышлю"),
    ("mts", Kept("literacy.send"), "сообщение отправлю"),
    ("mts", Broken("literacy.arrive"), "сообщение пришло"),
    ("mts", Kept("literacy.arrive"), "сообщение поступило"),
    ("mts", Broken("literacy.connect"), "переведу на услугу"),
    ("mts", Kept("literacy.connect"), "услугу подключу"),
    ("mts", Broken("literacy.amount"), "это стоит восемь пятьдесят"),
    ("mts", Kept("literacy.amount"), "это стоит восемь рублей пятьдесят копеек"),
    ("mts", Broken("literacy.money"), "деньги"),
    ("mts", Kept("literacy.money"), "денежные средства"),
    ("mts", Broken("literacy.pay"), "заплотит"),
    ("mts", Kept("literacy.pay"), "заплатит"),
    ("mts", Broken("literacy.extend"), "заявка отсрачивается"),
    ("mts", Kept("literacy.extend"), "срок рассмотрения заявки увеличен"),
    ("mts", Broken("literacy.writeoff"), "списывание"),
    ("mts", Kept("literacy.writeoff"), "списание"),
    ("mts", Broken("literacy.their"), "ихний"),
    ("mts", Kept("literacy.their"), "их"),
    ("mts", Broken("literacy.topup"), "ложить на счёт"),
    ("mts", Kept("literacy.topup"), "пополнить счет"),
    ("mts", Broken("literacy.extract"), "вытащить карту из телефона"),
    ("mts", Kept("literacy.extract"), "извлечь карту из телефона"),
    ("mts", Broken("literacy.insert"), "вставить карту в телефон"),
    ("mts", Kept("literacy.insert"), "установить карту в телефон"),
    // The words of the page of criteria.
    ("mts", Broken("literacy.slang"), "холд"),
    ("mts", Broken("literacy.slang"), "Зибель"),
    ("mts", Broken("literacy.slang"), "слетели настройки"),
    ("mts", Kept("offer.made"), "meta = { offer_available = true }\n---\nО: хочу предложить Вам пакет интернета"),
    ("mts", Kept("offer.made"), "meta = { offer_available = true }\n---\nО: для Вас есть предложение"),
    // ЮМЭК, inbound.
    ("yumek", Kept("greeting.hello"), "Здравствуйте"),
    ("yumek", Kept("greeting.hello"), "добрый день меня зовут Иванова Ольга Петровна, Чем я могу Вам помочь?"),
    ("yumek", Kept("greeting.introduction"), "добрый день меня зовут Иванова Ольга Петровна, Чем я могу Вам помочь?"),
    ("yumek", Kept("greeting.offer_help"), "добрый день меня зовут Иванова Ольга Петровна, Чем я могу Вам помочь?"),
    ("yumek", Kept("farewell.thanks"), "О: здравствуйте\nК: вопрос\nО: Спасибо за звонок, до свидания"),
    ("yumek", Kept("farewell.goodbye"), "О: здравствуйте\nК: вопрос\nО: Спасибо за звонок, до свидания"),
    // Outbound.
    ("yumek", Kept("greeting.hello"), "direction = \"outbound\"\n---\nО: Добрый день! ОАО «ЮМЭК» договорной отдел, Иванова Ольга"),
    ("yumek", Kept("greeting.company"), "direction = \"outbound\"\n---\nО: Здравствуйте! ОАО «ЮМЭК» договорной отдел, Иванова Ольга"),
    ("yumek", Kept("greeting.introduction"), "direction = \"outbound\"\n---\nО: Здравствуйте! ОАО «ЮМЭК» договорной отдел, Иванова Ольга"),
    ("yumek", Kept("greeting.introduction"), "direction = \"outbound\"\n---\nО: Здравствуйте! ОАО «ЮМЭК» договорной отдел, Ольга Ивановна"),
    ("yumek", Kept("outbound.can_talk"), "direction = \"outbound\"\n---\nО: Здравствуйте! Вам удобно сейчас говорить?\nК: да"),
    ("yumek", Kept("farewell.thanks"), "direction = \"outbound\"\n---\nО: здравствуйте\nК: да\nО: Спасибо"),
    ("yumek", Kept("farewell.goodbye"), "direction = \"outbound\"\n---\nО: здравствуйте\nК: да\nО: До свидания"),
    // Transfer.
    ("yumek", Set("transfer_notice"), "Одну минуту, Вас сейчас переведу на специалиста договорного отдела, который Вас проконсультирует по данному вопросу"),
    ("yumek", Kept("transfer.notice"), "О: Одну минуту, Вас сейчас переведу на специалиста договорного отдела, который Вас проконсультирует по данному вопросу\nК: хорошо\n[гудки]\nО: договорной отдел"),
    ("yumek", Kept("transfer.reaction"), "О: Одну минуту, Вас сейчас переведу на специалиста договорного отдела, который Вас проконсультирует по данному вопросу\nК: хорошо\n[гудки]\nО: договорной отдел"),
];

#[test]
fn what_the_standard_quotes_is_recognised() {
    let packs = ["mts", "yumek"].map(|id| (id, embedded(id)));
    let mut report = String::new();
    for (id, by, words) in QUOTED {
        let (_, pack) = packs.iter().find(|(known, _)| known == id).unwrap();
        // As written, and as a recogniser gives it.
        for spoken in [false, true] {
            let (head, talk) = words.split_once("---\n").unwrap_or(("", words));
            let mut talk = talk.to_owned();
            if !talk.starts_with("О:") && !talk.starts_with("К:") {
                talk = format!("О: {talk}");
            }
            if spoken {
                talk = recognised(&talk);
            }
            let call = talk::call(&format!("{head}---\n{talk}"));
            let fault = match by {
                Set(set) => {
                    let set_id = pack.matcher().set(set);
                    let set_id = set_id.unwrap_or_else(|| panic!("{id} has no set {set}"));
                    let found = talk::with_hits(pack, &call, |_, hits, _| hits.of(set_id).len());
                    (found == 0).then(|| format!("the set {set} has no hit"))
                }
                Kept(criterion) | Broken(criterion) => {
                    let told = talk::judge(pack, criterion, &call);
                    let wanted = if matches!(by, Kept(_)) {
                        Verdict::Pass
                    } else {
                        Verdict::Fail
                    };
                    (told.verdict != wanted)
                        .then(|| format!("{criterion}: {} ({})", told.verdict.name(), told.reason))
                }
            };
            if let Some(fault) = fault {
                writeln!(report, "{id}: {fault}\n    {talk}").unwrap();
            }
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

/// Lower case, no punctuation, е for ё; labels and markers stay.
fn recognised(talk: &str) -> String {
    let line = |line: &str| -> String {
        if line.starts_with('[') {
            return line.to_owned();
        }
        let (label, words) = line.split_once(':').unwrap();
        let kept = |c: char| {
            if c.is_alphanumeric() || c == '-' {
                c
            } else {
                ' '
            }
        };
        let words: String = words
            .to_lowercase()
            .replace('ё', "е")
            .chars()
            .map(kept)
            .collect();
        format!(
            "{label}: {}",
            words.split_whitespace().collect::<Vec<_>>().join(" ")
        )
    };
    talk.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// `(what is wrong, file, its content or the criterion behind its head, code, file:line:column, in the message or help)`.
struct Spoilt {
    what: &'static str,
    file: &'static str,
    text: fn() -> String,
    code: &'static str,
    place: &'static str,
    says: &'static str,
}

fn criterion(rest: &str) -> String {
    format!("{HEAD}{rest}")
}

const FINE: &str = "[said]\nsay = \"greeting\"\n";

#[rustfmt::skip]
const SPOILT: &[Spoilt] = &[
    Spoilt { what: "a key with a typo", file: "it/is.toml", text: || criterion("advise = \"так\"\n[said]\nsay = \"greeting\"\n"), code: "pack/unknown-key", place: "tiny/it/is.toml:7:1", says: "did you mean `advice`?" },
    Spoilt { what: "a key of a check with a typo", file: "it/is.toml", text: || criterion("[said]\nsay = \"greeting\"\nzones = \"opening\"\n"), code: "pack/unknown-key", place: "tiny/it/is.toml:9:1", says: "did you mean `zone`?" },
    Spoilt { what: "a key of pack.toml with a typo", file: "pack.toml", text: || PACK.replace("title = \"Всё\"", "titl = \"Всё\""), code: "pack/unknown-key", place: "tiny/pack.toml:10:1", says: "did you mean `title`?" },
    Spoilt { what: "a key of a set with a typo", file: "phrases.toml", text: || PHRASES.replace("[goodbye]\nphrases", "[goodbye]\nphrase"), code: "pack/unknown-key", place: "tiny/phrases.toml:31:1", says: "did you mean `phrases`?" },
    Spoilt { what: "a reason for no change", file: "it/is.toml", text: || criterion("survives = { swop = \"так\" }\n[said]\nsay = \"greeting\"\n"), code: "pack/unknown-key", place: "tiny/it/is.toml:7:14", says: "did you mean `swap`?" },
    Spoilt { what: "no TOML", file: "it/is.toml", text: || criterion("[said\n"), code: "pack/bad-toml", place: "tiny/it/is.toml:7:6", says: "bad TOML" },
    Spoilt { what: "a word that nobody knows", file: "it/is.toml", text: || criterion("[said]\nsay = [\"добрый деньк\"]\n"), code: "phrase/unknown-word", place: "tiny/it/is.toml:8:16", says: "деньк" },
    Spoilt { what: "such a word in a set", file: "phrases.toml", text: || PHRASES.replace("до свидания\"]\n[customer_farewell]", "до сведаньица\"]\n[customer_farewell]"), code: "phrase/unknown-word", place: "tiny/phrases.toml:31:16", says: "сведаньица" },
    Spoilt { what: "an unclosed bracket", file: "it/is.toml", text: || criterion("[said]\nsay = [\"чем (я могу помочь\"]\n"), code: "phrase/unclosed", place: "tiny/it/is.toml:8:13", says: "" },
    Spoilt { what: "an unopened bracket", file: "it/is.toml", text: || criterion("[said]\nsay = [\"чем я) могу помочь\"]\n"), code: "phrase/unopened", place: "tiny/it/is.toml:8:14", says: "" },
    Spoilt { what: "an unknown slot", file: "it/is.toml", text: || criterion("[said]\nsay = [\"меня зовут [имечко]\"]\n"), code: "phrase/unknown-slot", place: "tiny/it/is.toml:8:20", says: "имечко" },
    Spoilt { what: "a phrase that matches nothing", file: "it/is.toml", text: || criterion("[said]\nsay = [\"(вам)\"]\n"), code: "phrase/empty", place: "tiny/it/is.toml:8:9", says: "" },
    Spoilt { what: "an unknown set", file: "it/is.toml", text: || criterion("[said]\nsay = \"greting\"\n"), code: "pack/unknown-set", place: "tiny/it/is.toml:8:7", says: "did you mean `greeting`?" },
    Spoilt { what: "a key of [script] with a typo", file: "it/is.toml", text: || criterion("[said]\nsay = \"greeting\"\n[script]\nkind = \"anywhere\"\nrequire = true\n"), code: "pack/unknown-key", place: "tiny/it/is.toml:11:1", says: "did you mean `required`?" },
    Spoilt { what: "a passage that nobody knows", file: "it/is.toml", text: || criterion("[said]\nsay = \"greeting\"\n[script]\nkind = \"passage\"\nof = \"holds\"\n"), code: "pack/unknown-passage", place: "tiny/it/is.toml:11:6", says: "holds" },
    Spoilt { what: "a passage that is not named", file: "it/is.toml", text: || criterion("[said]\nsay = \"greeting\"\n[script]\nkind = \"passage\"\n"), code: "pack/script-of", place: "tiny/it/is.toml:9:1", says: "`of`" },
    Spoilt { what: "an unknown set in a phrase", file: "it/is.toml", text: || criterion("[said]\nsay = [\"ну @greting\"]\n"), code: "phrase/unknown-set", place: "tiny/it/is.toml:8:12", says: "greting" },
    Spoilt { what: "an unknown parameter", file: "it/is.toml", text: || criterion("[limit]\nmeasure = \"pause\"\nmax = \"pauses_s\"\n"), code: "pack/unknown-parameter", place: "tiny/it/is.toml:9:8", says: "did you mean `pause_s`?" },
    Spoilt { what: "an unknown measure", file: "it/is.toml", text: || criterion("[limit]\nmeasure = \"pauses\"\nmax = 3\n"), code: "pack/unknown-key", place: "tiny/it/is.toml:8:11", says: "did you mean `pause`?" },
    Spoilt { what: "an unknown fact", file: "it/is.toml", text: || criterion("[[when]]\nfact = \"timd\"\n[said]\nsay = \"greeting\"\n"), code: "pack/unknown-key", place: "tiny/it/is.toml:8:8", says: "did you mean `timed`?" },
    Spoilt { what: "an unknown line of a condition", file: "it/is.toml", text: || criterion("[[when]]\nline = \"plein\"\n[said]\nsay = \"greeting\"\n"), code: "pack/unknown-line", place: "tiny/it/is.toml:8:8", says: "did you mean `plain`?" },
    Spoilt { what: "an unknown default line", file: "pack.toml", text: || PACK.replace("default_line = \"plain\"", "default_line = \"plein\""), code: "pack/unknown-line", place: "tiny/pack.toml:6:16", says: "plein" },
    Spoilt { what: "an unknown zone", file: "it/is.toml", text: || criterion("[said]\nsay = \"greeting\"\nzone = \"start\"\n"), code: "pack/bad-toml", place: "tiny/it/is.toml:9:8", says: "`opening`, `closing`, `anywhere`" },
    Spoilt { what: "a near miss with a typo", file: "it/is.toml", text: || criterion("[said]\nsay = \"greeting\"\nnear = [{ say = \"goodbye\", notes = \"{words}\" }]\n"), code: "pack/unknown-key", place: "tiny/it/is.toml:9:28", says: "did you mean `note`?" },
    Spoilt { what: "an unknown set of a near miss", file: "it/is.toml", text: || criterion("[said]\nsay = \"greeting\"\nnear = [{ say = \"godbye\", note = \"{words}\" }]\n"), code: "pack/unknown-set", place: "tiny/it/is.toml:9:17", says: "did you mean `goodbye`?" },
    Spoilt { what: "unknown braces in a note", file: "it/is.toml", text: || criterion("[said]\nsay = \"greeting\"\nnear = [{ say = \"goodbye\", note = \"{word}\" }]\n"), code: "pack/bad-toml", place: "tiny/it/is.toml:9:35", says: "only `{words}` and `{around}`" },
    Spoilt { what: "near phrases and tables in one list", file: "it/is.toml", text: || criterion("[said]\nsay = \"greeting\"\nnear = [\"пока\", { say = \"goodbye\" }]\n"), code: "pack/bad-toml", place: "tiny/it/is.toml:9:8", says: "not of both" },
    Spoilt { what: "an id that is not its path", file: "it/is.toml", text: || criterion(FINE).replace("it.is", "it.was"), code: "pack/id", place: "tiny/it/is.toml:2:6", says: "it.is" },
    Spoilt { what: "no pack.toml", file: "pack.toml", text: || ABSENT.to_owned(), code: "pack/no-pack-toml", place: "tiny:0:0", says: "pack.toml" },
    Spoilt { what: "a set twice", file: "it/phrases.toml", text: || "[greeting]\nphrases = [\"привет\"]\n".to_owned(), code: "pack/duplicate-set", place: "tiny/phrases.toml:37:12", says: "tiny/it/phrases.toml" },
    Spoilt { what: "an unknown section", file: "of/is.toml", text: || criterion(FINE).replace("it.is", "of.is"), code: "pack/unknown-section", place: "tiny/of/is.toml:2:6", says: "of" },
    Spoilt { what: "no weight", file: "it/is.toml", text: || criterion(FINE).replace("weight = 1\n", ""), code: "pack/bad-toml", place: "tiny/it/is.toml:1:1", says: "weight" },
    Spoilt { what: "a weight that is no number", file: "it/is.toml", text: || criterion(FINE).replace("weight = 1\n", "weight = \"много\"\n"), code: "pack/bad-toml", place: "tiny/it/is.toml:5:10", says: "string" },
    Spoilt { what: "no check", file: "it/is.toml", text: || criterion(""), code: "pack/no-check", place: "tiny/it/is.toml:1:1", says: "[said]" },
    Spoilt { what: "a missing parameter", file: "pack.toml", text: || PACK.replace("answer_s = 5\n", ""), code: "pack/missing-parameter", place: "tiny/pack.toml:1:1", says: "answer_s" },
    Spoilt { what: "an unknown critical criterion", file: "pack.toml", text: || PACK.replace("[scoring]\n", "[scoring]\ncritical = [\"it.was\"]\n"), code: "pack/unknown-criterion", place: "tiny/pack.toml:13:13", says: "it.was" },
    Spoilt { what: "an unknown criterion in an order", file: "pack.toml", text: || PACK.replace("[[section]]\nid = \"it\"\n", "[[section]]\nid = \"it\"\norder = [\"iz\"]\n"), code: "pack/unknown-criterion", place: "tiny/pack.toml:10:10", says: "did you mean `is`?" },
    Spoilt { what: "an unknown shared folder", file: "pack.toml", text: || PACK.replace("version = \"1\"\n", "version = \"1\"\nuses = [\"comon\"]\n"), code: "pack/unknown-common", place: "tiny/pack.toml:5:9", says: "common" },
    Spoilt { what: "a table after the examples", file: "it/is.toml", text: || criterion("[said]\nsay = \"greeting\"\n[[example]]\nverdict = \"pass\"\ncall = \"\"\"\n[ожидание]\nО: здравствуйте\n\"\"\"\nmarks = [\n  [1]\n]\n[limit]\nmax = 3\n"), code: "pack/after-examples", place: "tiny/it/is.toml:18:1", says: "[[example]]" },
    Spoilt { what: "an example with a typo in its name", file: "it/is.toml", text: || criterion("[said]\nsay = \"greeting\"\n[[example]]\nverdict = \"pass\"\n[[exampel]]\n"), code: "pack/after-examples", place: "tiny/it/is.toml:11:1", says: "" },
    Spoilt { what: "a word like an unknown one", file: "lexicon.toml", text: || "\"зюка\" = { like = \"мюкабра\" }\n".to_owned(), code: "pack/unknown-word", place: "tiny/lexicon.toml:1:10", says: "мюкабра" },
];

#[test]
fn a_spoilt_pack_is_told_where_and_what() {
    let mut report = String::new();
    for Spoilt {
        what,
        file,
        text,
        code,
        place,
        says,
    } in SPOILT
    {
        let text = text();
        let fine = criterion(FINE);
        let mut files = vec![("it/is.toml", fine.as_str())];
        if file != &"it/is.toml" {
            files.push((file, &text));
        } else {
            files = vec![(file, &text)];
        }
        let errors = match Pack::from_source(&talk::source(&files)) {
            Err(errors) => errors,
            Ok(_) => {
                writeln!(report, "{what}: loads").unwrap();
                continue;
            }
        };
        let [error] = &errors[..] else {
            writeln!(report, "{what}: {} errors: {errors:#?}", errors.len()).unwrap();
            continue;
        };
        let got = format!("{}:{}:{}", error.path, error.line, error.column);
        let told = format!("{} {}", error.message.1, error.help.1);
        let same_in_russian =
            !error.message.0.is_empty() && error.help.0.is_empty() == error.help.1.is_empty();
        if error.code != *code || got != *place || !told.contains(says) || !same_in_russian {
            writeln!(
                report,
                "{what}:\n    {} at {got}: {told}\n    expected {code} at {place}: {says}",
                error.code
            )
            .unwrap();
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

/// `(what stands in the file, with what in its place, column, the Russian message)`: mistakes in TOML itself.
#[rustfmt::skip]
const TOML_IN_RUSSIAN: &[(&str, &str, &str, &str)] = &[
    ("weight = 1\n", "", "1:1", "нет обязательного ключа «weight»"),
    ("weight = 1\n", "weight = \"три\"\n", "5:10", "здесь строка \"три\", а нужно целое число от нуля"),
    ("weight = 1\n", "weight = 1.5\n", "5:10", "здесь дробное число `1.5`, а нужно целое число от нуля"),
    ("weight = 1\n", "weight = -1\n", "5:10", "здесь целое число `-1`, а нужно целое число от нуля"),
    ("weight = 1\n", "weight = [1]\n", "5:10", "здесь список, а нужно целое число от нуля"),
    ("weight = 1\n", "weight = 1\nweight = 2\n", "6:1", "ключ записан дважды"),
    ("weight = 1\n", "weight 1\n", "5:8", "у ключа нет значения; ожидается `=`"),
    ("weight = 1\n", "weight =\n", "5:9", "нет значения, или строка стоит без кавычек"),
    ("weight = 1\n", "weight = один\n", "5:10", "нет значения, или строка стоит без кавычек"),
    ("weight = 1\n", "weight = 01\n", "5:10", "число не может начинаться с нуля"),
    ("weight = 1\n", "weight = 1\nwhy = 5\n", "6:7", "здесь целое число `5`, а нужно строка"),
    ("weight = 1\n", "weight = 1\nwhy = \"так\n", "6:11", "строка не закрыта или испорчена; ожидается `\"`"),
    ("[said]\n", "[said\n", "7:6", "заголовок таблицы не закрыт; ожидается `]`"),
    ("say = \"greeting\"", "say = [\"чем\" \"помочь\"]", "8:14", "между частями списка нет запятой; ожидается `,`"),
    ("say = \"greeting\"", "say = [\"чем\"", "8:13", "список не закрыт; ожидается `]`"),
    ("say = \"greeting\"", "say = \"greeting\"\nat_least = []", "9:12", "такого значения здесь быть не может"),
    ("say = \"greeting\"", "say = \"greeting\"\nzone = \"start\"", "9:8", "зона — это `opening`, `closing`, `anywhere` или список из них"),
    ("[said]\n", "[[when]]\nline = 5\n[said]\n", "8:8", "здесь целое число `5`, а нужно имя или список имён"),
];

#[test]
fn a_set_may_be_written_as_toml_allows() {
    // The file's beginning, line and column of the first phrase.
    let table = [
        (
            "[hi]\nphrases = [\"раз два\", \"три\"]\nexcept = [\"пять\"]",
            (2, 12),
        ),
        (
            "# так\n\n[hi] # и так\n  exact = false\n\tphrases = [\n  # раз\n  \"раз два\",\n  \"три\", # три\n]\nexcept = [ \"пять\" ]",
            (7, 3),
        ),
        (
            "[hi]\r\nphrases = [\"раз два\", \"три\"]\r\nexcept = [\"пять\"]\r",
            (2, 12),
        ),
        (
            "[hi]\nphrases = ['раз два', 'три']\nexcept = ['пять']",
            (2, 12),
        ),
        (
            "[hi]\nphrases = [\"раз\\u0020два\", \"три\"]\nexcept = [\"пять\"]",
            (2, 12),
        ),
        (
            "[hi]\nphrases = [\"\"\"\nраз два\"\"\", \"три\"]\nexcept = [\"\"\"пять\"\"\"]",
            (2, 12),
        ),
        (
            "hi.phrases = [\"раз два\", \"три\"]\nhi.except = [\"пять\"]",
            (1, 15),
        ),
        (
            "hi = { phrases = [\"раз два\", \"три\"], except = [\"пять\"] }",
            (1, 19),
        ),
        (
            "[\"hi\"]\n\"phrases\" = [\"раз два\", \"три\"]\nexcept = [\"пять\",]",
            (2, 14),
        ),
    ];
    for (text, place) in table {
        let text = format!("{text}\n{PHRASES}");
        let pack = Pack::from_source(&talk::source(&[("phrases.toml", &text)]))
            .unwrap_or_else(|errors| panic!("{errors:?} in\n{text}"));
        let set = pack.sets().iter().find(|set| set.id == "hi").unwrap();
        assert_eq!(set.phrases, ["раз два", "три"], "{text}");
        assert_eq!(set.except, ["пять"], "{text}");
        assert_eq!(set.places[0], place, "{text}");
    }
}

#[test]
fn what_is_no_toml_is_no_set() {
    let table = [
        "[hi]\nphrases = [\"раз\"]\nphrases = [\"два\"]",
        "[hi]\nphrases = [\"раз\"]\n[hi]\nexact = true",
        "hi = { phrases = [\"раз\"] }\n[hi]\nexact = true",
        "[hi]\nphrases = [\"раз\"]\n[[hi]]\nexact = true",
        "[hi]\nphrases = [\"раз\" \"два\"]",
        "[hi]\nphrases = [\"раз\n\"]",
        "[hi]\nphrases = [\"раз\"",
        "[hi]\nphrases = [\"раз\"] \"два\"",
        "[hi] phrases = [\"раз\"]",
        "[hi]\nphrases = [\"раз\"] # \u{1}",
        "[hi]\nphrases = [\"раз\u{7}\"]",
        "[hi]\nphrases = \"раз\"",
        "[hi]\nphrases = [1]",
        "[hi]\nphrases = [\"раз\"]\nexact = \"да\"",
        "[hi]\nphrases = [\"раз\"]\nexact = True",
        "[hi]\nexact = true",
        "[hi]\nphrases = [\"раз\"]\nphrase = [\"два\"]",
        "[hi.there]\nphrases = [\"раз\"]",
        "[hi",
        "hi",
    ];
    for text in table {
        let text = format!("{text}\n{PHRASES}");
        let loaded = Pack::from_source(&talk::source(&[("phrases.toml", &text)]));
        assert!(loaded.is_err(), "{text}");
    }
}

#[test]
fn mistakes_in_toml_are_told_in_russian() {
    let mut report = String::new();
    for (there, instead, place, message) in TOML_IN_RUSSIAN {
        let fine = criterion(FINE);
        assert!(fine.contains(there), "{there}");
        let text = fine.replacen(there, instead, 1);
        let errors = Pack::from_source(&talk::source(&[("it/is.toml", &text)])).expect_err(instead);
        let error = &errors[0];
        let got = format!("{}:{}", error.line, error.column);
        if (got.as_str(), error.message.0.as_str()) != (*place, *message) {
            writeln!(report, "{instead:?}: {got} {}", error.message.0).unwrap();
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

#[test]
fn a_file_of_a_pack_that_is_not_utf8_is_told_where() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("pack.toml"),
        b"id = \"a\"\ntitle = \"\xd0\x9f\xcf\"\n",
    )
    .unwrap();
    let errors = Pack::from_dir(folder.path()).expect_err("it is not UTF-8");
    let [error] = &errors[..] else {
        panic!("{errors:?}")
    };
    assert!(error.path.ends_with("pack.toml"));
    assert_eq!(
        (error.code, error.line, error.column),
        ("pack/not-utf8", 2, 11)
    );
}

#[test]
fn the_tiny_pack_itself_loads() {
    let pack = talk::pack(FINE);
    assert_eq!(pack.info().criteria.len(), 1);
}

/// Examples are read when they are run.
#[test]
fn a_spoilt_example_is_told_where_and_what() {
    #[rustfmt::skip]
    let cases = [
        ("[[example]]\nverdict = \"pass\"\n", "pack/bad-example", 9, "call"),
        ("[[example]]\nverdict = \"kept\"\ncall = \"О: здравствуйте\"\n", "pack/bad-example", 10, "kept"),
        ("[[example]]\nverdict = \"pass\"\ncall = \"О: здравствуйте\"\nsurvives = { swop = \"так\" }\n", "pack/bad-example", 12, "did you mean `swap`?"),
        ("[[example]]\nverdict = \"pass\"\ntimes = true\ncall = \"О: здравствуйте\"\n", "pack/bad-example", 11, "did you mean `timed`?"),
    ];
    for (example, code, line, says) in cases {
        let pack = talk::pack(&format!("{FINE}{example}"));
        let errors = examples::run(&pack).expect_err(example);
        let [error] = &errors[..] else {
            panic!("{errors:?}")
        };
        let told = format!("{} {}", error.message.1, error.help.1);
        assert_eq!(
            (error.code, error.path.as_str(), error.line),
            (code, "tiny/it/is.toml", line),
            "{example}: {told}"
        );
        assert!(told.contains(says), "{example}: {told}");
    }
    // One that reads but is wrong comes out as wrong, with both verdicts and both evidences.
    let pack = talk::pack(&format!(
        "{FINE}[[example]]\nverdict = \"fail\"\ncall = \"О: здравствуйте\"\n[[example]]\nverdict = \"pass\"\ncall = \"О: здравствуйте [[ну]]\"\n"
    ));
    let results = examples::run(&pack).unwrap();
    assert_eq!(
        (results[0].expected, results[0].got, results[0].line),
        (Verdict::Fail, Verdict::Pass, 9)
    );
    assert!(!results[0].is_ok() && !results[1].is_ok());
    assert_eq!(results[1].marked.as_deref(), Some(&["ну".to_owned()][..]));
    assert_eq!(results[1].evidence, ["здравствуйте"]);
    // The reason is compared only where the example has one.
    let pack = talk::pack(&format!(
        "{FINE}[[example]]\nverdict = \"fail\"\nreason = \"не сказано\"\ncall = \"О: слушаю\"\n[[example]]\nverdict = \"fail\"\ncall = \"О: слушаю\"\n"
    ));
    let results = examples::run(&pack).unwrap();
    assert!(!results[0].is_ok() && !results[0].reason_fits() && results[1].is_ok());
}

/// Notes of near misses that say no words, or that no example brings about.
#[test]
fn poor_near_misses_are_named() {
    let pack = talk::pack(
        r#"
[said]
say = "greeting"
near = [
  { say = ["слушаю"], note = "вместо него {words}" },
  { say = ["говорите"], note = "сказано другое" },
  { say = ["алло"], note = "всего лишь {around}" },
]
[[example]]
verdict = "fail"
call = "О: слушаю алло"
"#,
    );
    let findings = check::run(&[pack], Depth::Phrases, 1).unwrap_or_else(|e| panic!("{e:?}"));
    let near: Vec<(&str, u32)> = findings
        .iter()
        .filter(|finding| finding.code.starts_with("check/near"))
        .map(|finding| (finding.code, finding.line))
        .collect();
    let expected = [
        ("check/near-without-words", 12),
        ("check/near-never-told", 13),
    ];
    assert_eq!(near, expected);
}

/// All problems of a pack are told at once.
#[test]
fn all_problems_are_collected() {
    let one = criterion("[said]\nsay = \"greting\"\n");
    let two = criterion("[said]\nsay = [\"чем (я\"]\n").replace("it.is", "it.too");
    let errors = Pack::from_source(&talk::source(&[
        ("it/is.toml", &one),
        ("it/too.toml", &two),
    ]));
    let errors = errors.expect_err("two files are wrong");
    let told: Vec<_> = errors
        .iter()
        .map(|error| (error.code, error.path.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("pack/unknown-set", "tiny/it/is.toml"),
            ("phrase/unclosed", "tiny/it/too.toml")
        ]
    );
}
