//! What happened when: tables over the tiny pack of `talk.rs`, whatever the wordings of `rules/` are.
//!
//! Runs are counted from 0; a turn or line of markers is a run of its own.

use std::fmt::Write as _;

use etalon::call::Speaker;
use etalon::timeline::{Fact, NameForm, PauseKind, Timeline};

use crate::talk;

/// `(name, call, expected)`.
type Row = (&'static str, &'static str, &'static str);

/// Looks at the timeline of each call and compares what is seen.
fn table(rows: &[Row], look: impl Fn(&Timeline<'_>) -> String) {
    let pack = talk::pack("[said]\nsay = \"greeting\"\n");
    let mut report = String::new();
    for (name, call, expected) in rows {
        let got = talk::with_timeline(&pack, &talk::call(call), &look);
        if got != *expected {
            writeln!(
                report,
                "{name}:\n    got      {got}\n    expected {expected}"
            )
            .unwrap();
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

fn list<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    items.join(" ")
}

/// Agent, customer or system, with the turns: `A0-1 C2`.
fn runs(timeline: &Timeline<'_>) -> String {
    list(timeline.text.runs.iter().map(|run| {
        let letter = match run.speaker {
            Speaker::Agent => 'A',
            Speaker::Customer => 'C',
            Speaker::System => 'S',
        };
        match run.turns() {
            turns if turns.len() == 1 => format!("{letter}{}", turns.start),
            turns => format!("{letter}{}-{}", turns.start, turns.end - 1),
        }
    }))
}

#[test]
fn merged_turns() {
    #[rustfmt::skip]
    let rows: &[Row] = &[
        ("without times", "О: здравствуйте\nО: чем могу помочь\nК: вопрос", "A0-1 C2"),
        ("less than 3 s", "[0-1] О: здравствуйте\n[3.9-5] О: чем могу помочь", "A0-1"),
        ("3 s", "[0-1] О: здравствуйте\n[4-5] О: чем могу помочь", "A0 A1"),
        ("a marker between", "О: здравствуйте\n[музыка]\nО: чем могу помочь", "A0 S1 A2"),
        ("the customer between", "О: здравствуйте\nК: да\nО: чем могу помочь", "A0 C1 A2"),
        ("the customer's turns too", "К: да\nК: вопрос\nО: здравствуйте", "C0-1 A2"),
        ("overlapping", "[0-5] О: здравствуйте\n[2-3] О: чем могу помочь", "A0-1"),
        ("a chain of short breaks", "[0-1] О: раз\n[3-4] О: два\n[6-7] О: три", "A0-2"),
    ];
    table(rows, runs);
    // A marker inside a turn parts it as well.
    let rows: &[Row] = &[("inside", "О: минутку [музыка] готово", "A0 A0")];
    table(rows, runs);
}

fn opening(timeline: &Timeline<'_>) -> String {
    list(
        timeline
            .agent_runs
            .iter()
            .filter(|run| timeline.in_opening(**run)),
    )
}

fn closing(timeline: &Timeline<'_>) -> String {
    list(
        timeline
            .agent_runs
            .iter()
            .filter(|run| timeline.in_closing(**run)),
    )
}

#[test]
fn opening_zone() {
    #[rustfmt::skip]
    let rows: &[Row] = &[
        ("two merged turns", "О: здравствуйте\nК: вопрос\nО: слушаю\nК: тариф\nО: готово", "0 2"),
        ("one utterance in two turns is one", "О: здравствуйте\nО: слушаю\nК: вопрос\nО: какой\nК: тариф\nО: готово", "0 2"),
        ("the customer first", "К: алло\nО: здравствуйте\nК: вопрос\nО: слушаю\nК: тариф\nО: готово", "1 3"),
        ("prompts to a silent customer are left out", "О: здравствуйте\n[тишина]\nО: вас не слышно говорите\n[тишина]\nО: вас не слышно\nК: вопрос\nО: слушаю\nК: тариф\nО: готово", "0 6"),
        ("also when the customer never speaks", "О: здравствуйте\n[тишина]\nО: вас не слышно говорите\n[тишина]\nО: перезвоните позже обязательно", "0 4"),
        ("a prompt with more in it is no mere prompt", "О: здравствуйте\n[тишина]\nО: вас не слышно говорите меня зовут Анна чем могу помочь\nК: вопрос\nО: слушаю\nК: тариф\nО: готово", "0 2"),
        ("a prompt behind the customer's words counts", "О: здравствуйте\nК: вопрос\nО: вас не слышно\nК: тариф\nО: готово", "0 2"),
        ("one turn", "О: здравствуйте", "0"),
        ("none", "К: алло", ""),
    ];
    table(rows, opening);
}

#[test]
fn closing_zone() {
    let body =
        "О: здравствуйте\nК: раз\nО: один\nК: два\nО: второй\nК: три\nО: третий\nК: четыре\n";
    let with = |rest: &str| -> &'static str { Box::leak(format!("{body}{rest}").into_boxed_str()) };
    #[rustfmt::skip]
    let rows: &[Row] = &[
        ("the last three", with("О: готово"), "4 6 8"),
        ("what only acknowledges is not counted", with("О: угу\nК: пять\nО: готово"), "4 6 8 10"),
        ("a longer answer is counted", with("О: угу тариф другой\nК: пять\nО: готово"), "6 8 10"),
        ("from the closing question on", "О: здравствуйте\nК: раз\nО: чем еще помочь\nК: два\nО: второй\nК: три\nО: третий\nК: четыре\nО: четвертый\nК: пять\nО: готово", "2 4 6 8 10"),
        ("the last of several questions", "О: здравствуйте\nК: раз\nО: чем еще помочь\nК: два\nО: второй\nК: три\nО: чем еще помочь\nК: четыре\nО: четвертый\nК: пять\nО: пятый\nК: шесть\nО: готово", "6 8 10 12"),
        ("a question inside the last three changes nothing", with("О: чем еще помочь"), "4 6 8"),
        ("the customer's question is none", "О: здравствуйте\nК: раз\nО: один\nК: чем еще помочь\nО: второй\nК: три\nО: третий\nК: четыре\nО: готово", "4 6 8"),
        ("a full farewell before the talk goes on", "О: здравствуйте\nК: раз\nО: спасибо за звонок до свидания\nК: а еще\nО: второй\nК: три\nО: третий\nК: четыре\nО: готово", "2 4 6 8"),
        ("half a farewell is none", "О: здравствуйте\nК: раз\nО: спасибо за звонок\nК: а еще\nО: второй\nК: три\nО: третий\nК: четыре\nО: готово", "4 6 8"),
        ("a short call is closing throughout", "О: здравствуйте\nК: раз\nО: готово", "0 2"),
    ];
    table(rows, closing);
}

/// `request→back start-end`, `?` for no time, `end` for a call that ended.
fn holds(timeline: &Timeline<'_>) -> String {
    list(timeline.holds.iter().map(|hold| {
        let run =
            |run: Option<usize>, none: &str| run.map_or(none.to_owned(), |run| run.to_string());
        let time = hold.time.map_or("?".to_owned(), |time| {
            format!("{}-{}", time.start.seconds(), time.end.seconds())
        });
        format!(
            "{}→{}:{time}",
            run(hold.request, "none"),
            run(hold.back, "end")
        )
    }))
}

#[test]
fn holds_without_times() {
    #[rustfmt::skip]
    let rows: &[Row] = &[
        ("asked, and a marker", "О: оставайтесь на линии\n[удержание]\nО: готово", "0→2:?"),
        ("with an answer before it", "О: оставайтесь на линии\nК: хорошо\n[музыка]\nО: готово", "0→3:?"),
        ("a marker of silence will do", "О: оставайтесь на линии\n[тишина]\nО: готово", "0→2:?"),
        ("a marker inside the turn", "О: оставайтесь на линии [удержание] готово", "0→1:?"),
        ("asked, and thanks", "О: минутку\nК: да\nО: спасибо за ожидание готово", "0→2:?"),
        ("asked, and the words of one who comes back", "О: подождите\nК: да\nО: я вернулась", "0→2:?"),
        ("asked, and whether the customer is there", "О: подождите\nК: да\nО: вы на линии", "0→2:?"),
        ("asked, and talking on", "О: минутку\nК: да\nО: у вас подключен пакет", ""),
        ("a marker, but nobody asked", "О: у вас подключен пакет\n[музыка]\nО: готово", ""),
        ("a marker of a hold that ends with thanks", "О: у вас подключен пакет\n[музыка]\nО: спасибо за ожидание", "0→2:?"),
        ("a marker of silence that nobody asked for", "О: у вас подключен пакет\n[тишина]\nО: спасибо за ожидание", ""),
        ("thanks out of the blue", "О: у вас подключен пакет\nК: да\nО: спасибо за ожидание", ""),
        ("the customer asks to wait", "О: назовите номер\nК: подождите\n[тишина]\nК: восемь\nО: готово", ""),
        ("another marker", "О: минутку\n[кашель]\nО: у вас подключен пакет", ""),
        ("the agent's mere yes is not the return", "О: подождите\n[удержание]\nК: вы тут\nО: да\nК: жду\nО: спасибо за ожидание", "0→5:?"),
        ("the call ends on hold", "О: оставайтесь на линии\n[удержание]\nК: надоело", "0→end:?"),
        ("one after the other", "О: минутку\n[удержание]\nО: спасибо за ожидание подождите\n[удержание]\nО: готово", "0→2:? 2→4:?"),
        ("asked long before the turn ends", "О: подождите это не займет много времени потому что база у нас теперь новая и совсем быстрая и все данные по вашему номеру в ней уже есть так что сейчас я все вам здесь подробно расскажу\n[музыка]\nО: готово", ""),
    ];
    table(rows, holds);
}

#[test]
fn holds_with_times() {
    #[rustfmt::skip]
    let rows: &[Row] = &[
        ("more than 5 s", "[0-2] О: подождите\n[7.1-9] О: готово", "0→1:2-7.1"),
        ("5 s", "[0-2] О: подождите\n[7-9] О: готово", ""),
        ("a short answer first", "[0-2] О: подождите\n[2.5-3] К: хорошо\n[10-12] О: готово", "0→2:3-10"),
        ("the words of one who comes back, but no pause", "[0-2] О: подождите\n[2.5-3] К: хорошо\n[4-6] О: я вернулась", ""),
        ("a long answer first", "[0-2] О: подождите\n[2.5-9] К: так вот я вам тогда пока расскажу что у меня еще с телефоном было\n[16-18] О: готово", ""),
        ("nobody asked", "[0-2] О: у вас подключен пакет\n[10-12] О: готово", ""),
        ("nobody asked, but thanks for the wait", "[0-2] О: у вас подключен пакет\n[10-12] О: спасибо за ожидание", "0→1:2-10"),
        ("thanks after 5 s", "[0-2] О: у вас подключен пакет\n[7-8] О: спасибо за ожидание", ""),
        ("thanks after a short pause", "[0-2] О: у вас подключен пакет\n[6-8] О: спасибо за ожидание", ""),
        ("the customer's chatter does not end it", "[0-2] О: подождите\n[20-21] К: вы там\n[30-32] О: готово", "0→2:2-30"),
        ("nor does the agent's mere yes", "[0-2] О: подождите\n[20-21] К: вы там\n[21-22] О: да\n[30-32] О: готово", "0→3:2-30"),
        ("an event goes before the words", "events = [{ type = \"hold\", start = 3, end = 9 }]\n---\n[0-2] О: подождите\n[10-12] О: готово", "0→1:3-9"),
        ("an event without words", "events = [{ type = \"hold\", start = 3, end = 4 }]\n---\n[0-2] О: у вас подключен пакет\n[5-7] О: готово", "0→1:3-4"),
        ("where there are events, words are none", "events = [{ type = \"hold\", start = 30, end = 40 }]\n---\n[0-2] О: подождите\n[10-12] О: готово\n[41-42] О: спасибо за ожидание", "1→2:30-40"),
        ("a mute that the agent thanks for is a hold", "events = [{ type = \"mute\", start = 3, end = 9 }]\n---\n[0-2] О: подождите\n[10-12] О: спасибо за ожидание", "0→1:2-10"),
        ("a mute is no hold, and the words are not asked", "events = [{ type = \"mute\", start = 3, end = 9 }]\n---\n[0-2] О: подождите\n[10-12] О: готово", ""),
        ("an event without end", "events = [{ type = \"hold\", start = 3 }]\n---\n[0-2] О: подождите\n[10-12] О: готово", "0→1:?"),
        ("two pieces of one wait", "events = [{ type = \"hold\", start = 3, end = 9 }, { type = \"hold\", start = 12, end = 20 }]\n---\n[0-2] О: подождите\n[10-11] К: долго еще\n[21-22] О: готово", "0→2:3-20"),
        ("the call ends on hold", "events = [{ type = \"hold\", start = 3, end = 90 }]\n---\n[0-2] О: подождите\n[2-3] К: хорошо", "0→end:3-90"),
        ("one after the other", "[0-2] О: подождите\n[10-12] О: спасибо за ожидание подождите\n[20-22] О: готово", "0→1:2-10 1→2:12-20"),
    ];
    table(rows, holds);
}

/// Kind and time of every silence of two seconds or more.
fn pauses(timeline: &Timeline<'_>) -> String {
    let long = timeline
        .pauses
        .iter()
        .filter(|pause| (pause.time.end - pause.time.start).0 >= 2_000);
    list(long.map(|pause| {
        let kind = match pause.kind {
            PauseKind::Silence => "silence",
            PauseKind::Unclear => "unclear",
            PauseKind::Hold => "hold",
            PauseKind::Customer => "customer",
            PauseKind::Transfer => "transfer",
        };
        format!(
            "{kind}:{}-{}",
            pause.time.start.seconds(),
            pause.time.end.seconds()
        )
    }))
}

#[test]
fn kinds_of_pauses() {
    #[rustfmt::skip]
    let rows: &[Row] = &[
        ("nobody asked for it", "[0-2] О: смотрю\n[14-15] О: готово", "silence:2-14"),
        ("behind the customer's words", "[0-2] К: вот такой вопрос\n[14-15] О: готово", "silence:2-14"),
        ("a hold", "[0-2] О: подождите\n[14-15] О: готово", "hold:2-14"),
        ("all of a hold", "[0-2] О: подождите\n[14-15] К: вы там\n[30-31] О: готово", "hold:2-14 hold:15-30"),
        ("the customer asked for it and ended it", "[0-2] К: сейчас посмотрю\n[14-15] К: восемь", "customer:2-14"),
        ("with a word of the agent between", "[0-2] К: сейчас посмотрю\n[2-3] О: хорошо\n[14-15] К: восемь", "customer:3-14"),
        ("the customer asked for it, the agent ended it", "[0-2] К: сейчас посмотрю\n[14-15] О: готово", "silence:2-14"),
        ("the agent asked the customer to look", "[0-2] О: сейчас посмотрю\n[14-15] К: восемь", "silence:2-14"),
        ("between the customer's words while they do as they were told", "[0-1] О: включите\n[1-2] К: включаю\n[14-15] К: загорелось", "unclear:2-14"),
        ("between the customer's words, told nothing", "[0-1] О: слушаю\n[1-2] К: включаю\n[14-15] К: загорелось", "silence:2-14"),
        ("behind their question", "[0-1] О: включите\n[1-2] К: а когда\n[14-15] К: загорелось", "silence:2-14"),
        ("they miss the agent", "[0-1] О: включите\n[1-2] К: включаю\n[14-15] К: алло вы тут", "silence:2-14"),
        ("put through, and nobody knows until when", "events = [{ type = \"transfer\", start = 1 }]\n---\n[0-2] О: соединяю\n[6-8] О: подождите\n[20-21] О: готово", "transfer:2-6 hold:8-20"),
        ("put through after a request to wait", "events = [{ type = \"transfer\", start = 3, end = 13 }]\n---\n[0-2] О: соединяю оставайтесь на линии\n[14-15] О: слушаю", "transfer:2-14"),
        ("a mute", "events = [{ type = \"mute\", start = 3, end = 9 }]\n---\n[0-2] О: подождите\n[14-15] О: готово", "silence:2-14"),
        ("a transfer", "events = [{ type = \"transfer\", start = 3, end = 13 }]\n---\n[0-2] О: перевожу вас\n[14-15] О: слушаю", "transfer:2-14"),
        ("a hold whose end nobody knows", "events = [{ type = \"hold\", start = 3 }]\n---\n[0-2] О: подождите\n[14-15] О: готово", "hold:2-14"),
        ("an overlap hides none", "[0-9] К: длинный рассказ\n[3-4] О: угу\n[14-15] О: готово", "silence:9-14"),
        ("a marker is no speech", "[0-2] О: смотрю\n[музыка]\n[14-15] О: готово", "silence:2-14"),
        ("one turn without times, and nobody can tell", "[0-2] О: смотрю\nК: жду\n[14-15] О: готово", ""),
    ];
    table(rows, pauses);
}

fn interruptions(timeline: &Timeline<'_>) -> String {
    list(timeline.interruptions.iter().map(|cut| {
        format!(
            "{}:{}-{}",
            cut.turn,
            cut.time.start.seconds(),
            cut.time.end.seconds()
        )
    }))
}

#[test]
fn interruptions_of_the_customer() {
    #[rustfmt::skip]
    let rows: &[Row] = &[
        ("a second before the end", "[0-5] К: длинный рассказ\n[4-6] О: назовите номер", "1:4-5"),
        ("less than a second", "[0-5] К: длинный рассказ\n[4.1-6] О: назовите номер", ""),
        ("after the end", "[0-5] К: длинный рассказ\n[5.2-6] О: назовите номер", ""),
        ("a mere yes", "[0-5] К: длинный рассказ\n[2-3] О: угу\n[6-7] О: назовите номер", ""),
        ("a mere yes, and going on within 3 s", "[0-5] К: длинный рассказ\n[2-3] О: угу\n[5-6] О: назовите номер", ""),
        ("the agent spoke first", "[0-6] О: назовите номер\n[2-8] К: длинный рассказ", ""),
        ("the customer cut in", "[0-6] О: назовите номер\n[4-8] К: длинный рассказ", ""),
        ("twice", "[0-5] К: длинный рассказ\n[3-4] О: назовите номер\n[6-9] К: еще один рассказ\n[7-8] О: назовите адрес", "1:3-5 3:7-9"),
        ("without times", "К: длинный рассказ\nО: назовите номер", ""),
    ];
    table(rows, interruptions);
}

/// Run, whether it was announced, whether the customer answered.
fn transfers(timeline: &Timeline<'_>) -> String {
    list(timeline.transfers.iter().map(|transfer| {
        let run = transfer
            .run
            .map_or("none".to_owned(), |run| run.to_string());
        let noticed = if transfer.noticed {
            "noticed"
        } else {
            "silent"
        };
        let answered = if transfer.answered {
            "answered"
        } else {
            "unanswered"
        };
        format!("{run}:{noticed},{answered}")
    }))
}

#[test]
fn transfers_of_the_call() {
    let event = "events = [{ type = \"transfer\", start = 10, end = 12 }]\n---\n";
    let with =
        |rest: &str| -> &'static str { Box::leak(format!("{event}{rest}").into_boxed_str()) };
    #[rustfmt::skip]
    let rows: &[Row] = &[
        ("announced and answered", "О: перевожу на специалиста\nК: хорошо\n[гудки]\nО: слушаю", "0:noticed,answered"),
        ("the transfer was quicker", "О: перевожу на специалиста\n[гудки]\nК: алло\nО: слушаю", "0:noticed,unanswered"),
        ("nobody answered", "О: перевожу на специалиста\n[гудки]\nО: слушаю", "0:noticed,unanswered"),
        ("a marker alone", "О: сейчас\n[гудки]\nО: слушаю", "0:silent,unanswered"),
        ("announced in the turn before", "О: перевожу на специалиста\nК: кого\nО: по тарифам\n[гудки]\nО: слушаю", "0:noticed,answered"),
        ("the customer demands it", "О: сейчас\nК: перевожу вас\nО: нет", ""),
        ("none", "О: сейчас\nК: да\nО: нет", ""),
        ("an event, announced", with("[0-2] О: перевожу на специалиста\n[3-4] К: хорошо\n[13-14] О: слушаю"), "0:noticed,answered"),
        ("an event, announced twice", with("[0-2] О: перевожу на специалиста\n[3-4] К: хорошо\n[5-6] О: перевожу на специалиста\n[13-14] О: слушаю"), "2:noticed,answered"),
        ("announced twice", "О: перевожу на специалиста\nК: хорошо\nО: перевожу на специалиста\n[гудки]\nО: слушаю", "0:noticed,answered"),
        ("announced three times", "О: перевожу на специалиста\nК: хорошо\nО: перевожу на специалиста\nК: жду\nО: перевожу на специалиста\n[гудки]\nО: слушаю", "0:noticed,answered"),
        ("announced anew behind the ringing", "О: перевожу на специалиста\nК: хорошо\n[гудки]\nО: перевожу на специалиста\n[гудки]\nО: слушаю", "0:noticed,answered 3:noticed,unanswered"),
        ("announced anew behind an event", "events = [{ type = \"transfer\", start = 10, end = 12 }, { type = \"transfer\", start = 20, end = 22 }]\n---\n[0-2] О: перевожу на специалиста\n[3-4] К: хорошо\n[13-14] О: перевожу на специалиста\n[23-24] О: слушаю", "0:noticed,answered 2:noticed,unanswered"),
        ("an event, no answer before it", with("[0-2] О: перевожу на специалиста\n[12-13] К: алло\n[13-14] О: слушаю"), "0:noticed,unanswered"),
        ("an event, not announced", with("[0-2] О: сейчас\n[3-4] К: хорошо\n[13-14] О: слушаю"), "0:silent,unanswered"),
        ("an announcement behind the event is none for it", with("[0-2] О: сейчас\n[3-4] К: хорошо\n[13-14] О: перевожу на специалиста"), "0:silent,unanswered"),
        ("an event without times of turns", with("О: перевожу на специалиста\nК: хорошо\nО: слушаю"), "0:noticed,answered"),
        ("an event without times of turns and words", with("О: сейчас\nК: хорошо\nО: слушаю"), "none:silent,unanswered"),
    ];
    table(rows, transfers);
}

fn facts(timeline: &Timeline<'_>) -> String {
    let holding = Fact::ALL
        .iter()
        .zip(Fact::NAMES)
        .filter(|(fact, _)| timeline.fact(**fact));
    // These hold of nearly every call of the table and have rows of their own.
    list(
        holding
            .map(|(_, name)| *name)
            .filter(|name| !["short_answer", "timed"].contains(name)),
    )
}

#[test]
fn facts_of_a_call() {
    #[rustfmt::skip]
    let rows: &[Row] = &[
        ("nothing special", "О: здравствуйте\nК: вопрос\nО: готово", ""),
        ("nobody there", "О: здравствуйте", "customer_never_speaks silent_after_greeting"),
        ("a customer without words", "О: здравствуйте\nК: [шум]\nО: говорите", "customer_never_speaks silent_after_greeting"),
        ("5 s of silence", "[0-2] О: здравствуйте\n[7-8] К: вопрос", "silent_after_greeting"),
        ("less than 5 s", "[0-2] О: здравствуйте\n[6.9-8] К: вопрос", ""),
        ("the agent's prompts are no answer", "[0-2] О: здравствуйте\n[5-6] О: говорите\n[8-9] К: вопрос", "silent_after_greeting"),
        ("a marker of silence", "О: здравствуйте\n[тишина]\nК: вопрос", "silent_after_greeting"),
        ("music is no silence", "О: здравствуйте\n[музыка]\nК: вопрос", ""),
        ("the customer first", "[0-1] К: алло\n[2-3] О: здравствуйте\n[12-13] К: вопрос", ""),
        ("unasked", "О: здравствуйте\nК: меня зовут Иван\nО: готово", "customer_introduced introduced_unasked"),
        ("asked", "О: как вас зовут\nК: Иван\nО: готово", "customer_introduced"),
        ("asked, no answer", "О: как вас зовут\nК: зачем\nО: готово", ""),
        ("named from the start", "О: здравствуйте Иван Петрович подскажите номер\nК: да\nО: готово", "named_from_start"),
        ("a first name alone, when one calls out", "direction = \"outbound\"\n---\nО: здравствуйте Олеся меня зовут Кристина\nК: да\nО: готово", "named_from_start"),
        ("who is called speaks first", "К: алло\nО: здравствуйте Олеся меня зовут Кристина\nК: да\nО: готово", "named_from_start"),
        ("nobody says who called", "О: здравствуйте Олеся меня зовут Кристина\nК: да\nО: готово", "named_from_start"),
        ("not when one is called", "direction = \"inbound\"\n---\nО: здравствуйте Олеся меня зовут Кристина\nК: да\nО: готово", "somebody_named"),
        ("who repeats the name gives it", "direction = \"outbound\"\n---\nО: вас зовут Антон Валерьевич\nК: он самый Антон Валерьевич\nО: готово", "customer_introduced introduced_unasked named_from_start"),
        ("the customer starts the farewell", "О: готово\nК: все спасибо\nО: спасибо за звонок", "customer_starts_farewell"),
        ("not in answer to the question", "О: чем еще помочь\nК: нет все спасибо\nО: спасибо за звонок", ""),
        ("not when the talk goes on", "О: готово\nК: все спасибо\nО: да\nК: и еще скажите пожалуйста сколько стоит у вас новый тариф\nО: сто\nК: понятно", ""),
        ("not after the agent's farewell", "О: готово\nК: ну\nО: спасибо за звонок до свидания\nК: до свидания", ""),
        ("the customer hung up", "meta = { ended_by = \"customer\" }\n---\nО: здравствуйте\nК: вопрос", "customer_hung_up"),
        ("after the agent's words", "meta = { ended_by = \"customer\" }\n---\nК: вопрос\nО: готово", ""),
        ("the agent hung up", "meta = { ended_by = \"agent\" }\n---\nО: здравствуйте\nК: вопрос", ""),
        ("a full farewell before the talk goes on", "О: готово\nК: ну\nО: спасибо за звонок до свидания\nК: а еще\nО: раз\nК: два\nО: три\nК: четыре\nО: пять", "full_farewell"),
        ("heard badly", "О: здравствуйте\nК: вопрос\nО: вас плохо слышно", "bad_audio"),
        ("the customer says so", "О: здравствуйте\nК: вас плохо слышно\nО: готово", ""),
        ("to nobody", "О: здравствуйте\nО: вас плохо слышно\nК: вопрос", ""),
    ];
    table(rows, facts);
    let short = |timeline: &Timeline<'_>| timeline.fact(Fact::ShortAnswer).to_string();
    #[rustfmt::skip]
    table(&[
        ("two turns", "К: раз\nО: один\nК: два\nО: второй", "true"),
        ("three turns", "К: раз\nО: один\nК: два\nО: второй\nК: три", "false"),
        ("none", "О: один", "false"),
    ], short);
    let timed = |timeline: &Timeline<'_>| timeline.fact(Fact::Timed).to_string();
    #[rustfmt::skip]
    table(&[
        ("all turns", "[0-1] К: раз\n[2-3] О: один", "true"),
        ("all but a marker", "[0-1] К: раз\n[музыка]\n[2-3] О: один", "true"),
        ("all but one", "[0-1] К: раз\nО: один", "false"),
        ("no turn", "[музыка]", "false"),
    ], timed);
}

/// `speaker:words` of introductions, then `words=form` of addresses.
fn names(timeline: &Timeline<'_>) -> String {
    let words = |tokens: std::ops::Range<usize>| timeline.text.text(tokens).to_owned();
    let own = timeline.naming.introductions.iter().map(|own| {
        let who = if own.speaker == Speaker::Agent {
            "agent"
        } else {
            "customer"
        };
        let surname = if own.surname { "+surname" } else { "" };
        format!("{who}:{}{surname}", words(own.tokens.clone()))
    });
    let used = timeline.naming.addresses.iter().map(|used| {
        let form = match used.form {
            NameForm::Given => "given",
            NameForm::Short => "short",
            NameForm::Surname => "surname",
            NameForm::Other => "other",
            NameForm::NotGiven => "not_given",
        };
        format!("{}={form}", words(used.tokens.clone()))
    });
    let all: Vec<String> = own.chain(used).collect();
    all.join(", ")
}

#[test]
fn who_introduced_themselves_and_how_names_are_used() {
    #[rustfmt::skip]
    let rows: &[Row] = &[
        ("in a frame", "О: меня зовут Анна", "agent:Анна"),
        ("in lower case", "О: меня зовут анна", "agent:анна"),
        ("name and surname", "О: меня зовут Анна Светлова", "agent:Анна Светлова+surname"),
        ("a preposition is no surname", "О: Меня зовут Анна. По какому вопросу?", "agent:Анна"),
        ("bare, in the greeting", "О: Анна здравствуйте\nК: вопрос", "agent:Анна"),
        ("the answer to the question", "О: как вас зовут\nК: Иван", "customer:Иван"),
        ("a name that no table has", "О: как вас зовут\nК: Зюрик", "customer:Зюрик"),
        ("a name that is talked about", "К: договор на имя Ивана\nО: готово", ""),
        ("asked for is not said", "О: вас зовут Иван\nК: нет", ""),
        ("used as given", "К: меня зовут Иван\nО: Иван, назовите номер", "customer:Иван, Иван=given"),
        ("with the patronymic", "К: меня зовут Иван Петрович\nО: Иван Петрович, назовите номер", "customer:Иван Петрович, Иван Петрович=given"),
        ("a short form", "К: меня зовут Александр\nО: Саша, назовите номер", "customer:Александр, Саша=short"),
        ("the full form of a short one", "К: меня зовут Саша\nО: Александр, назовите номер", "customer:Саша, Александр=given"),
        ("another name", "О: меня зовут Анна\nК: меня зовут Иван\nО: Петр, уточните номер", "agent:Анна, customer:Иван, Петр=other"),
        // An agent who has given no name: a bare one in the opening is taken for theirs, even behind the customer's own.
        ("another name, while the agent's is not known", "К: меня зовут Иван\nО: Петр, уточните номер", "customer:Иван, agent:Петр"),
        ("another name, later", "О: здравствуйте\nК: меня зовут Иван\nО: слушаю\nК: вопрос\nО: Петр, назовите номер", "customer:Иван, Петр=other"),
        ("another name before «я», with the patronymic", "О: меня зовут Анна\nК: меня зовут Ева Львовна\nО: Нина Львовна, я поставила запрет", "agent:Анна, customer:Ева Львовна, Нина Львовна=other"),
        ("which the customer names only then", "О: меня зовут Анна\nК: меня зовут Ева Львовна\nО: Нина Львовна, я поставила запрет\nК: какая Нина", "agent:Анна, customer:Ева Львовна, Нина Львовна=other"),
        ("which the customer had named", "О: меня зовут Анна\nК: меня зовут Ева Львовна а Нина мама\nО: Нина Львовна, я поставила запрет", "agent:Анна, customer:Ева Львовна"),
        ("the customer before «я»", "О: меня зовут Анна\nК: Ева Львовна я из деревни\nО: Ева Львовна я поставила запрет", "agent:Анна, customer:Ева, Ева Львовна=given"),
        ("another patronymic", "О: меня зовут Анна\nК: меня зовут Ева Львовна\nО: Ева Петровна, назовите номер", "agent:Анна, customer:Ева Львовна, Ева Петровна=other"),
        ("a patronymic that the customer named", "О: меня зовут Анна\nК: меня зовут Ева Львовна договор на маму Петровну\nО: Ева Петровна, назовите номер", "agent:Анна, customer:Ева Львовна, Ева Петровна=given"),
        ("a bare name that is a word", "О: зеленая связь роза\nК: вопрос\nО: да", "роза=not_given"),
        ("a name that is a word in the dictionary only", "О: зеленая связь вика\nК: вопрос\nО: да", "agent:вика"),
        ("which the customer repeats", "О: зеленая связь роза\nК: роза вопрос\nО: да", "agent:роза"),
        ("which the customer said before", "К: роза вопрос\nО: зеленая связь роза\nК: да", "роза=not_given"),
        ("beside words that ask for another name", "К: меня зовут Иван\nО: вас зовут петр иван назовите номер", "customer:Иван, иван=given"),
        ("a name nobody gave", "О: здравствуйте\nК: вопрос\nО: слушаю\nК: тариф\nО: Петр, назовите номер", "Петр=not_given"),
        ("talked about", "К: меня зовут Иван\nО: вас зовут Иван", "customer:Иван"),
        ("of somebody else", "К: меня зовут Иван\nО: договор на имя Ивана", "customer:Иван"),
        ("twice", "К: меня зовут Иван\nО: Иван, назовите номер\nК: восемь\nО: спасибо, Иван", "customer:Иван, Иван=given, Иван=given"),
    ];
    table(rows, names);
}

fn doubt(timeline: &Timeline<'_>) -> String {
    timeline
        .doubt
        .map_or(String::new(), |doubt| format!("{doubt:?}"))
}

#[test]
fn speakers_that_cannot_be_trusted() {
    let monologue: &'static str =
        Box::leak(format!("О: здравствуйте {}", "слово ".repeat(60)).into_boxed_str());
    #[rustfmt::skip]
    let rows: &[Row] = &[
        ("a talk", "О: чем могу помочь\nК: вопрос\nО: спасибо за звонок", ""),
        ("all words are the customer's", "К: чем могу помочь\nК: вопрос", "OneSpeaker"),
        ("all words are the agent's, and many", monologue, "OneSpeaker"),
        ("an agent to whom nobody answers", "О: здравствуйте\nО: говорите", ""),
        ("the other way round", "К: чем могу помочь\nО: вопрос\nК: оставайтесь на линии\nО: да\nК: спасибо за звонок\nО: пока", "Swapped"),
        ("a customer who speaks like an agent once", "К: чем могу помочь\nО: вопрос\nК: да", ""),
        ("agents on both sides", "К: чем могу помочь\nО: чем могу помочь\nК: спасибо за звонок\nО: спасибо за звонок", ""),
        ("nothing at all", "[музыка]", "NoWords"),
        ("a talk under the agent alone", "О: здравствуйте меня зовут анна чем могу помочь\nО: у меня не работает интернет третий день\nО: назовите адрес пожалуйста\nО: мира семь квартира двенадцать\nО: мастер будет завтра до обеда", "OneSpeaker"),
    ];
    table(rows, doubt);
}

/// Criteria that need to know who spoke become unknown, the others do not, and the scorecard says why.
#[test]
fn doubtful_speakers_are_noticed_not_punished() {
    let said = format!("{}[said]\nsay = \"greeting\"\n", talk::HEAD);
    let long = format!("{}[limit]\nmeasure = \"duration\"\nmax = 5\n", talk::HEAD)
        .replace("it.is", "it.long");
    let other = format!(
        "{}[[when]]\nline = \"other\"\n[said]\nsay = \"greeting\"\n",
        talk::HEAD
    )
    .replace("it.is", "it.other");
    let files = [
        ("it/is.toml", said.as_str()),
        ("it/long.toml", &long),
        ("it/other.toml", &other),
    ];
    let pack = etalon::pack::Pack::from_source(&talk::source(&files)).unwrap();
    let verdicts = |call: &str| {
        talk::with_card(&pack, &talk::call(call), |card| {
            let verdicts = list(
                card.judgements
                    .iter()
                    .map(|judgement| judgement.verdict.name()),
            );
            (
                verdicts,
                card.doubts.join(" "),
                card.judgements[0].reason.to_string(),
            )
        })
    };
    let all_one = "duration = 9\n---\nК: здравствуйте\nК: вопрос";
    let (told, doubts, reason) = verdicts(all_one);
    assert_eq!(told, "unknown fail na");
    assert_eq!(
        doubts,
        "all words carry one speaker: who said what cannot be told without a transcript that parts the two"
    );
    assert_eq!(reason, doubts);
    let swapped = "duration = 9\n---\nК: чем могу помочь\nО: вопрос\nК: оставайтесь на линии\nО: да\nК: спасибо за звонок\nО: пока";
    let (told, doubts, _) = verdicts(swapped);
    assert_eq!(told, "unknown fail na");
    assert_eq!(
        doubts,
        "the speakers look swapped: the agent's words stand under the customer; check the labels"
    );
    let (told, doubts, _) = verdicts("duration = 9\n---\nО: чем могу помочь\nК: вопрос");
    assert_eq!((told.as_str(), doubts.as_str()), ("fail fail na", ""));
}

/// A line that the pack does not know is replaced, and the scorecard says so; a pack of one line has nothing to say.
#[test]
fn an_unknown_line_is_noticed() {
    let said = format!("{}[said]\nsay = \"greeting\"\n", talk::HEAD);
    let pack = etalon::pack::Pack::from_source(&talk::source(&[("it/is.toml", &said)])).unwrap();
    let doubts = |line: &str| {
        let head = if line.is_empty() {
            String::new()
        } else {
            format!("line = \"{line}\"\n---\n")
        };
        let call = talk::call(&format!("{head}О: чем могу помочь\nК: вопрос"));
        talk::with_card(&pack, &call, |card| card.doubts.join(" "))
    };
    assert_eq!(doubts(""), "");
    assert_eq!(doubts(&pack.lines()[0]), "");
    assert_eq!(
        doubts("nobody's"),
        format!(
            "the pack has no line `nobody's`, `{}` is taken",
            pack.lines()[0]
        )
    );
}
