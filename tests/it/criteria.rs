//! The kinds of check: a table for each over the tiny pack of `talk.rs`, whatever the standards require.

use std::fmt::Write as _;

use etalon::criteria::runs_beside;
use etalon::timeline::Hold;

use crate::talk;

/// `(name, call, verdict and evidence)`, the evidence behind a colon, piece by piece with ` | ` between.
pub(crate) type Row = (&'static str, &'static str, &'static str);

/// Judges each call by one criterion, given without its head.
pub(crate) fn table(criterion: &str, rows: &[Row]) {
    let pack = talk::pack(criterion);
    let mut report = String::new();
    for (name, call, expected) in rows {
        let told = talk::judge(&pack, "it.is", &talk::call(call));
        let mut got = told.verdict.name().to_owned();
        if !told.evidence.is_empty() {
            write!(got, ": {}", told.evidence.join(" | ")).unwrap();
        }
        if got != *expected {
            writeln!(
                report,
                "{name}:\n    got      {got} ({})\n    expected {expected}",
                told.reason
            )
            .unwrap();
        }
    }
    assert!(report.is_empty(), "\n{criterion}{report}");
}

/// The reason that comes with the verdict on a call.
fn reason(criterion: &str, call: &str) -> String {
    let pack = talk::pack(criterion);
    talk::judge(&pack, "it.is", &talk::call(call)).reason
}

const LONG: &str = "О: раз\nК: один\nО: два\nК: второй\nО: три\nК: третий\n";

fn long(rest: &str) -> &'static str {
    Box::leak(format!("{LONG}{rest}").into_boxed_str())
}

#[test]
fn said() {
    #[rustfmt::skip]
    table("[said]\nsay = \"greeting\"\n", &[
        ("the agent says it", "О: ну здравствуйте", "pass: здравствуйте"),
        ("as spelled in the call", "О: ЗДРАВСТВУЙТЕ!", "pass: ЗДРАВСТВУЙТЕ"),
        ("a letter is wrong: what is required may be heard loosely", "О: здраствуйте", "pass: здраствуйте"),
        ("the customer says it", "О: слушаю\nК: здравствуйте", "fail"),
        ("quoted", "О: там написано здравствуйте", "fail: здравствуйте"),
        ("a sentence ends before it", "О: Там написано. Здравствуйте.", "pass: Здравствуйте"),
        ("nobody", "О: слушаю", "fail"),
        ("no words of the agent", "О: [шум]\nК: да", "unknown"),
    ]);
    #[rustfmt::skip]
    table("[said]\nsay = \"greeting\"\nzone = \"opening\"\n", &[
        ("in the zone", "О: здравствуйте\nК: да", "pass: здравствуйте"),
        ("behind it: shown beside the place where it should stand", long("О: здравствуйте"), "fail: turn 0 | здравствуйте"),
    ]);
    #[rustfmt::skip]
    table("[said]\nsay = [\"до свидания\"]\nzone = \"closing\"\n", &[
        ("in the zone", long("О: до свидания"), "pass: до свидания"),
        ("before it", "О: до свидания\nК: нет\nО: два\nК: второй\nО: три\nК: третий\nО: четыре", "fail: до свидания | turn 6"),
    ]);
    #[rustfmt::skip]
    table("[said]\nsay = [\"до свидания\"]\nzone = [\"opening\", \"closing\"]\n", &[
        ("in either of two zones", "О: до свидания\nК: нет\nО: два\nК: второй\nО: три\nК: третий\nО: четыре\nК: да\nО: пять", "pass: до свидания"),
    ]);
    #[rustfmt::skip]
    table("[said]\nall = [[\"спасибо\"], [\"до свидания\"]]\n", &[
        ("all", "О: спасибо до свидания", "pass: спасибо | до свидания"),
        ("only one: what is there is shown", "О: спасибо", "fail: спасибо"),
        ("none", "О: слушаю", "fail"),
    ]);
    #[rustfmt::skip]
    table("[said]\nsay = [\"спасибо\"]\nat_least = 2\n", &[
        ("twice", "О: спасибо\nК: да\nО: спасибо", "pass: спасибо | спасибо"),
        ("once", "О: спасибо\nК: да\nО: слушаю", "fail: спасибо"),
    ]);
    #[rustfmt::skip]
    table("[said]\nsay = [\"спасибо\"]\nwho = \"customer\"\n", &[
        ("the customer", "О: вот\nК: спасибо", "pass: спасибо"),
        ("the agent", "О: спасибо\nК: вот", "fail"),
    ]);
    #[rustfmt::skip]
    table("[said]\nsay = [\"спасибо\"]\nexcept = [\"спасибо не надо\"]\n", &[
        ("inside a longer phrase that does not count", "О: спасибо не надо", "fail"),
        ("and by itself", "О: спасибо не надо а впрочем спасибо", "pass: спасибо"),
    ]);
    #[rustfmt::skip]
    table("[said]\nsay = [\"до свидания\"]\nnear = [\"пока\"]\n", &[
        ("what comes near is shown", "О: ну пока", "fail: пока"),
        ("and does no harm", "О: пока до свидания", "pass: до свидания"),
    ]);
    #[rustfmt::skip]
    table("[said]\nsay = [\"чем помочь\"]\nanswered = [{ say = [\"!осталось\"], by = [\"^!нет\"], zone = \"closing\" }]\n", &[
        ("told by the answer", "О: что осталось\nК: нет спасибо\nО: хорошо", "pass: осталось | нет"),
        ("answered otherwise", "О: что осталось\nК: пять рублей\nО: хорошо", "fail"),
        ("not answered at once", "О: что осталось\nО: хорошо\nК: пять\nО: так\nК: нет", "fail"),
        ("nobody answers", "О: что осталось", "fail"),
        ("outside of the zone", "О: что осталось\nК: нет\nО: два\nК: второй\nО: три\nК: третий\nО: четыре", "fail"),
        ("by itself", "О: чем помочь\nК: пять", "pass: чем помочь"),
    ]);
    #[rustfmt::skip]
    table("[said]\nsay = [\"чем помочь\"]\nbefore = [\"долг\"]\nanswered = [{ say = [\"!удобно\"], by = [\"^!да\"] }]\n", &[
        ("answered, and before", "О: удобно\nК: да\nО: долг у вас", "pass: удобно | да"),
        ("answered too late", "О: долг у вас удобно\nК: да", "fail"),
    ]);
    #[rustfmt::skip]
    table("[said]\nsay = [\"поняла вас\"]\nechoes = { asks = [\"!верно\"], confirmed = [\"^!именно$\"] }\n", &[
        ("in words", "О: поняла вас", "pass: поняла вас"),
        ("the customer's words, with a question", "К: роутер мигает и сеть пропадает\nО: значит пропадает сеть на роутере и он все время мигает верно\nК: да", "pass: turn 1"),
        ("the question within the turn", "К: роутер мигает и сеть пропадает\nО: Пропадает сеть, и роутер всё время мигает, верно? Назовите адрес.\nК: да", "pass: turn 1"),
        ("within the turn without a question", "К: роутер мигает и сеть пропадает\nО: пропадает сеть и роутер все время мигает верно назовите адрес\nК: да", "fail"),
        ("confirmed by the answer", "К: роутер мигает и сеть пропадает\nО: пропадает сеть и роутер все время мигает\nК: именно", "pass: turn 1 | именно"),
        ("answered otherwise", "К: роутер мигает и сеть пропадает\nО: пропадает сеть и роутер все время мигает\nК: именно вчера", "fail"),
        ("nobody answers", "К: роутер мигает и сеть пропадает\nО: пропадает сеть и роутер все время мигает верно", "fail"),
        ("other words than the customer's", "К: роутер мигает и сеть пропадает\nО: приложение личного кабинета установлено на телефоне верно\nК: именно", "fail"),
        ("one word of the customer's", "К: роутер мигает\nО: роутер покупали вместе с договором летом верно\nК: именно", "pass: turn 1"),
        ("too few words", "К: роутер мигает и сеть пропадает\nО: роутер мигает верно\nК: именно", "fail"),
        ("numbers, letters and names are data", "К: анна петровна договор эр сорок два\nО: анна петровна договор эр сорок два верно\nК: именно", "fail"),
        ("said before the customer says it", "О: пропадает сеть и роутер все время мигает верно\nК: роутер мигает и сеть пропадает", "fail"),
    ]);
    #[rustfmt::skip]
    table("[said]\nsay = [\"итак\"]\nzone = \"closing\"\nrestates = true\n", &[
        ("in words", long("О: итак все"), "pass: итак"),
        ("said again", "О: мастер заменит счетчик в среду утром\nК: ладно\nО: номер квартиры\nК: пять\nО: спасибо\nК: да\nО: счетчик заменит мастер в среду", "pass: turn 6"),
        ("something new", "О: мастер заменит счетчик в среду утром\nК: ладно\nО: номер квартиры\nК: пять\nО: спасибо\nК: да\nО: квитанция придет по почте через месяц", "fail: turn 6"),
        ("half of what is told as done was heard before", "О: да\nК: услугу для роуминга хочу\nО: подключаю\nК: платно\nО: нет\nК: надолго\nО: пока не отключите\nК: поняла\nО: учтите подключили бесплатно", "pass: turn 8"),
        ("«замечательно» tells nothing", "О: стоял запрет сняла его\nК: кто поставил\nО: он с защитой\nК: сообщения дошли\nО: попросите\nК: поняла\nО: замечательно запрет снят сообщения поступают", "pass: turn 6"),
        ("numbers are told again too", "О: мастер будет в десять или в двенадцать\nК: лучше в двенадцать\nО: номер квартиры\nК: пять\nО: спасибо\nК: да\nО: мастер в двенадцать", "pass: turn 6"),
        ("numbers in digits too", "О: мастер будет в 10 или в 12\nК: лучше в 12\nО: номер квартиры\nК: пять\nО: спасибо\nК: да\nО: мастер в 12", "pass: turn 6"),
        ("half of what is not done yet", "О: да\nК: услугу для роуминга хочу\nО: подключаю\nК: платно\nО: нет\nК: надолго\nО: пока не отключите\nК: поняла\nО: услуга стоит бесплатно сегодня", "fail: turn 8"),
        ("what the customer said just now is answered", "О: да\nК: пять\nО: так\nК: два\nО: хорошо\nК: и этаж укажите третий вход со двора\nО: вход со двора этаж третий", "fail: turn 6"),
        ("unless it was done", "О: да\nК: пять\nО: так\nК: два\nО: нажмите\nК: автоплатеж удалился\nО: отлично автоплатеж удален", "pass: turn 6"),
        ("nothing but numbers", "О: да\nК: номер семь ноль четыре два\nО: так\nК: два\nО: хорошо\nК: номер дайте\nО: семь ноль четыре два", "fail: turn 6"),
        ("said again when asked", "О: мастер заменит счетчик в среду утром\nК: ладно\nО: номер квартиры\nК: пять\nО: спасибо\nК: когда\nО: счетчик заменит мастер в среду", "fail: turn 6"),
    ]);
}

