//! What a recogniser spoils: words that it heard badly, and text that it made up.

use std::borrow::Cow;

use etalon::call::{Call, Millis, Speaker, Turn, Word};
use etalon::lexicon::Lexicon;
use etalon::text::{Buffers, Heard, Vocabulary, tokenize};

use crate::criteria::table;
use crate::talk;

// --- badly heard words

#[test]
fn said() {
    #[rustfmt::skip]
    table("[said]\nsay = \"greeting\"\n", &[
        ("badly heard", "О: здравствуйте{0.3} слушаю", "unknown: здравствуйте"),
        ("heard well enough", "О: здравствуйте{0.5} слушаю", "pass: здравствуйте"),
        ("one good hit is enough, and is what is shown", "О: здравствуйте{0.3}\nК: да\nО: здравствуйте", "pass: здравствуйте"),
        ("another word is badly heard", "О: здравствуйте слушаю{0.1}", "pass: здравствуйте"),
        ("missing, and it may be just that", "О: здавсе{0.3} слушаю", "unknown: здавсе"),
        ("missing, and only the customer was badly heard", "О: слушаю\nК: здравствуйте{0.2}", "fail"),
        ("a filler tells nothing", "О: ну{0.2} слушаю", "fail"),
        ("nor does a short word", "О: в{0.2} девять", "fail"),
        ("no confidence given", "О: слушаю", "fail"),
    ]);
    #[rustfmt::skip]
    table("[said]\nsay = [\"чем могу помочь\"]\nzone = \"opening\"\n", &[
        ("one word of the phrase", "О: чем могу{0.4} помочь", "unknown: могу"),
        ("badly heard behind the zone", "О: раз\nК: один\nО: два\nК: второй\nО: слово{0.1}", "fail: turn 0"),
        ("badly heard in the zone", "О: раз\nК: один\nО: чем слово{0.1} помочь\nК: второй\nО: три", "unknown: слово"),
        ("the rest of the phrase is not there", "О: раз\nК: один\nО: слово{0.1}\nК: второй\nО: три", "fail: turn 0"),
        ("two words run together", "О: чем магупамочь{0.1}", "unknown: магупамочь"),
        ("one word of the dictionary is not two", "О: чем приложение{0.1}", "fail: turn 0"),
        ("a short word, beside the others", "О: чм{0.1} могу помочь", "unknown: чм"),
    ]);
    #[rustfmt::skip]
    table("[said]\nall = [[\"спасибо\"], [\"до свидания\"]]\n", &[
        ("one of two", "О: спасибо до{0.2} свидания{0.2}", "unknown: до | свидания"),
    ]);
    #[rustfmt::skip]
    table("[said]\nsay = [\"спасибо\"]\nat_least = 2\n", &[
        ("two, one badly heard", "О: спасибо\nК: да\nО: спасибо{0.2}", "unknown: спасибо"),
        ("two of three", "О: спасибо\nК: да\nО: спасибо{0.2}\nК: да\nО: спасибо", "pass: спасибо | спасибо"),
    ]);
    #[rustfmt::skip]
    table("[said]\nsay = [\"спасибо\"]\nexcept = [\"спасибо не надо\"]\n", &[
        ("the exception hangs on it", "О: спасибо не{0.2} надо", "unknown: не"),
    ]);
}

#[test]
fn unsaid() {
    #[rustfmt::skip]
    table("[unsaid]\nsay = [\"алло\"]\n", &[
        ("badly heard", "О: алло{0.3} здравствуйте", "unknown: алло"),
        ("well heard too", "О: алло{0.3}\nК: да\nО: алло", "fail: алло"),
        ("what was badly heard is not taken for it", "О: ало{0.1} а{0.1}", "pass"),
    ]);
    #[rustfmt::skip]
    table("[unsaid]\nsay = [\"деньги\"]\nexcept = [\"банк деньги\"]\n", &[
        ("an exception may hang on it", "О: бнк{0.2} деньги", "unknown: бнк"),
        ("not beside it", "О: бнк{0.2} мои деньги", "fail: деньги"),
    ]);
    #[rustfmt::skip]
    table("[unsaid]\nsay = [\"переведу на услугу\"]\n", &[
        ("one word of it", "О: переведу{0.4} на услугу", "unknown: переведу"),
    ]);
}

