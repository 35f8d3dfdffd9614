//! Sentences about the course of a call.

use super::Fact;
use super::doubts::Doubt;
use crate::locale::Text;

/// See [`Fact::sentence`].
pub(super) fn fact(fact: Fact) -> Text {
    match fact {
        Fact::CustomerNeverSpeaks => Text("клиент не сказал ни слова", "the customer never speaks"),
        Fact::SilentAfterGreeting => Text(
            "клиент молчал после приветствия",
            "the customer was silent after the greeting",
        ),
        Fact::CustomerIntroduced => Text(
            "клиент не называл своего имени",
            "the customer did not give a name",
        ),
        Fact::IntroducedUnasked => Text(
            "клиент сам назвал имя раньше вопроса",
            "the customer gave the name before being asked",
        ),
        Fact::NamedFromStart => Text(
            "оператор с самого начала обращается по имени",
            "the agent uses the name from the start",
        ),
        Fact::CustomerStartsFarewell => Text(
            "клиент первым начал прощаться",
            "the customer started the farewell",
        ),
        Fact::CustomerHungUp => Text(
            "клиент положил трубку первым, после его слов оператору сказать было нечего",
            "the customer hung up first",
        ),
        Fact::ShortAnswer => Text(
            "короткая консультация: вопрос и ответ",
            "a short single answer",
        ),
        Fact::Timed => Text("в записи есть время реплик", "the transcript has times"),
        Fact::FullFarewell => Text(
            "оператор уже попрощался полностью",
            "the agent has said a full farewell",
        ),
        Fact::BadAudio => Text("клиента плохо слышно", "the customer is heard badly"),
    }
}

/// See [`Doubt::sentence`].
pub(super) fn doubt(doubt: Doubt) -> Text {
    match doubt {
        Doubt::OneSpeaker => Text(
            "все слова записаны за одним говорящим: кто что сказал, не видно",
            "all words carry one speaker: who said what cannot be told",
        ),
        Doubt::Swapped => Text(
            "похоже, говорящие в записи перепутаны: слова оператора стоят за клиентом",
            "the speakers look swapped: the agent's words stand under the customer",
        ),
    }
}