#[test]
fn unsaid() {
    #[rustfmt::skip]
    table("[unsaid]\nsay = [\"алло\"]\n", &[
        ("not said", "О: здравствуйте", "pass"),
        ("said", "О: алло здравствуйте", "fail: алло"),
        ("every time is shown", "О: алло\nК: да\nО: алло", "fail: алло | алло"),
        ("the customer may", "К: алло\nО: здравствуйте", "pass"),
        ("a marker is no speech", "О: [алло] здравствуйте", "pass"),
        ("quoted", "О: там написано алло", "pass"),
        ("in quotation marks behind a colon", "О: Он сказал: «ну алло».", "pass"),
        ("one word in quotation marks is the agent's own", "О: Ну «алло».", "fail: алло"),
    ]);
    // What is forbidden has to stand there to the letter.
    #[rustfmt::skip]
    table("[unsaid]\nsay = [\"подключение\"]\n", &[
        ("any form", "О: о подключении", "fail: подключении"),
        ("a letter is wrong", "О: падключение", "pass"),
    ]);
    #[rustfmt::skip]
    table("[unsaid]\nsay = [\"деньги\"]\nexcept = [\"мтс деньги\"]\n", &[
        ("said", "О: ваши деньги", "fail: деньги"),
        ("inside a longer phrase that does not count", "О: карта мтс деньги", "pass"),
    ]);
    #[rustfmt::skip]
    table("[unsaid]\nsay = [\"алло\"]\nzone = \"opening\"\n", &[
        ("behind the zone", long("О: алло"), "pass"),
    ]);
    #[rustfmt::skip]
    table("[unsaid]\nsay = [\"алло\"]\nwho = \"customer\"\n", &[
        ("whose words", "О: алло\nК: да", "pass"),
    ]);
}

/// What is advised instead: for the word, for the check, for the criterion.
#[test]
fn unsaid_suggests() {
    #[rustfmt::skip]
    let cases = [
        ("[unsaid]\nsay = [\"алло\", \"привет\"]\nsuggest = \"здравствуйте\"\n[unsaid.suggest_for]\nпривет = \"добрый день\"\n".replace("\nпривет =", "\n\"привет\" ="), "О: алло привет", vec!["здравствуйте", "добрый день"]),
        ("[unsaid]\nsay = [\"алло\"]\n".to_owned(), "О: алло", vec!["вместо этого"]),
    ];
    for (criterion, call, expected) in cases {
        let pack = talk::pack(&criterion);
        let call = talk::call(call);
        let got = talk::with_card(&pack, &call, |card| {
            let evidence = card.judgements[0].evidence.iter();
            evidence
                .map(|evidence| evidence.suggest.as_deref().unwrap_or("").to_owned())
                .collect::<Vec<_>>()
        });
        assert_eq!(got, expected);
    }
}