#[test]
fn each() {
    #[rustfmt::skip]
    table("[each]\nof = \"hold\"\nwhere = \"before\"\nsay = [\"уточню\"]\n", &[
        ("what is said before it", "О: уточню{0.2} подождите\n[музыка]\nО: готово", "unknown: уточню"),
        ("missing, another word in its place", "О: учую{0.2} подождите\n[музыка]\nО: готово", "unknown: учую"),
        ("missing, badly heard behind it", "О: подождите\n[музыка]\nО: готово{0.2}", "fail: turn 0"),
        ("missing before one of two, badly heard before the other", "О: учую{0.2} подождите\n[музыка]\nО: готово\nК: да\nО: подождите\n[музыка]\nО: готово", "fail: turn 0 | turn 4"),
        ("whether there was a hold at all", "О: подождите{0.2}\n[музыка]\nО: готово", "unknown: подождите"),
    ]);
    #[rustfmt::skip]
    table("[each]\nof = \"transfer\"\nwhere = \"reply\"\n", &[
        ("an answer is an answer", "О: перевожу на специалиста\nК: угу{0.1}\n[гудки]\nО: слушаю", "pass"),
        ("no words are missing", "О: перевожу на специалиста{0.9}\n[гудки]\nО: слушаю{0.1}", "fail: turn 0"),
    ]);
    #[rustfmt::skip]
    table("[each]\nof = \"callback_promise\"\nwhere = \"around\"\nsay = [\"в течение часа\"]\n", &[
        ("the occasion", "О: перезвоним{0.2} вам\nК: да", "unknown: перезвоним"),
        ("around it", "О: перезвоним вам\nК: да\nО: в течение чеса{0.2}", "unknown: чеса"),
        ("one word of three", "О: перезвоним вам\nК: да\nО: чеса{0.2}", "fail: turn 0"),
    ]);
}

#[test]
fn order() {
    #[rustfmt::skip]
    table("[order]\nsay = [\"thanks_call\", \"goodbye\"]\n", &[
        ("in order", "О: спасибо за звонок{0.2} до свидания", "unknown: звонок"),
        ("out of order", "О: до{0.2} свидания спасибо за звонок", "unknown: до"),
        ("well heard out of order", "О: до свидания так{0.2} спасибо за звонок", "fail: спасибо за звонок | до свидания"),
    ]);
}

#[test]
fn names() {
    #[rustfmt::skip]
    table("[introduced]\nzone = \"opening\"\n", &[
        ("badly heard", "О: меня зовут Анна{0.2}", "unknown: Анна"),
        ("missing, and it may be just that", "О: меня зовут ана{0.2}", "unknown: ана"),
        ("missing", "О: слушаю\nК: Анна{0.2}", "fail: turn 0"),
    ]);
    #[rustfmt::skip]
    table("[address]\ncheck = \"form\"\n", &[
        ("the customer's name", "О: слушаю\nК: меня зовут Александр{0.3}\nО: да\nК: вот\nО: Алексей, уточните номер", "unknown: Александр"),
        ("the customer's name as an answer", "О: как вас зовут\nК: Александр{0.3}\nО: да\nК: вот\nО: Алексей, уточните номер", "unknown: Александр"),
        ("no dictionary has it", "О: как вас зовут\nК: Алексанр{0.3}\nО: да\nК: вот\nО: Алексей, уточните номер", "unknown: Алексанр"),
        ("the name in the address", "О: слушаю\nК: меня зовут Александр\nО: Саша{0.3}, уточните номер", "unknown: Саша"),
        ("another word", "О: слушаю\nК: меня зовут Александр\nО: Саша, уточните номер{0.3}", "fail: Саша"),
        ("another name, well heard", "О: как вас зовут\nК: Александр\nО: да\nК: вот\nО: Алексей, уточните номер", "fail: Алексей"),
        ("given well once", "О: слушаю\nК: меня зовут Александр{0.3}\nО: да\nК: меня зовут Александр\nО: Саша, уточните номер", "fail: Саша"),
    ]);
    #[rustfmt::skip]
    table("[address]\ncheck = \"uses\"\nat_least = 2\n", &[
        ("one of two", "К: меня зовут Александр\nО: Александр, уточните номер\nК: да\nО: спасибо, Александр{0.1}", "unknown: Александр"),
        ("one of three", "К: меня зовут Александр\nО: Александр, уточните номер\nК: да\nО: спасибо, Александр{0.1}\nК: да\nО: Александр, уточните номер", "pass: Александр | Александр"),
        ("too few, and the other word is no name", "К: меня зовут Александр\nО: Александр, уточните номер\nК: да\nО: спасибо, интернет{0.1}", "fail: Александр"),
        ("too few, and another may be just that", "К: меня зовут Александр\nО: Александр, уточните номер\nК: да\nО: спасибо, лесандр{0.1}", "unknown: лесандр"),
    ]);
    #[rustfmt::skip]
    table("[address]\ncheck = \"label\"\nlabels = [\"девушка\"]\n", &[
        ("a label", "О: девушка{0.2} уточните номер", "unknown: девушка"),
    ]);
}

