//! Sentences about the course of a call.

use super::Fact;
use super::doubts::Doubt;
use crate::locale::Text;

/// See [`Fact::sentence`]: what holds, and what does not.
pub(super) fn fact(fact: Fact) -> (Text, Text) {
    match fact {
        Fact::CustomerNeverSpeaks => (
            Text("клиент не сказал ни слова", "the customer never speaks"),
            Text("клиент говорил", "the customer speaks"),
        ),
        Fact::SilentAfterGreeting => (
            Text(
                "клиент молчал после приветствия",
                "the customer was silent after the greeting",
            ),
            Text(
                "клиент отозвался на приветствие",
                "the customer answered the greeting",
            ),
        ),
        Fact::CustomerIntroduced => (
            Text("клиент назвал своё имя", "the customer gave a name"),
            Text(
                "клиент не называл своего имени",
                "the customer did not give a name",
            ),
        ),
        Fact::IntroducedUnasked => (
            Text(
                "клиент сам назвал имя раньше вопроса",
                "the customer gave the name before being asked",
            ),
            Text(
                "клиент не называл имени раньше вопроса",
                "the customer did not give the name before being asked",
            ),
        ),
        Fact::NamedFromStart => (
            Text(
                "оператор с самого начала обращается по имени",
                "the agent uses the name from the start",
            ),
            Text(
                "оператор не обращался по имени с самого начала",
                "the agent does not use the name from the start",
            ),
        ),
        Fact::SomebodyNamed => (
            Text(
                "прозвучало имя, и неясно, чьё оно",
                "a name was said, and it is not clear whose it is",
            ),
            Text(
                "ничьего неизвестного имени не прозвучало",
                "nobody unknown was named",
            ),
        ),
        Fact::SomebodyNamedInOpening => (
            Text(
                "в начале оператор назвал имя, и неясно, чьё оно",
                "the agent said a name in the opening, and it is not clear whose it is",
            ),
            Text(
                "в начале оператор не называл неизвестных имён",
                "the agent named nobody unknown in the opening",
            ),
        ),
        Fact::GivenNameDoubtful => (
            Text(
                "имя клиента записано не целиком или неузнаваемо",
                "the customer's name is not whole in the transcript, or past knowing",
            ),
            Text(
                "имя клиента записано узнаваемо",
                "the customer's name can be known from the transcript",
            ),
        ),
        Fact::CustomerStartsFarewell => (
            Text(
                "клиент первым начал прощаться",
                "the customer started the farewell",
            ),
            Text(
                "клиент не прощался первым",
                "the customer did not start the farewell",
            ),
        ),
        Fact::CustomerMayStartFarewell => (
            Text(
                "клиент, похоже, начал прощаться первым",
                "the customer seems to have started the farewell",
            ),
            Text(
                "клиент не начинал прощаться",
                "the customer did not start the farewell",
            ),
        ),
        Fact::CustomerHungUp => (
            Text(
                "клиент положил трубку первым, после его слов оператору сказать было нечего",
                "the customer hung up first",
            ),
            Text(
                "клиент не клал трубку первым",
                "the customer did not hang up first",
            ),
        ),
        Fact::ShortAnswer => (
            Text(
                "короткая консультация: вопрос и ответ",
                "a short single answer",
            ),
            Text(
                "это не короткая консультация",
                "this is no short single answer",
            ),
        ),
        Fact::Timed => (
            Text("в записи есть время реплик", "the transcript has times"),
            Text("в записи нет времени реплик", "the transcript has no times"),
        ),
        Fact::FullFarewell => (
            Text(
                "оператор уже попрощался полностью",
                "the agent has said a full farewell",
            ),
            Text(
                "оператор не прощался полностью",
                "the agent has not said a full farewell",
            ),
        ),
        Fact::BadAudio => (
            Text("клиента плохо слышно", "the customer is heard badly"),
            Text(
                "оператор не говорил, что клиента плохо слышно",
                "the agent did not say that the customer is heard badly",
            ),
        ),
    }
}

/// See [`Doubt::sentence`].
pub(super) fn doubt(doubt: Doubt) -> Text {
    match doubt {
        Doubt::OneSpeaker => Text(
            "все слова записаны за одним говорящим: кто что сказал, не видно, нужна запись с двумя говорящими",
            "all words carry one speaker: who said what cannot be told without a transcript that parts the two",
        ),
        Doubt::NoWords => Text("в расшифровке нет ни слова", "the transcript has no words"),
        Doubt::Swapped => Text(
            "похоже, говорящие в записи перепутаны: слова оператора стоят за клиентом, проверьте, кто где подписан",
            "the speakers look swapped: the agent's words stand under the customer; check the labels",
        ),
    }
}