#[test]
fn each_hold() {
    #[rustfmt::skip]
    table("[each]\nof = \"hold\"\nwhere = \"before\"\nsay = [\"уточню\"]\n", &[
        ("in the turn that asks", "О: уточню подождите\n[музыка]\nО: готово", "pass: уточню"),
        ("in the turn before it", "О: уточню\nК: да\nО: подождите\n[музыка]\nО: готово", "pass: уточню"),
        ("two turns before it", "О: уточню\nК: да\nО: скажите номер вашей карты\nК: пять\nО: подождите\n[музыка]\nО: готово", "fail: turn 4"),
        ("before a turn of a few words", "О: уточню\nК: да\nО: минуты две\nК: ладно\nО: подождите\n[музыка]\nО: готово", "pass: уточню"),
        ("before much of the customer's", "О: уточню\nК: у меня дом пять корпус два подъезд три\nО: минуты две\nК: да\nО: подождите\n[музыка]\nО: готово", "fail: turn 4"),
        ("before one of two", "О: уточню подождите\n[музыка]\nО: готово\nК: да\nО: подождите\n[музыка]\nО: готово", "fail: turn 4"),
        ("before another hold does not count", "О: уточню подождите\n[музыка]\nО: минутку\n[музыка]\nО: готово", "fail: turn 2"),
        ("after it", "О: подождите\n[музыка]\nО: уточню", "fail: turn 0"),
        ("no hold", "О: уточню\nК: да", "na"),
    ]);
    #[rustfmt::skip]
    table("[each]\nof = \"hold\"\nwhere = \"first_turn_after\"\nsay = \"wait_thanks\"\nfirst_words = [\"спасибо\"]\nskip = \"still_there\"\n", &[
        ("said", "О: подождите\n[музыка]\nО: спасибо за ожидание", "pass: спасибо за ожидание"),
        ("one of the first words", "О: подождите\n[музыка]\nО: ну спасибо готово", "pass: спасибо"),
        ("not as the first word", "О: подождите\n[музыка]\nО: готово спасибо", "fail: turn 2"),
        ("a turn that only asks whether they are there is passed over", "О: подождите\n[музыка]\nО: вы на линии\nК: да\nО: спасибо за ожидание", "pass: спасибо за ожидание"),
        ("another turn is not", "О: подождите\n[музыка]\nО: готово\nК: да\nО: спасибо за ожидание", "fail: turn 2 | спасибо за ожидание"),
        ("the call ended on hold", "О: подождите\n[музыка]\nК: надоело", "na"),
        ("after every one", "О: подождите\n[музыка]\nО: спасибо за ожидание минутку\n[музыка]\nО: готово", "fail: turn 4"),
    ]);
    #[rustfmt::skip]
    table("[each]\nof = \"hold\"\nwhere = \"before\"\nall = [[\"уточню\"], [\"минуту\"]]\n", &[
        ("all of several", "О: уточню займет минуту подождите\n[музыка]\nО: готово", "pass: уточню | минуту"),
        ("one of several", "О: уточню подождите\n[музыка]\nО: готово", "fail: turn 0"),
    ]);
    #[rustfmt::skip]
    table("[each]\nof = \"hold\"\nwhere = \"before\"\nsay = [\"уточню\"]\nenough = \"one\"\n", &[
        ("one of two will do", "О: уточню подождите\n[музыка]\nО: готово\nК: да\nО: подождите\n[музыка]\nО: готово", "pass: уточню"),
        ("none", "О: подождите\n[музыка]\nО: готово", "fail: turn 0"),
    ]);
}

#[test]
fn each_of_the_others() {
    #[rustfmt::skip]
    table("[each]\nof = \"rehold\"\nwhere = \"before\"\nsay = [\"еще некоторое время\"]\n", &[
        ("warned", "О: подождите\n[музыка]\nО: еще некоторое время подождите\n[музыка]\nО: готово", "pass: еще некоторое время"),
        ("not warned", "О: подождите\n[музыка]\nО: еще подождите\n[музыка]\nО: готово", "fail: turn 2"),
        ("two holds with talk between", "О: подождите\n[музыка]\nО: готово\nК: да\nО: подождите\n[музыка]\nО: готово", "na"),
        ("one hold", "О: подождите\n[музыка]\nО: готово", "na"),
    ]);
    #[rustfmt::skip]
    table("[each]\nof = \"transfer\"\nwhere = \"before\"\nsay = \"transfer_notice\"\n", &[
        ("said", "О: перевожу на специалиста\nК: да\n[гудки]\nО: слушаю", "pass: перевожу на специалиста"),
        ("not said", "О: сейчас\n[гудки]\nО: слушаю", "fail: turn 0"),
        ("no transfer", "О: сейчас\nК: да", "na"),
    ]);
    #[rustfmt::skip]
    table("[each]\nof = \"transfer\"\nwhere = \"reply\"\n", &[
        ("answered", "О: перевожу на специалиста\nК: да\n[гудки]\nО: слушаю", "pass"),
        ("not answered", "О: перевожу на специалиста\n[гудки]\nО: слушаю", "fail: turn 0"),
        ("not announced", "О: сейчас\n[гудки]\nО: слушаю", "na"),
    ]);
    #[rustfmt::skip]
    table("[each]\nof = \"callback_promise\"\nwhere = \"around\"\nsay = [\"в течение часа\"]\n", &[
        ("in the same turn", "О: перезвоним вам в течение часа", "pass: в течение часа"),
        ("soon after", "О: перезвоним вам\nК: когда\nО: в течение часа", "pass: в течение часа"),
        ("much later", "О: перезвоним вам\nК: да\nО: раз\nК: да\nО: два\nК: да\nО: в течение часа", "fail: turn 0"),
        ("somebody else's words", "О: там написано перезвоним вам", "na"),
        ("the customer's words", "К: перезвоним вам\nО: да", "na"),
    ]);
}

#[test]
fn order() {
    #[rustfmt::skip]
    table("[order]\nsay = [\"thanks_call\", [\"удачи\"], \"goodbye\"]\n", &[
        ("in order", "О: спасибо за звонок удачи до свидания", "pass: спасибо за звонок | удачи | до свидания"),
        ("over several turns", "О: спасибо за звонок\nК: да\nО: удачи\nК: да\nО: до свидания", "pass: спасибо за звонок | удачи | до свидания"),
        ("out of order", "О: удачи спасибо за звонок до свидания", "fail: спасибо за звонок | удачи | до свидания"),
        ("said again in order", "О: удачи спасибо за звонок удачи до свидания", "pass: спасибо за звонок | удачи | до свидания"),
        ("one is missing", "О: спасибо за звонок до свидания", "na"),
        ("the customer says one", "О: спасибо за звонок\nК: удачи\nО: до свидания", "na"),
    ]);
}