#[test]
fn limits_and_conditions() {
    #[rustfmt::skip]
    table("[limit]\nmeasure = \"pause\"\nmax = \"pause_s\"\n", &[
        ("whether a wait was asked for", "[0-2] О: подождите{0.2}\n[42-43] О: готово", "unknown: подождите"),
        ("a word that may have asked", "[0-2] О: смотрю{0.2}\n[42-43] О: готово", "unknown: смотрю"),
        ("nobody asked", "[0-2] О: смотрю\n[42-43] О: готово{0.9}", "fail: 2-42"),
    ]);
    #[rustfmt::skip]
    table("[[when]]\ncustomer_said = [\"почему\"]\n[said]\nsay = [\"извините\"]\n", &[
        ("the occasion", "К: почему{0.2}\nО: так", "unknown: почему"),
        ("the occasion, well heard", "К: почему\nО: так", "fail: turn 1"),
    ]);
    #[rustfmt::skip]
    table("[said]\nsay = [\"извините\"]\n[[excuse]]\nfact = \"bad_audio\"\n", &[
        ("excused, whatever stands there", "К: да\nО: вас плохо слышно{0.9} ну так{0.1}", "na"),
    ]);
}

#[test]
fn the_reason_names_the_words() {
    let pack = talk::pack("[unsaid]\nsay = [\"алло\"]\n");
    let call = talk::call("О: алло{0.31} так алло{0.054}");
    let told = talk::judge(&pack, "it.is", &call);
    assert_eq!(
        told.reason,
        "hangs on badly heard words: «алло» (0.31), «алло» (0.05)"
    );
    let pack = talk::pack("[introduced]\nzone = \"opening\"\n");
    let call = talk::call("О: раз{0.1} два{0.2} три{0.3} четыре{0.4} пять{0.1} шесть{0.1}");
    let told = talk::judge(&pack, "it.is", &call);
    assert_eq!(
        told.reason,
        "not found, but there are badly heard words where it should stand: «раз» (0.10), «два» (0.20), «три» (0.30), «четыре» (0.40) and 2 more"
    );
}

