//! Files -> calls: what each form gives, and what is said of each spoilt input.

use std::fmt::Write as _;
use std::io::Cursor;
use std::ops::ControlFlow;
use std::path::Path;

use etalon::call::{Call, Speaker};
use etalon::ingest::{self, Options, Parsed, ReadError, Source};
use etalon::locale::Lang;
use proptest::prelude::*;

fn options(roles: &str, columns: &str) -> Options {
    let mut options = Options::default();
    options.add_roles(roles).expect("roles of a test");
    options.add_columns(columns).expect("columns of a test");
    options
}

/// Everything that a file gives, a line a record.
fn run(path: &str, bytes: &[u8], options: &Options) -> String {
    let mut out = String::new();
    let mut records = 0;
    let _ = ingest::read_reader(
        path,
        Box::new(Cursor::new(bytes.to_vec())),
        options,
        &mut |batch| {
            match batch {
                Err(error) => write_error(&mut out, &error),
                Ok(batch) => {
                    for record in batch.records() {
                        records += 1;
                        match record.parse(options) {
                            Parsed::Error(error) => write_error(&mut out, &error),
                            Parsed::Call(call, notes) => {
                                assert!(record.line > 0);
                                write!(out, "{}", show(&call)).unwrap();
                                for note in notes {
                                    let line = note.line.unwrap_or(0);
                                    write!(out, " {{{} {line} x{}", note.code(), note.n_times)
                                        .unwrap();
                                    if !note.place.is_empty() {
                                        write!(out, " {}", note.place).unwrap();
                                    }
                                    out.push('}');
                                }
                                out.push('\n');
                            }
                        }
                    }
                }
            }
            ControlFlow::Continue(())
        },
    );
    out
}

fn write_error(out: &mut String, error: &ReadError) {
    for lang in [Lang::Ru, Lang::En] {
        for text in [error.message(lang), error.help(lang)] {
            assert!(!text.is_empty() && !text.contains('\n'), "{text}");
        }
    }
    let place = match (error.line, error.column) {
        (Some(line), Some(column)) => format!("{line}:{column}"),
        (Some(line), None) => format!("{line}"),
        _ => "-".to_owned(),
    };
    let call = error.call.as_deref().unwrap_or("-");
    writeln!(
        out,
        "! {} {place} {call} {}",
        error.code(),
        error.message(Lang::En)
    )
    .unwrap();
}

/// `id line direction | a[0-4100] text | c text`
fn show(call: &Call<'_>) -> String {
    let mut out = call.id.to_string();
    for (name, value) in [
        ("line", &call.line),
        ("at", &call.started_at),
        ("agent", &call.agent.name),
        ("agent_id", &call.agent.id),
        ("group", &call.agent.group),
        ("customer", &call.customer.name),
    ] {
        if let Some(value) = value {
            write!(out, " {name}={value}").unwrap();
        }
    }
    if let Some(direction) = call.direction {
        write!(out, " {}", direction.name()).unwrap();
    }
    if let Some(duration) = call.duration {
        write!(out, " {}ms", duration.0).unwrap();
    }
    for (key, value) in &call.meta {
        write!(out, " {key}:{value}").unwrap();
    }
    for event in &call.events {
        write!(out, " {:?}@{}", event.kind, event.start.0).unwrap();
    }
    for turn in &call.turns {
        let who = match turn.speaker {
            Speaker::Agent => 'a',
            Speaker::Customer => 'c',
            Speaker::System => 's',
        };
        write!(out, " | {who}").unwrap();
        if let Some(time) = turn.time {
            write!(out, "[{}-{}]", time.start.0, time.end.0).unwrap();
        }
        write!(out, " {}", turn.text).unwrap();
    }
    out
}

macro_rules! t {
    ($name:ident, $path:expr, $text:expr, $expected:expr) => {
        t!($name, $path, $text, "", "", $expected);
    };
    ($name:ident, $path:expr, $text:expr, $roles:expr, $columns:expr, $expected:expr) => {
        #[test]
        fn $name() {
            let text = $text;
            let got = run($path, text.as_ref(), &options($roles, $columns));
            assert_eq!(got.trim_end(), $expected.trim(), "\ngot:\n{got}");
        }
    };
}

mod broken;
mod csv;
mod dialog;
mod json;
mod random;
mod sources;