#[test]
fn introduced() {
    #[rustfmt::skip]
    table("[introduced]\nzone = \"opening\"\n", &[
        ("in a frame", "О: меня зовут Анна", "pass: Анна"),
        ("bare in the greeting", "О: Анна здравствуйте", "pass: Анна"),
        ("the customer does", "О: слушаю\nК: меня зовут Иван", "fail: turn 0"),
        ("a particle is no name", "О: это ли вы заказали", "fail: turn 0"),
        ("too late", "О: раз\nК: один\nО: два\nК: второй\nО: меня зовут Анна", "fail: turn 0 | Анна"),
        ("not", "О: слушаю", "fail: turn 0"),
    ]);
    #[rustfmt::skip]
    table("[introduced]\nparts = [\"first\", \"surname\"]\n", &[
        ("both", "О: меня зовут Анна Светлова", "pass: Анна Светлова"),
        ("a sound between", "О: меня зовут Анна э Светлова", "pass: Анна э Светлова"),
        ("what is there is shown", "О: меня зовут Анна", "fail: Анна"),
        ("of the grey-haired ones", "О: меня зовут Анна Седых", "pass: Анна"),
        ("a noun that ends so is none", "О: меня зовут Анна жених заказывал", "fail: Анна"),
        ("a short word is none", "О: меня зовут Анна моих заявок", "fail: Анна"),
    ]);
    #[rustfmt::skip]
    table("[introduced]\n", &[
        ("whom an outbound call names", "direction = \"outbound\"\nagent = \"Роман\"\n---\nО: Смирнов Алексей Викторович?\nК: да", "fail"),
        ("the agent's own, whatever the login is", "direction = \"outbound\"\nagent = \"op_17\"\n---\nО: Смирнов Алексей Викторович.\nК: да", "pass: Алексей Викторович"),
        ("whom they greet", "direction = \"outbound\"\n---\nО: Здравствуйте, Алексей Викторович! Это энергосбыт.\nК: да", "fail"),
        ("who greets first and then says a name", "direction = \"outbound\"\n---\nО: Здравствуйте. Алексей Викторович. Энергосбыт.\nК: да", "pass: Алексей Викторович"),
        ("whom they ask for", "direction = \"outbound\"\n---\nО: Алексей Викторович? Это энергосбыт.\nК: да", "fail"),
        ("one more name than that", "direction = \"outbound\"\n---\nО: Здравствуйте, Алексей Викторович! Ирина Павловна. Энергосбыт.\nК: да", "pass: Ирина Павловна"),
        ("whose department it is", "О: здравствуйте отдел марины сергеевны\nК: да", "fail"),
        ("and under a pet form", "direction = \"outbound\"\nagent = \"Лёша\"\n---\nО: Смирнов Алексей Викторович.\nК: да", "pass: Алексей Викторович"),
    ]);
    table(
        "[introduced]\nwho = \"customer\"\n",
        &[
            (
                "«I» behind the name",
                "О: слушаю\nК: Тогда туда. Рашид я. Номер хочу.",
                "pass: Рашид",
            ),
            (
                "a question is none",
                "О: слушаю\nК: Это кому? Олег я? Нет.",
                "fail",
            ),
            ("the customer", "О: как вас зовут\nК: Иван", "pass: Иван"),
            ("the agent", "О: меня зовут Анна\nК: да", "fail"),
            (
                "again and again",
                "О: как вас зовут\nК: иван иван иван иван",
                "pass: иван",
            ),
            (
                "letters spelt",
                "О: как вас зовут\nК: иван ольга леонид дмитрий",
                "fail",
            ),
            (
                "a name that the agent called them by",
                "О: Нодира Каримовна? Это Олеся.\nК: Да, это Нодира. Удобно.",
                "pass: Нодира",
            ),
            (
                "who greets the agent does not",
                "О: рада помочь специалист анна меня зовут анна\nК: здравствуйте анна",
                "fail",
            ),
            (
                "somebody else's name",
                "О: алло сергей меня олеся зовут\nК: олеся какая",
                "fail",
            ),
        ],
    );
}

#[test]
fn address() {
    const GIVEN: &str = "О: слушаю\nК: меня зовут Александр\n";
    let given =
        |rest: &str| -> &'static str { Box::leak(format!("{GIVEN}{rest}").into_boxed_str()) };
    #[rustfmt::skip]
    table("[address]\ncheck = \"uses\"\nat_least = 2\n", &[
        ("twice", given("О: Александр, уточните номер\nК: да\nО: спасибо, Александр"), "pass: Александр | Александр"),
        ("once", given("О: Александр, уточните номер"), "fail: Александр"),
        ("never", given("О: уточните номер"), "fail"),
        ("talked about", given("О: договор на имя Александра\nК: да\nО: на имя Александра"), "fail: на имя Александра"),
        ("a sound between name and patronymic", "О: слушаю\nК: меня зовут Зоя Павловна\nО: зоя э павловна уточните номер", "fail: зоя э павловна"),
        ("in the wrong form it counts too", given("О: Саша, уточните номер\nК: да\nО: спасибо, Саша"), "pass: Саша | Саша"),
    ]);
    #[rustfmt::skip]
    table("[address]\ncheck = \"form\"\n", &[
        ("as given", given("О: Александр, уточните номер"), "pass: Александр"),
        ("a short form", given("О: Саша, уточните номер"), "fail: Саша"),
        ("both", given("О: Александр, уточните номер\nК: да\nО: спасибо, Саша"), "fail: Саша"),
        ("none", given("О: уточните номер"), "na"),
        ("nobody gave a name", "О: раз\nК: один\nО: два\nК: второй\nО: Иван, уточните номер", "na"),
    ]);
    #[rustfmt::skip]
    table("[address]\ncheck = \"label\"\nlabels = [\"девушка\", \"абонент\"]\n", &[
        ("to the customer", "О: девушка уточните номер", "fail: девушка"),
        ("written", "О: Уточните, девушка, номер.", "fail: девушка"),
        ("behind a sound", "О: уточните эм девушка номер", "fail: девушка"),
        ("written behind a sound", "О: Уточните, э девушка, номер.", "fail: девушка"),
        ("behind a filler that is a word", "О: уточните это девушка из банка", "pass"),
        ("of somebody else", "О: номер абонента занят", "pass"),
        ("beside a name", given("О: девушка Александр, уточните номер"), "pass"),
        ("the customer may", "К: девушка уточните\nО: да", "pass"),
        ("none", "О: уточните номер", "pass"),
    ]);
}

#[test]
fn limit() {
    #[rustfmt::skip]
    table("[limit]\nmeasure = \"pause\"\nmax = \"pause_s\"\n", &[
        ("within", "[0-2] О: смотрю\n[12-13] О: готово", "pass"),
        ("over", "[0-2] О: смотрю\n[12.1-13] О: готово", "fail: 2-12.1"),
        ("a hold is none", "[0-2] О: подождите\n[42-43] О: готово", "pass"),
        ("without times", "О: смотрю\nК: да", "unknown"),
    ]);
    #[rustfmt::skip]
    table("[limit]\nmeasure = \"hold\"\nmax = \"limit_s\"\n", &[
        ("within", "[0-2] О: подождите\n[22-23] О: готово", "pass"),
        ("over", "[0-2] О: подождите\n[22.1-23] О: готово", "fail: 2-22.1"),
        ("by line", "line = \"other\"\n---\n[0-2] О: подождите\n[22.1-23] О: готово", "pass"),
        ("an unknown line is the default one", "line = \"third\"\n---\n[0-2] О: подождите\n[22.1-23] О: готово", "fail: 2-22.1"),
        ("without times", "О: подождите\n[музыка]\nО: готово", "unknown"),
        ("no hold", "[0-2] О: раз\n[3-4] К: да", "na"),
        ("no hold, without times", "О: раз\nК: да", "na"),
    ]);
    #[rustfmt::skip]
    table("[limit]\nmeasure = \"interruption\"\nmax = 0\n", &[
        ("none", "[0-5] К: рассказ\n[6-7] О: ясно вижу", "pass"),
        ("one", "[0-5] К: рассказ\n[3-7] О: ясно вижу", "fail: 3-5"),
        ("who goes on does not begin", "[0-4] О: ясно вижу\n[4-8] О: и готово дальше\n[3-7] К: рассказ", "pass"),
        ("over words that began before both turns", "[0-9] К: рассказ\n[3-5] О: ясно вижу\n[6-8] О: и дальше", "fail: 3-9 | 6-9"),
        ("without times", "К: рассказ\nО: ясно вижу", "unknown"),
    ]);
    #[rustfmt::skip]
    table("[limit]\nmeasure = \"duration\"\nmax = 60\n", &[
        ("as the file says", "duration = 61\n---\nО: раз\nК: да", "fail: 0-61"),
        ("at the bound", "duration = 60\n---\nО: раз\nК: да", "pass"),
        ("the file goes before the turns", "duration = 50\n---\n[0-2] О: раз\n[70-71] К: да", "pass"),
        ("by the turns", "[0-2] О: раз\n[70-71] К: да", "fail: 0-71"),
        ("by an event behind them", "events = [{ type = \"hangup\", start = 65 }]\n---\n[0-2] О: раз\n[3-4] К: да", "fail: 0-65"),
        ("unknown", "О: раз\nК: да", "unknown"),
    ]);
    #[rustfmt::skip]
    table("[limit]\nmeasure = \"meta.rings\"\nmax = 1\n", &[
        ("within", "meta = { rings = 1 }\n---\nО: раз", "pass"),
        ("over", "meta = { rings = 2 }\n---\nО: раз", "fail"),
        ("not said", "О: раз", "unknown"),
        ("no number", "meta = { rings = \"два\" }\n---\nО: раз", "unknown"),
        // The metadata do not depend on who spoke.
        ("all words are the customer's", "meta = { rings = 2 }\n---\nК: раз\nК: два", "fail"),
    ]);
}