/// The recogniser's words beside the text: which tokens are badly heard, and whether the words fit the text.
#[test]
fn words_are_found_in_the_text() {
    // name, text, words with `/` before the confidence, badly heard words, fits
    #[rustfmt::skip]
    let rows: &[(&str, &str, &str, &str, bool)] = &[
        ("as written", "до свидания", "до/0.9 свидания/0.2", "свидания", true),
        ("case, ё and punctuation", "Всё, до свидания!", "все/0.9 до/0.9 свидания/0.1", "свидания", true),
        ("punctuation with the word", "всё, так", "Всё,/0.2 так./0.9", "всё", true),
        ("punctuation for itself", "да - нет", "да/0.9 -/0.1 нет/0.2", "нет", true),
        ("one word in the text", "досвидания", "до/0.9 свидания/0.2", "свидания", true),
        ("two words in the text", "до свидания", "досвидания/0.2", "до свидания", true),
        ("a hyphen", "сим-карта тут", "сим-карта/0.2 тут/0.9", "сим карта", true),
        ("nothing badly heard", "до свидания", "до/0.9 свидания/0.9", "", true),
        ("no confidence", "до свидания", "до/ свидания/", "", true),
        ("a number written otherwise, well heard", "будет 5 минут", "будет/0.2 пять/0.9 минут/0.9", "будет", true),
        ("a number written otherwise, badly heard", "будет 5 минут", "будет/0.2 пять/0.3 минут/0.3", "будет минут", false),
        ("a word that the text lacks", "будет завтра", "будет/0.9 э/0.2 завтра/0.3", "завтра", false),
        ("a word that only the text has", "будет уже завтра", "будет/0.9 завтра/0.3", "завтра", true),
        ("other words altogether", "будет завтра", "мастер/0.1 позвонит/0.1", "", false),
        ("only the beginning", "до", "до/0.1 свидания/0.9", "до", true),
        ("no text", "", "до/0.1", "", false),
        ("a filler", "ну да", "ну/0.1 да/0.1", "ну да", true),
        ("the same word again", "да да да нет", "да/0.9 да/0.1 да/0.9 нет/0.9", "да", true),
        ("no share", "да нет", "да/37 нет/-0.4", "", true),
    ];
    for (name, text, words, expected, fits) in rows {
        let word = |word: &str| {
            let (text, confidence) = word.split_once('/').unwrap();
            Word {
                text: Cow::Owned(text.to_owned()),
                time: None,
                confidence: confidence.parse().ok(),
            }
        };
        let call = Call {
            turns: vec![Turn {
                speaker: Speaker::Agent,
                time: None,
                text: Cow::Borrowed(text),
                words: words.split(' ').map(word).collect(),
            }],
            ..Call::default()
        };
        let pack = talk::pack("[said]\nsay = \"goodbye\"\n");
        let spellings = vec![pack.matcher().spellings()];
        let mut vocabulary = Vocabulary::new(Lexicon::embedded(), spellings);
        let tokenized = tokenize(&call, &mut vocabulary, Millis(3000), Buffers::default());
        let heard = Heard::of(&tokenized, &vocabulary, 0.5).unwrap_or_default();
        let got: Vec<&str> = heard
            .badly(0..tokenized.tokens.len())
            .iter()
            .map(|(token, _)| vocabulary.norm(tokenized.tokens[*token as usize].word))
            .collect();
        let expected: Vec<String> = expected
            .split_whitespace()
            .map(etalon::text::norm)
            .collect();
        assert_eq!(got, expected, "{name}");
        assert_eq!(heard.unaligned.is_empty(), *fits, "{name}");
        assert_eq!(heard.odd, *name == "no share", "{name}");
    }
}

#[test]
fn words_that_do_not_fit_are_a_doubt() {
    let pack = talk::pack("[said]\nsay = \"goodbye\"\n");
    let mut call = talk::call("О: через пять минут до свидания{0.9}");
    call.turns[0].text = Cow::Borrowed("через 5 минут до свидания");
    let doubts = |call: &Call<'_>| talk::with_card(&pack, call, |card| card.doubts.join(" | "));
    assert_eq!(doubts(&call), "");
    call.turns[0].words[1].confidence = Some(0.2);
    assert_eq!(
        doubts(&call),
        "the words with their confidence do not fit the text of the turn, where confidence was left out: «через 5 минут до свидания»"
    );
    call.turns[0].words[1].confidence = Some(20.0);
    assert_eq!(doubts(&call), "confidence outside 0 to 1 was left out");
}

// --- made up

