//! The packs under stress; and what stress finds in a tiny pack that does not stand it.

use std::fmt::Write as _;

use etalon::pack::{Mutation, Pack, embedded_ids};
use etalon::stress::{self, Stress, Wanted};

use crate::talk;

fn of(pack: &Pack, threads: usize) -> Stress {
    stress::run(pack, &|_| true, threads).unwrap_or_else(|errors| panic!("{errors:?}"))
}

#[test]
fn the_packs_stand_every_change() {
    let mut report = String::new();
    let mut tried = [0; Mutation::ALL.len()];
    for id in embedded_ids() {
        let pack = Pack::embedded(id).unwrap().unwrap();
        let stress = of(&pack, 2);
        let ids = &pack.info().criteria;
        for survivor in stress.survivors.iter().filter(|one| one.excused.is_none()) {
            let (own, judged) = (&ids[survivor.criterion].id, &ids[survivor.judged].id);
            writeln!(
                report,
                "{}:{}: {own} {}: {judged} is {}\n    {:?}",
                survivor.path,
                survivor.line,
                survivor.mutation.name(),
                survivor.got.name(),
                survivor.turns
            )
            .unwrap();
        }
        for unused in &stress.unused {
            let (path, line) = (&unused.path, unused.line);
            writeln!(
                report,
                "{path}:{line}: nothing needs the reason for {}",
                unused.mutation.name()
            )
            .unwrap();
        }
        for ((_, mutation), tally) in &stress.tallies {
            tried[*mutation as usize] += tally.tried;
        }
    }
    assert!(report.is_empty(), "\n{report}");
    for mutation in Mutation::ALL {
        let n = tried[mutation as usize];
        assert!(n >= 200, "{} was tried only {n} times", mutation.name());
    }
}

#[test]
fn the_same_comes_out_on_any_number_of_threads() {
    let pack = Pack::embedded("yumek").unwrap().unwrap();
    assert_eq!(of(&pack, 1), of(&pack, 3));
}

/// `(what, the criterion behind its head, survivors as "line mutation: verdict, wanted" with a + where they have a reason, reasons
/// that nothing needs as "line mutation")`. The head has six lines.
#[rustfmt::skip]
const CASES: &[(&str, &str, &[&str], &[&str])] = &[
    ("all is well",
     "[said]\nsay = \"greeting\"\nzone = \"opening\"\n[[example]]\nverdict = \"pass\"\ncall = \"О: [[Здравствуйте]], Анна!\"\n[[example]]\nverdict = \"fail\"\ncall = \"О: Алло.\\nК: здравствуйте\"\n",
     &[], &[]),
    ("thanks and goodbye in one turn close the call anywhere",
     "[said]\nsay = \"goodbye\"\nzone = \"closing\"\n[[example]]\nverdict = \"pass\"\ncall = \"О: спасибо за звонок до свидания\"\n",
     &["10 move: pass, not pass"], &[]),
    ("the same with a reason at the example",
     "[said]\nsay = \"goodbye\"\nzone = \"closing\"\n[[example]]\nsurvives = { move = \"so it is\" }\nverdict = \"pass\"\ncall = \"О: спасибо за звонок до свидания\"\n",
     &["10 move: pass, not pass +"], &[]),
    ("the same with a reason at the criterion",
     "survives = { move = \"so it is\" }\n[said]\nsay = \"goodbye\"\nzone = \"closing\"\n[[example]]\nverdict = \"pass\"\ncall = \"О: спасибо за звонок до свидания\"\n",
     &["11 move: pass, not pass +"], &[]),
    ("a reason without a word is none",
     "[said]\nsay = \"goodbye\"\nzone = \"closing\"\n[[example]]\nsurvives = { move = \" \" }\nverdict = \"pass\"\ncall = \"О: спасибо за звонок до свидания\"\n",
     &["10 move: pass, not pass"], &[]),
    ("reasons that nothing needs",
     "survives = { yo = \"why\" }\n[said]\nsay = \"goodbye\"\n[[example]]\nsurvives = { swap = \"why\" }\nverdict = \"pass\"\ncall = \"О: до свидания\"\n",
     &[], &["7 yo", "10 swap"]),
    ("what rests on commas",
     "[address]\ncheck = \"label\"\nlabels = [\"девушка\"]\n[[example]]\nverdict = \"fail\"\ncall = \"О: Хорошо, [[девушка]], я вижу.\"\n",
     &["10 bare: pass, fail"], &[]),
    ("a forbidden word that an excuse lets pass",
     "[[excuse]]\nsaid = \"goodbye\"\n[unsaid]\nsay = [\"ладно\"]\n[[example]]\nverdict = \"pass\"\ncall = \"О: хорошо до свидания\"\n[[example]]\nverdict = \"fail\"\ncall = \"О: ну [[ладно]] тогда\"\n",
     &["11 insert: na, fail"], &[]),
    ("a required word that a condition takes for another call",
     "[[unless]]\nsaid = [\"здравствуйте ирина\"]\n[said]\nsay = \"greeting\"\n[[example]]\nverdict = \"pass\"\ncall = \"О: [[здравствуйте]]\"\n[[example]]\nverdict = \"fail\"\ncall = \"О: ирина слушаю здравствуй\"\n",
     &[], &[]),
    ("an example that is wrong as it is proves nothing",
     "[said]\nsay = \"goodbye\"\nzone = \"closing\"\n[[example]]\nverdict = \"fail\"\ncall = \"О: спасибо за звонок до свидания\"\n",
     &[], &[]),
];

#[test]
fn survivors_are_named() {
    for (what, criterion, survivors, unused) in CASES {
        let pack = talk::pack(criterion);
        let stress = of(&pack, 2);
        let found: Vec<String> = stress
            .survivors
            .iter()
            .map(|one| {
                let wanted = match one.wanted {
                    Wanted::Verdict(verdict) => verdict.name().to_owned(),
                    Wanted::Not(verdict) => format!("not {}", verdict.name()),
                };
                let plus = if one.excused.is_some() { " +" } else { "" };
                let (mutation, got) = (one.mutation.name(), one.got.name());
                format!("{} {mutation}: {got}, {wanted}{plus}", one.line)
            })
            .collect();
        assert_eq!(found, *survivors, "{what}");
        let idle: Vec<String> = stress
            .unused
            .iter()
            .map(|one| format!("{} {}", one.line, one.mutation.name()))
            .collect();
        assert_eq!(idle, *unused, "{what}");
        let fine = survivors.iter().all(|one| one.ends_with('+')) && unused.is_empty();
        assert_eq!(stress.is_ok(), fine, "{what}");
    }
}