#[test]
fn when_it_applies() {
    #[rustfmt::skip]
    table("[[when]]\nline = \"other\"\n[[when]]\nmeta.vip = [true, \"да\"]\n[said]\nsay = \"greeting\"\n", &[
        ("any of them: the line", "line = \"other\"\n---\nО: здравствуйте", "pass: здравствуйте"),
        ("any of them: metadata", "meta = { vip = true }\n---\nО: здравствуйте", "pass: здравствуйте"),
        ("any of several values", "meta = { vip = \"да\" }\n---\nО: здравствуйте", "pass: здравствуйте"),
        ("none", "meta = { vip = false }\n---\nО: здравствуйте", "na"),
        ("nothing known", "О: здравствуйте", "na"),
    ]);
    #[rustfmt::skip]
    table("[[when]]\nline = [\"plain\", \"other\"]\ndirection = \"outbound\"\n[said]\nsay = \"greeting\"\n", &[
        ("all keys of one", "direction = \"outbound\"\n---\nО: здравствуйте", "pass: здравствуйте"),
        ("one key of two", "О: здравствуйте", "na"),
    ]);
    #[rustfmt::skip]
    table("[[when]]\nfact = [\"timed\", \"customer_introduced\"]\n[said]\nsay = \"greeting\"\n", &[
        ("both facts", "[0-1] О: здравствуйте\n[1-2] К: меня зовут Иван", "pass: здравствуйте"),
        ("one of two", "О: здравствуйте\nК: меня зовут Иван", "na"),
    ]);
    #[rustfmt::skip]
    table("[[when]]\nmeta.asked_by = \"nobody\"\n[said]\nsay = \"greeting\"\n", &[
        ("what the pack takes for granted", "О: здравствуйте", "pass: здравствуйте"),
        ("the call knows better", "meta = { asked_by = \"me\" }\n---\nО: здравствуйте", "na"),
    ]);
    #[rustfmt::skip]
    table("[[when]]\nmeta.level = 1\n[said]\nsay = \"greeting\"\n", &[
        ("numbers compare by value", "meta = { level = 1.0 }\n---\nО: здравствуйте", "pass: здравствуйте"),
    ]);
    #[rustfmt::skip]
    table("[[when]]\nsaid = [\"пакет\"]\nzone = \"opening\"\n[said]\nsay = \"greeting\"\n", &[
        ("the agent's words in a zone", "О: здравствуйте пакет", "pass: здравствуйте"),
        ("elsewhere", "О: здравствуйте\nК: раз\nО: один\nК: два\nО: пакет", "na"),
        ("the customer's words", "О: здравствуйте\nК: пакет", "na"),
    ]);
    #[rustfmt::skip]
    table("[[when]]\ncustomer_said = [\"нет\"]\nanswering = [\"удобно\"]\n[said]\nsay = \"greeting\"\n", &[
        ("the answer", "О: вам удобно\nК: нет\nО: здравствуйте", "pass: здравствуйте"),
        ("a customer's turn before it", "О: вам удобно\n[шум]\nК: ой\nК: нет\nО: раз", "fail: turn 4"),
        ("the question stands before another word of the agent", "О: удобно\n[шум]\nО: вам\nК: нет\nО: здравствуйте", "pass: здравствуйте"),
        ("the answer to something else", "О: вам удобно\nК: да\nО: вы дома\nК: нет\nО: здравствуйте", "na"),
        ("nothing was asked", "К: нет\nО: вам удобно\nО: здравствуйте", "na"),
        ("the customer asks", "О: раз\nК: удобно нет\nО: здравствуйте", "na"),
    ]);
    #[rustfmt::skip]
    table("[[unless]]\ncustomer_said = [\"пакет\"]\n[said]\nsay = \"greeting\"\n", &[
        ("the customer's words", "О: здравствуйте\nК: пакет", "na"),
        ("the agent's words", "О: здравствуйте пакет", "pass: здравствуйте"),
    ]);
    #[rustfmt::skip]
    table("[[when]]\nline = \"other\"\n[[unless]]\nmeta.bad = true\n[said]\nsay = \"greeting\"\n", &[
        ("both have their say", "line = \"other\"\nmeta = { bad = true }\n---\nО: здравствуйте", "na"),
        ("applies", "line = \"other\"\n---\nО: слушаю", "fail"),
    ]);
    #[rustfmt::skip]
    table("[[excuse]]\nmeta.bad = true\n[said]\nsay = \"greeting\"\n", &[
        ("a fault is excused", "meta = { bad = true }\n---\nО: слушаю", "na"),
        ("what is met stays met", "meta = { bad = true }\n---\nО: здравствуйте", "pass: здравствуйте"),
        ("a fault without excuse", "О: слушаю", "fail"),
    ]);
}

#[test]
fn variants() {
    let criterion = "reason = \"общая\"\n[[variant]]\nreason = \"своя\"\n[[variant.when]]\nline = \"other\"\n[variant.said]\nsay = [\"алло\"]\n[[variant]]\n[[variant.when]]\ndirection = \"outbound\"\n[variant.unsaid]\nsay = \"greeting\"\n[said]\nsay = \"greeting\"\n";
    #[rustfmt::skip]
    table(criterion, &[
        ("the first that fits", "line = \"other\"\n---\nО: алло", "pass: алло"),
        ("its own fault", "line = \"other\"\n---\nО: здравствуйте", "fail"),
        ("the first, though two fit", "line = \"other\"\ndirection = \"outbound\"\n---\nО: алло здравствуйте", "pass: алло"),
        ("the second", "direction = \"outbound\"\n---\nО: здравствуйте", "fail: здравствуйте"),
        ("none: the check outside", "О: здравствуйте", "pass: здравствуйте"),
    ]);
    let own = reason(criterion, "line = \"other\"\n---\nО: да");
    assert!(own.starts_with("своя: "), "{own}");
    let common = reason(criterion, "О: да");
    assert!(common.starts_with("общая: "), "{common}");
    #[rustfmt::skip]
    table("[[variant]]\n[[variant.when]]\nline = \"other\"\n[variant.said]\nsay = \"greeting\"\n", &[
        ("no variant fits", "О: здравствуйте", "na"),
    ]);
}