#[test]
fn what_is_made_up_is_not_judged() {
    #[rustfmt::skip]
    table("[unsaid]\nsay = [\"следует\", \"субтитры\"]\n", &[
        ("a whole turn", "О: Продолжение следует...\nК: да\nО: вот", "pass"),
        ("twice", "О: продолжение следует продолжение следует\nК: да\nО: вот", "pass"),
        ("in a turn with more", "О: продолжение следует завтра", "fail: следует"),
        ("a credit anywhere", "О: до свидания. Субтитры сделал Ё", "pass"),
        ("a letter is wrong: somebody's words", "О: субтытры сделал я\nК: следует", "pass"),
    ]);
    #[rustfmt::skip]
    table("[said]\nsay = \"goodbye\"\nzone = \"closing\"\n", &[
        ("no turns of the closing", "О: до свидания\nК: да\nО: подпишись\nК: да\nО: подпишись\nК: да\nО: подпишись\nК: продолжение следует", "pass: до свидания"),
        ("what stands beside a credit stays", "О: до свидания субтитры сделал Ё", "pass: до свидания"),
    ]);
    #[rustfmt::skip]
    table("[said]\nsay = [\"до свидания\", \"пока\"]\n", &[
        ("a farewell in earnest", "О: всем пока", "pass: пока"),
        ("a farewell in the midst", "О: всем пока\nК: раз два три четыре пять шесть семь восемь девять десять раз два три четыре пять шесть семь восемь девять десять раз два три четыре пять\nО: вот", "fail"),
    ]);
    #[rustfmt::skip]
    table("[[when]]\nfact = \"customer_never_speaks\"\n[said]\nsay = \"goodbye\"\n", &[
        ("the customer said nothing", "О: до свидания\nК: Продолжение следует...", "pass: до свидания"),
    ]);
    #[rustfmt::skip]
    table("[each]\nof = \"hold\"\nwhere = \"first_turn_after\"\nsay = \"wait_thanks\"\n", &[
        ("a hold without times", "О: подождите\nО: Продолжение следует...\nО: спасибо за ожидание", "pass: спасибо за ожидание"),
        ("the customer's, without times", "О: подождите\nК: продолжение следует\nО: я вернулась", "fail: turn 2"),
        ("a hold with times", "[0-2] О: подождите\n[6-7] О: подпишись\n[10-11] К: подпишись\n[14-15] О: спасибо за ожидание", "pass: спасибо за ожидание"),
    ]);
    #[rustfmt::skip]
    table("[limit]\nmeasure = \"pause\"\nmax = 10\n", &[
        ("a pause stays one", "[0-2] О: смотрю\n[8-9] О: подпишись\n[15-16] К: да", "fail: 2-15"),
        ("nor is there one at the end", "[0-2] О: смотрю\n[15-16] О: подпишись", "pass"),
    ]);
    #[rustfmt::skip]
    table("[limit]\nmeasure = \"interruption\"\nmax = 0\n", &[
        ("nobody is cut off", "[0-5] К: подпишись\n[3-7] О: ясно вижу", "pass"),
        ("nobody cuts in", "[0-5] К: рассказ\n[3-7] О: подпишись\n[8-9] О: вот", "pass"),
        ("inside a merged turn", "[0-5] К: рассказ\n[5-6] О: ясно\n[6.1-6.4] О: подпишись\n[6.5-7] О: вижу", "pass"),
    ]);
    #[rustfmt::skip]
    table("[said]\nsay = [\"раз два\"]\n", &[
        ("with times it parts no words", "[0-2] О: раз\n[2.1-2.5] О: подпишись\n[3-4] О: два", "pass: раз | два"),
        ("without times it does", "О: раз\nО: подпишись\nО: два", "fail"),
        ("far apart in time", "[0-2] О: раз\n[2.1-2.5] О: подпишись\n[9-10] О: два", "fail"),
    ]);
}

#[test]
fn what_is_made_up_is_a_doubt() {
    let pack = talk::pack("[said]\nsay = \"goodbye\"\n");
    let call = talk::call("О: до свидания субтитры сделал Ё\nК: да\nО: Подпишись!");
    let (doubts, invented) = talk::with_card(&pack, &call, |card| {
        (card.doubts.join(" | "), card.invented.clone())
    });
    assert_eq!(
        doubts,
        "looks like text that the recogniser made up in silence; it was not judged: «субтитры сделал Ё», «Подпишись!»"
    );
    let places: Vec<_> = invented
        .iter()
        .map(|one| (one.turn, one.span.is_some()))
        .collect();
    assert_eq!(places, [(0, true), (2, false)]);
}

// --- said meanwhile

#[test]
fn a_word_of_the_customer_parts_no_phrase() {
    #[rustfmt::skip]
    table("[said]\nsay = [\"чем могу помочь\"]\n", &[
        ("in one breath", "[0-2] О: чем\n[2.1-2.4] К: угу\n[2.5-4] О: могу помочь", "pass: чем | могу помочь"),
        ("twice", "[0-2] О: чем\n[2.1-2.4] К: угу\n[2.5-4] О: могу\n[4-4.2] К: да\n[4.3-6] О: помочь", "pass: чем | могу | помочь"),
        ("with a pause", "[0-2] О: чем\n[2.1-2.4] К: угу\n[3.1-4] О: могу помочь", "pass: чем | могу помочь"),
        ("with a long pause", "[0-2] О: чем\n[2.1-2.4] К: угу\n[6.1-7] О: могу помочь", "fail"),
        ("more words", "[0-2] О: чем\n[2.1-2.4] К: да вот так\n[2.5-4] О: могу помочь", "pass: чем | могу помочь"),
        ("an answer", "[0-2] О: чем\n[2.1-2.4] К: да вот так уж\n[2.5-4] О: могу помочь", "fail"),
        ("both halves are long", "О: я вот хотела спросить у вас чем\nК: угу\nО: могу помочь вам сегодня или завтра уже", "fail"),
        ("the first half may be the end", "О: спасибо чем могу помочь\nК: угу\nО: вам", "pass: чем могу помочь"),
        ("a marker between", "[0-2] О: чем\n[2.1-2.4] К: угу\n[шум]\n[2.5-4] О: могу помочь", "fail"),
        ("without times", "О: чем\nК: угу\nО: могу помочь", "pass: чем | могу помочь"),
    ]);
    #[rustfmt::skip]
    table("[said]\nsay = [\"спасибо за звонок\"]\n", &[
        ("without times, broken off at a preposition", "О: спасибо за\nК: ага\nО: звонок", "pass: спасибо за | звонок"),
        ("with times, after a little while", "[0-2] О: спасибо за\n[3-4] К: ага\n[5-6] О: звонок", "pass: спасибо за | звонок"),
        ("with times, after a long while", "[0-2] О: спасибо за\n[3-4] К: ага\n[50-51] О: звонок", "fail"),
        ("broken off, but answered", "О: спасибо за\nК: да вот так уж\nО: звонок", "fail"),
    ]);
    #[rustfmt::skip]
    table("[unsaid]\nsay = [\"чем могу помочь\"]\n", &[
        ("it accuses nobody", "[0-2] О: чем\n[2.1-2.4] К: угу\n[2.5-4] О: могу помочь", "pass"),
    ]);
    #[rustfmt::skip]
    table("[each]\nof = \"hold\"\nwhere = \"first_turn_after\"\nsay = \"wait_thanks\"\n", &[
        ("what comes behind keeps its place", "[0-2] О: чем\n[2.1-2.4] К: угу\n[2.5-4] О: могу помочь\n[5-6] К: вот\n[6-7] О: подождите\n[музыка]\n[20-21] О: спасибо за\n[21-21.3] К: ага\n[21.4-22] О: ожидание", "pass: спасибо за | ожидание"),
    ]);
}

// --- divided otherwise

#[test]
fn spoken_words_are_found_as_written_ones() {
    let criterion = format!(
        "{}[said]\nall = [[\"!что еще\"], [\"!сейчас посмотрю\"]]\n",
        talk::HEAD
    );
    let words =
        "\"чё\" = { read_as = [\"что\", \"чего\"] }\n\"щас\" = { read_as = [\"сейчас\"] }\n";
    let files = [("it/is.toml", criterion.as_str()), ("lexicon.toml", words)];
    let pack = etalon::pack::Pack::from_source(&talk::source(&files)).unwrap();
    let told = |call: &str| {
        let told = talk::judge(&pack, "it.is", &talk::call(call));
        format!("{}: {}", told.verdict.name(), told.evidence.join(" | "))
    };
    assert_eq!(
        told("О: чё ещё щас посмотрю"),
        "pass: чё ещё | щас посмотрю"
    );
    assert_eq!(told("О: чо ещё щаз посмотрю"), "fail: ");
    for wrong in [
        "\"чё\" = { read_as = [] }",
        "\"чё\" = { read_as = [\"что ещё\"] }",
        "\"чё\" = { read_as = [\"чё\"] }",
        "\"чё\" = { read_as = [\"ыыыщщ\"] }",
        "\"два слова\" = { read_as = [\"что\"] }",
    ] {
        let files = [("it/is.toml", criterion.as_str()), ("lexicon.toml", wrong)];
        let errors = etalon::pack::Pack::from_source(&talk::source(&files)).unwrap_err();
        let codes: Vec<&str> = errors.iter().map(|error| error.code).collect();
        assert_eq!(codes, ["pack/read-as"], "{wrong}");
    }
}