/// A fault outweighs what cannot be told, and that outweighs what does not apply.
#[test]
fn several_checks() {
    let criterion = "[said]\nsay = \"greeting\"\n[limit]\nmeasure = \"pause\"\nmax = 10\n";
    #[rustfmt::skip]
    table(criterion, &[
        ("both are met", "[0-1] О: здравствуйте\n[2-3] К: да", "pass: здравствуйте"),
        ("one is broken", "[0-1] О: слушаю\n[2-3] К: да", "fail"),
        ("the other is broken", "[0-1] О: здравствуйте\n[20-21] К: да", "fail: 1-20"),
        ("one cannot be told", "О: здравствуйте\nК: да", "unknown"),
        ("one is broken, one cannot be told", "О: слушаю\nК: да", "fail"),
    ]);
}

/// `(criterion, call, reason)`: what came nearest, where, and how it is told; in English, the packs' own tests are in Russian.
#[test]
fn reasons() {
    let hold = |rest: &str| {
        format!("[each]\nof = \"hold\"\nwhere = \"before\"\nsay = [\"[точный срок]\"]\n{rest}")
    };
    let after = "[each]\nof = \"hold\"\nwhere = \"first_turn_after\"\nsay = \"wait_thanks\"\n";
    let near = "near = [{ say = [\"скоро\"], note = \"{words} — не срок\" }, { say = \"wait_request\", note = \"лишь {words}\" }]\n";
    let goodbye =
        |rest: &str| format!("[said]\nsay = [\"до свидания\"]\nzone = \"closing\"\n{rest}");
    let far = "О: раз\nК: один\nО: два\nК: второй\nО: три\nК: третий\nО: четыре\nК: четвертый\nО: пять\nК: пятый\n";
    #[rustfmt::skip]
    let cases = [
        // said
        ("[said]\nsay = \"greeting\"\n".into(), "О: здравствуйте".into(), ""),
        ("[said]\nsay = \"greeting\"\n".into(), "О: слушаю\nК: да".into(), "not said: nothing like it in the whole call (turns of the agent: 1)"),
        ("reason = \"не поздоровался\"\n[said]\nsay = \"greeting\"\nzone = \"opening\"\n".into(), "О: слушаю".into(), "не поздоровался: the agent began with «слушаю»"),
        ("reason = \"первое: нет\"\n[said]\nsay = \"greeting\"\nzone = \"opening\"\n".into(), "О: слушаю".into(), "первое: нет — the agent began with «слушаю»"),
        ("[said]\nsay = \"greeting\"\n".into(), "О: слушаю\nК: здравствуйте".into(), "not said: only the customer said it: «здравствуйте»"),
        ("[said]\nsay = \"greeting\"\nzone = \"opening\"\n".into(), long("О: здравствуйте").into(), "not said: said later, in turn 7: «здравствуйте»"),
        ("[said]\nsay = \"greeting\"\nzone = \"opening\"\n".into(), format!("{far}О: здравствуйте"), "not said: the agent began with «раз»"),
        ("[said]\nsay = \"greeting\"\n".into(), "О: там написано здравствуйте".into(), "not said: said only as somebody else's words: «здравствуйте»"),
        ("[said]\nsay = [\"спасибо\"]\nat_least = 2\n".into(), "О: спасибо\nК: да".into(), "not said: 1 of 2"),
        (goodbye(""), "О: ну пока\nК: да".into(), "not said: the agent's last words: «ну пока»"),
        (goodbye("near = [\"пока\"]\n"), "О: ну пока\nК: да".into(), "not said: said was «пока»"),
        (goodbye("near = [{ say = [\"пока\"], note = \"лишь {words}\" }]\n"), "О: ну пока\nК: да".into(), "not said: лишь «пока»"),
        (goodbye("near = [{ say = [\"пока\"], note = \"лишь {around}\" }]\n"), "О: Вот, ну пока всем. Да.\nК: да".into(), "not said: лишь «ну пока всем»"),
        (goodbye("near = [{ say = [\"пока\"], note = \"клиент: {words}\", who = \"customer\" }]\n"), "О: да\nК: пока".into(), "not said: клиент: «пока»"),
        (goodbye("missed_at = \"reply\"\n"), "О: раз\nК: да\nО: два".into(), "not said: to the customer's first words the agent replied «два»"),
        (goodbye("missed_at = \"opening\"\n"), "О: раз\nК: да\nО: два\nК: да\nО: три".into(), "not said: the agent began with «раз», and went on with «два»"),
        ("[[when]]\ncustomer_said = [\"какой город\"]\n[said]\nsay = [\"не сообщаем\"]\n".into(), "О: раз\nК: а какой город\nО: разный".into(), "not said: the customer: «какой город», the agent's answer: «разный»"),
        ("[[when]]\ncustomer_said = [\"какой город\"]\n[said]\nsay = [\"не сообщаем\"]\n".into(), "О: раз\nК: какой город".into(), "not said: the customer: «какой город», and the agent said nothing after that"),
        // unsaid
        ("[unsaid]\nsay = [\"алло\"]\n".into(), "О: алло\nК: да\nО: Алло".into(), "must not be said: «алло», «Алло»"),
        ("[unsaid]\nsay = [\"[число]\"]\n".into(), "О: один\nК: да\nО: два\nК: да\nО: три\nК: да\nО: пять".into(), "must not be said: «один», «два», «три», and more: 1"),
        // each
        (hold(near), "О: проверю подождите минутку\n[музыка]\nО: готово".into(), "not said every time: лишь «подождите минутку»"),
        (hold(near), "О: я скоро подождите\n[музыка]\nО: готово".into(), "not said every time: «скоро» — не срок"),
        (hold(""), "О: проверю подождите\n[музыка]\nО: готово".into(), "not said every time: all the agent said was «проверю подождите»"),
        (hold("length = true\n"), "[0-2] О: подождите\n[3-3.5] К: да\n[223-224] О: готово".into(), "not said every time: all the agent said was «подождите», the wait was 3 min 40 s"),
        (hold("length = true\n"), "[0-2] О: подождите две минуты\n[3-3.5] К: да\n[223.5-224] О: готово".into(), "said was «две минуты», the wait was 3 min 40 s"),
        (hold("length = true\n"), "О: подождите две минуты\n[музыка]\nО: готово".into(), ""),
        (after.into(), "О: подождите\n[музыка]\nО: готово\nК: да\nО: спасибо за ожидание".into(), "not said every time: said later, in turn 5: «спасибо за ожидание»"),
        (after.into(), "О: подождите\n[музыка]\nО: готово подождите еще\n[музыка]\nО: спасибо за ожидание".into(), "not said every time: the hold in turn 3: the agent came back with «готово подождите еще»"),
        // order
        ("[order]\nsay = [\"greeting\", [\"до свидания\"]]\n".into(), "О: до свидания здравствуйте".into(), "said in another order: «до свидания» was said before «здравствуйте»"),
        ("[order]\nsay = [\"greeting\", \"goodbye\"]\n".into(), "О: слушаю".into(), "not all of it is said, so there is no order to judge"),
        ("[order]\nsay = [\"greeting\", \"goodbye\"]\nnames = [\"привет\", \"пока\"]\n".into(), "О: здравствуйте".into(), "there is no order to judge: not said was пока"),
        // introduced
        ("[introduced]\nzone = \"opening\"\n".into(), "О: слушаю\nК: да".into(), "no name given: the agent began with «слушаю»"),
        ("[introduced]\nzone = \"opening\"\nnear = [{ say = [\"номер [число]\"], note = \"лишь {words}\" }]\n".into(), "О: оператор номер семь\nК: да".into(), "no name given: лишь «номер семь»"),
        ("[introduced]\nzone = \"opening\"\nparts = [\"first\", \"surname\"]\n".into(), "О: меня зовут Анна\nК: да".into(), "no name given: only a first name is given: «Анна»"),
        // address
        ("[address]\ncheck = \"uses\"\nat_least = 2\n".into(), "О: как вас зовут\nК: меня зовут Иван\nО: хорошо".into(), "addressed by name too few times: not once; the customer gave the name «Иван»"),
        ("[address]\ncheck = \"uses\"\nat_least = 2\n".into(), "О: как вас зовут\nК: меня зовут Иван\nО: Иван, подскажите адрес".into(), "addressed by name too few times: 1 of 2, «Иван»"),
        ("[address]\ncheck = \"form\"\n".into(), "О: как вас зовут\nК: меня зовут Александр\nО: Саша, подскажите адрес".into(), "not the name that the customer gave: the customer gave the name «Александр», said was «Саша»"),
        // limit
        ("[limit]\nmeasure = \"pause\"\nmax = 10\n".into(), "[0-1] О: слушаю\n[15.5-16] К: да\n[76-77] О: вот".into(), "longer than allowed: 14.5 s (from 00:01), 1 min (from 00:16), allowed 10 s"),
        ("[limit]\nmeasure = \"pause\"\nmax = 10\n".into(), "[0-1] О: слушаю\n[3.4-4] К: да".into(), ""),
        ("[limit]\nmeasure = \"pause\"\nmax = 10\n".into(), "О: слушаю".into(), "the transcript has no times, so pauses cannot be measured: every turn needs its start and end"),
        ("[limit]\nmeasure = \"hold\"\nmax = 120\n".into(), "[0-2] О: подождите\n[3-3.5] К: да\n[223.5-224] О: готово".into(), "longer than allowed: 3 min 40 s (from 00:03), allowed 2 min"),
        ("[limit]\nmeasure = \"hold\"\nmax = 120\n".into(), "О: подождите\n[музыка]\nО: готово".into(), "there was a hold, but its length is not in the transcript: it needs the times of turns or an event"),
        ("[limit]\nmeasure = \"duration\"\nmax = 300\n".into(), "duration = 312\n---\nО: да".into(), "longer than allowed: 5 min 12 s, allowed 5 min"),
        ("[limit]\nmeasure = \"meta.rings\"\nmax = 1\n".into(), "О: слушаю".into(), "the metadata have no number meta.rings, which this needs"),
        ("[limit]\nmeasure = \"meta.rings\"\nmax = 1\n".into(), "meta = { rings = 3 }\n---\nО: слушаю".into(), "more than allowed: by the metadata 3, allowed 1"),
        // conditions
        ("[[when]]\nline = \"other\"\n[said]\nsay = \"greeting\"\n".into(), "О: слушаю".into(), "not required of such a call"),
        ("[[when]]\nline = \"other\"\nreason = \"только там\"\n[said]\nsay = \"greeting\"\n".into(), "О: слушаю".into(), "только там"),
        ("[[when]]\ndirection = \"outbound\"\ncustomer_said = [\"занят\"]\nreason = \"не занят\"\n[said]\nsay = \"greeting\"\n".into(), "О: слушаю\nК: да".into(), "an inbound call"),
        ("[[when]]\ndirection = \"outbound\"\ncustomer_said = [\"занят\"]\nreason = \"не занят\"\n[said]\nsay = \"greeting\"\n".into(), "direction = \"outbound\"\n---\nО: слушаю\nК: да".into(), "не занят"),
        ("[[unless]]\nfact = \"customer_never_speaks\"\n[said]\nsay = \"greeting\"\n".into(), "О: слушаю".into(), "the customer never speaks"),
        ("[each]\nof = \"hold\"\nwhere = \"before\"\nsay = \"greeting\"\n".into(), "О: слушаю".into(), "no hold in this call"),
    ];
    let mut report = String::new();
    for (criterion, call, expected) in cases {
        let (criterion, call): (String, String) = (criterion, call);
        let got = reason(&criterion, &call);
        if got != expected {
            writeln!(
                report,
                "{criterion}{call}\n    got      {got}\n    expected {expected}"
            )
            .unwrap();
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

/// What a critical fault does to the points is the pack's choice.
#[test]
fn critical_faults() {
    let criterion = |id: &str, word: &str| {
        format!("{}[said]\nsay = [\"{word}\"]\n", talk::HEAD).replace("it.is", id)
    };
    let files = [
        ("it/is.toml", criterion("it.is", "здравствуйте")),
        ("it/too.toml", criterion("it.too", "спасибо")),
        ("of/is.toml", criterion("of.is", "удачи")),
    ];
    // setting, earned, possible
    #[rustfmt::skip]
    let cases = [("report", 2, 3), ("zero_section", 1, 3), ("zero_call", 0, 3)];
    for (setting, earned, possible) in cases {
        let text = talk::PACK
            .replace(
                "on_critical = \"report\"",
                &format!("critical = [\"it.is\"]\non_critical = \"{setting}\""),
            )
            .replace(
                "[[section]]",
                "[[section]]\nid = \"of\"\ntitle = \"Другое\"\n\n[[section]]",
            );
        let mut all: Vec<(&str, &str)> = files
            .iter()
            .map(|(path, text)| (*path, text.as_str()))
            .collect();
        all.push(("pack.toml", &text));
        let pack = etalon::pack::Pack::from_source(&talk::source(&all)).unwrap();
        let look = |call: &str| {
            talk::with_card(&pack, &talk::call(call), |card| {
                let critical: Vec<String> = card
                    .critical
                    .iter()
                    .map(|n| card.pack.criteria[*n].id.clone())
                    .collect();
                (card.earned, card.possible, critical)
            })
        };
        assert_eq!(
            look("О: спасибо удачи"),
            (earned, possible, vec!["it.is".to_owned()]),
            "{setting}"
        );
        assert_eq!(
            look("О: здравствуйте удачи"),
            (2, 3, Vec::new()),
            "{setting}: another fault is not critical"
        );
    }
}

/// What the record does not have may hold what is missing.
#[test]
fn cut_records() {
    #[rustfmt::skip]
    table("[said]\nsay = \"greeting\"\nzone = \"opening\"\n", &[
        ("no beginning", "[начала нет]\nО: да\nК: вот", "unknown"),
        ("said all the same", "[начала нет]\nО: здравствуйте\nК: вот", "pass: здравствуйте"),
        ("no end", "О: да\nК: вот\n[запись обрывается]", "fail: turn 0"),
        ("a gap behind the opening", "О: да\nК: вот\nО: раз\nК: два\n[пропуск]\nО: три", "fail: turn 0"),
        ("the agent thanks for a wait at once", "О: спасибо за ожидание, готово\nК: вот", "unknown"),
        ("the agent goes on at once", "О: хорошо тогда готово\nК: вот", "unknown"),
        ("and greets later", "О: спасибо за ожидание\nК: вот\nО: меня зовут Анна", "fail: turn 0"),
        ("as the second turn it says nothing", "К: вот\nО: хорошо тогда готово", "fail: turn 1"),
        ("a late beginning alone says nothing", "[45-46] О: да\n[47-48] К: вот", "fail: turn 0"),
        ("another marker", "[шум]\nО: да\nК: вот", "fail: turn 1"),
    ]);
    #[rustfmt::skip]
    table("[said]\nsay = \"goodbye\"\nzone = \"closing\"\n", &[
        ("no end", "О: да\nК: вот\n[запись обрывается]", "unknown"),
        ("no beginning", "[начала нет]\nО: да\nК: вот", "fail: turn 1"),
    ]);
    #[rustfmt::skip]
    table("[said]\nsay = \"greeting\"\n", &[
        ("anywhere", "О: да\n[пропуск]\nК: вот", "unknown"),
    ]);
    #[rustfmt::skip]
    table("[said]\nsay = \"greeting\"\nmissed_at = \"last_turn\"\n", &[
        ("what belongs to the end is not in the beginning", "[начала нет]\nО: да\nК: вот", "fail: turn 1"),
        ("but in the end", "О: да\nК: вот\n[запись обрывается]", "unknown"),
    ]);
    #[rustfmt::skip]
    table("[unsaid]\nsay = \"greeting\"\n", &[
        ("what is there counts", "[начала нет]\nО: здравствуйте", "fail: здравствуйте"),
        ("nobody is blamed for the rest", "[начала нет]\nО: да", "pass"),
    ]);
    #[rustfmt::skip]
    table("[introduced]\nzone = \"opening\"\n", &[
        ("no beginning", "[начала нет]\nО: да\nК: вот", "unknown"),
    ]);
    #[rustfmt::skip]
    table("[address]\ncheck = \"uses\"\nat_least = 2\n[[when]]\nfact = \"customer_introduced\"\n", &[
        ("the name may have been given", "[начала нет]\nО: Анна, уточните номер\nК: вот", "unknown"),
        ("given in what is there, used too seldom", "[начала нет]\nК: меня зовут Анна\nО: да", "unknown"),
        ("the beginning is there", "О: да\nК: вот\n[запись обрывается]", "na"),
    ]);
    #[rustfmt::skip]
    table("[address]\ncheck = \"form\"\n", &[
        ("no name is given", "[начала нет]\nО: раз\nК: да\nО: вот\nК: да\nО: Анна, уточните номер\nК: вот", "unknown"),
        ("no address", "[начала нет]\nК: да\nО: уточните номер\nК: вот", "na"),
    ]);
    #[rustfmt::skip]
    table("[[unless]]\nfact = \"introduced_unasked\"\n[said]\nsay = [\"как вас зовут\"]\n", &[
        ("nobody knows whether it was asked", "[начала нет]\nК: меня зовут Анна\nО: да", "unknown"),
        ("the beginning is there", "К: меня зовут Анна\nО: да", "na"),
    ]);
    #[rustfmt::skip]
    table("[each]\nof = \"hold\"\nwhere = \"before\"\nsay = [\"уточню\"]\n", &[
        ("the turn before may be missing", "[начала нет]\nО: подождите\n[музыка]\nО: готово", "unknown"),
        ("it is there", "[начала нет]\nО: да\nК: вот\nО: подождите\n[музыка]\nО: готово", "fail: turn 3"),
    ]);
    #[rustfmt::skip]
    table("[each]\nof = \"callback_promise\"\nwhere = \"around\"\nsay = [\"в течение часа\"]\n", &[
        ("the next turn may be missing", "О: перезвоним вам\nК: да\n[запись обрывается]", "unknown"),
    ]);
    #[rustfmt::skip]
    table("[limit]\nmeasure = \"duration\"\nmax = 60\n", &[
        ("a part of the call", "[0-2] О: да\n[3-4] К: вот\n[запись обрывается]", "unknown"),
        ("too long already", "[0-2] О: да\n[3-94] К: вот\n[запись обрывается]", "fail: 0-94"),
        ("the length is given", "duration = 40\n---\nО: да\nК: вот\n[запись обрывается]", "pass"),
    ]);
    #[rustfmt::skip]
    table("[[unless]]\n\"meta.dropped\" = true\n[said]\nsay = \"goodbye\"\n", &[
        ("the connection broke", "О: да\nК: вот\n[обрыв связи]", "na"),
        ("and they talk on", "О: да\nК: вот\n[обрыв связи]\nО: вот", "fail"),
    ]);
}

/// Words count only before or behind others.
#[test]
fn said_before_and_after() {
    #[rustfmt::skip]
    table("[said]\nsay = \"greeting\"\nbefore = [\"по делу\"]\n", &[
        ("before", "О: здравствуйте по делу", "pass: здравствуйте"),
        ("behind", "О: по делу здравствуйте", "fail: здравствуйте"),
        ("the other side's words are no bound", "К: по делу\nО: здравствуйте", "pass: здравствуйте"),
        ("no bound", "О: здравствуйте", "pass: здравствуйте"),
    ]);
    #[rustfmt::skip]
    table("[said]\nsay = \"greeting\"\nafter = [\"не могу\"]\n", &[
        ("behind", "К: не могу\nО: здравствуйте", "pass: здравствуйте"),
        ("before", "О: здравствуйте\nК: не могу", "fail: здравствуйте"),
        ("the agent's own words are no bound", "О: не могу здравствуйте", "fail: здравствуйте"),
        ("of two the first", "К: не могу\nО: здравствуйте\nК: не могу", "pass: здравствуйте"),
    ]);
}

/// Words that are forbidden only in answer to a question.
#[test]
fn unsaid_as_an_answer() {
    #[rustfmt::skip]
    table("[unsaid]\nsay = [\"алло\"]\nanswer = { to = [\"почем\"], say = [\"пять\"] }\n", &[
        ("in the next turn", "К: почем\nО: да пять", "fail: пять"),
        ("later", "К: почем\nО: да\nК: вот\nО: пять", "pass"),
        ("nobody asks", "К: вот\nО: пять", "pass"),
        ("the agent asks", "О: почем\nО: пять", "pass"),
        ("beside what is forbidden anywhere", "О: алло\nК: почем\nО: пять", "fail: алло | пять"),
    ]);
}

#[test]
fn runs_beside_holds() {
    let agent_runs = [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20];
    let hold = |talk, request, back| Hold {
        request,
        talk,
        back,
        time: None,
    };
    // From where the talk about it begins to the one that asks; the one that comes back, the next, and four runs of either side more.
    let table = [
        (vec![], vec![]),
        (vec![hold(None, Some(0), None)], vec![0]),
        (vec![hold(Some(2), Some(4), None)], vec![2, 4]),
        (vec![hold(Some(0), Some(4), None)], vec![0, 2, 4]),
        (
            vec![hold(Some(0), Some(2), Some(4))],
            vec![0, 2, 4, 6, 8, 10],
        ),
        (vec![hold(None, None, Some(18))], vec![18, 20]),
        (
            vec![
                hold(Some(0), Some(2), Some(4)),
                hold(None, Some(4), Some(10)),
            ],
            vec![0, 2, 4, 6, 8, 10, 12, 14, 16],
        ),
    ];
    for (holds, expected) in table {
        assert_eq!(runs_beside(&holds, &agent_runs), expected, "{holds:?}");
    }
}