#[test]
fn words_cut_in_two_that_no_dictionary_has() {
    #[rustfmt::skip]
    table("[said]\nsay = [\"спасибо за обращение\"]\n", &[
        ("one word", "О: спасибо за обра щение", "pass: спасибо за обра щение"),
        ("in two turns it stays two", "О: спасибо за обра\nК: ага\nО: щение", "fail"),
        ("not the word", "О: спасибо за бра щение", "fail"),
        ("torn at the end of a turn, which goes on", "О: спасибо за обра\nО: щение", "pass: спасибо за обра"),
        ("the turn ended there", "О: спасибо за обра.\nО: щение", "fail"),
        ("a marker stands between", "О: спасибо за обра [шум] щение", "fail"),
    ]);
    #[rustfmt::skip]
    table("[said]\nsay = [\"приятного дня\"]\n", &[
        ("the second piece is a word", "О: прият ного дня", "pass: прият ного дня"),
        ("what stands behind it stays", "О: вам приятн ого дня", "pass: приятн ого дня"),
        ("from turn to turn", "О: вам приятн\nО: ого дня", "pass: приятн | дня"),
        ("a comma between", "О: приятн, ого дня", "fail"),
    ]);
    #[rustfmt::skip]
    table("[said]\nsay = [\"спасибо за звонок\"]\n", &[
        ("a short word glued behind", "О: спасибоза звонок", "pass: спасибоза звонок"),
        ("a slip and no word glued behind", "О: спасибоо за звонок", "pass: спасибоо за звонок"),
    ]);
    #[rustfmt::skip]
    table("[unsaid]\nsay = [\"!писать\", \"!комп\"]\n", &[
        ("a piece of a word that may be said", "О: на писать заявку", "pass"),
        ("its first piece", "О: комп ания", "pass"),
        ("the word itself", "О: не писать заявку", "fail: писать"),
        ("before another word", "О: комп и экран", "fail: комп"),
        ("a comma between", "О: на, писать заявку", "fail: писать"),
    ]);
    #[rustfmt::skip]
    table("[said]\nsay = [\"как к вам обращаться\"]\n", &[
        ("the first piece is a word too", "О: как к вам об ращаться", "pass: как к вам об ращаться"),
        ("in two turns it stays two", "О: как к вам об\nК: ага\nО: ращаться", "fail"),
        ("the second piece is short", "О: как к вам обращать ся", "pass: как к вам обращать ся"),
        ("another word", "О: как к вам от ращаться", "fail"),
    ]);
    #[rustfmt::skip]
    table("[said]\nsay = [\"(еще|!чтонибудь|!нибудь)\"]\n", &[
        ("what is looked for by itself is no piece", "О: что нибудь", "pass: нибудь"),
    ]);
}

#[test]
fn words_divided_otherwise_are_listed() {
    let criterion = format!(
        "{}[said]\nall = [[\"не слышно\"], [\"!спасибо\"]]\n",
        talk::HEAD
    );
    let words =
        "\"неслышно\" = { parts = \"не слышно\" }\n\"спасибо\" = { split = [\"спаси бо\"] }\n";
    let files = [("it/is.toml", criterion.as_str()), ("lexicon.toml", words)];
    let pack = etalon::pack::Pack::from_source(&talk::source(&files)).unwrap();
    let told = |call: &str| {
        let told = talk::judge(&pack, "it.is", &talk::call(call));
        format!("{}: {}", told.verdict.name(), told.evidence.join(" | "))
    };
    #[rustfmt::skip]
    let rows = [
        ("О: Неслышно спасибо", "pass: Неслышно | спасибо"),
        ("О: не слышно спаси бо", "pass: не слышно | спаси бо"),
        ("О: не слышно спаси\nК: бо\nО: так", "fail: не слышно"),
        ("О: не слышно спаси, бо", "fail: не слышно"),
        ("О: бо не слышно", "fail: не слышно"),
        // What no dictionary has is one word where a phrase has it; what a dictionary has stays two.
        ("О: не слышно спас ибо", "fail: не слышно"),
        ("О: не слышно спасб о", "fail: не слышно"),
    ];
    for (call, expected) in rows {
        assert_eq!(told(call), expected, "{call}");
    }
    let files = [
        ("it/is.toml", criterion.as_str()),
        ("lexicon.toml", "\"неслышно\" = { parts = \"не видно\" }\n"),
    ];
    let errors = etalon::pack::Pack::from_source(&talk::source(&files)).unwrap_err();
    let codes: Vec<&str> = errors.iter().map(|error| error.code).collect();
    assert_eq!(codes, ["pack/parts-differ"]);
}
