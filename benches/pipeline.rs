//! The budgets of the whole way, as ratios measured in one run: `cargo bench --bench pipeline`.
//!
//! `docs/PERFORMANCE.md` says what is measured and how to read it.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark prints what it measured"
)]

#[path = "corpus/mod.rs"]
mod corpus;

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use etalon::audit::Auditor;
use etalon::ingest::{self, Options, Source};
use etalon::locale::Lang;
use etalon::pack::Pack;
use etalon::report::{Format, Look, Report};
use etalon::run::{self, Job, Output};

const ETALON: &str = env!("CARGO_BIN_EXE_etalon");

fn main() {
    // `cargo bench` passes `--bench`; `cargo test --benches` does not, and then there is nothing to measure.
    let args: Vec<String> = std::env::args().skip(1).collect();
    if !args.iter().any(|arg| arg == "--bench") {
        return;
    }
    let quick = args.iter().any(|arg| arg == "quick");
    let n_calls = if quick { 2_000 } else { 20_000 };
    let rounds = if quick { 2 } else { 3 };

    let pack = Pack::embedded("mts").expect("the pack is inside the program");
    let packs = [pack.unwrap_or_else(|errors| panic!("the pack loads: {errors:?}"))];
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let path = folder.join(format!("corpus-{n_calls}.ndjson"));
    let corpus = corpus::write(&path, &packs[0], 0..n_calls).expect("the corpus can be written");
    println!(
        "corpus: {n_calls} calls, {:.0} MB, {} distinct word forms",
        corpus.bytes as f64 / 1e6,
        corpus.n_distinct
    );
    let megabytes = corpus.bytes as f64 / 1e6;

    let mut bare = Duration::MAX;
    let mut one = Duration::MAX;
    let mut two = Duration::MAX;
    let mut python = Duration::MAX;
    for _ in 0..rounds {
        bare = bare.min(timed(|| bare_parse(&path, n_calls)));
        one = one.min(timed(|| audit(&path, &packs, 1, n_calls)));
        two = two.min(timed(|| audit(&path, &packs, 2, n_calls)));
        python = python.min(python_reads(&path).unwrap_or(Duration::MAX));
    }
    let line = |what: &str, time: Duration| {
        let seconds = time.as_secs_f64();
        println!(
            "{what:<28} {seconds:>7.3} s  {:>7.0} MB/s  {:>8.0} calls/s  {:>6.1} µs a call",
            megabytes / seconds,
            n_calls as f64 / seconds,
            1e6 * seconds / n_calls as f64
        );
    };
    line("bare parse", bare);
    line("audit, one thread", one);
    line("audit, two threads", two);
    if python < Duration::MAX {
        line("python json.loads by line", python);
    } else {
        println!("python3 is not here: not compared");
    }
    let ratio = |what: &str, value: f64, budget: &str| {
        println!("{what:<44} {value:>6.2}  ({budget})");
    };
    println!();
    let of = |a: Duration, b: Duration| a.as_secs_f64() / b.as_secs_f64();
    ratio(
        "audit -j1 / bare parse",
        of(one, bare),
        "budget ≤ 6, bar ≤ 8",
    );
    ratio("audit -j1 / audit -j2", of(one, two), "budget ≥ 1.7");
    if python < Duration::MAX {
        ratio("audit -j1 / python json.loads", of(one, python), "bar ≤ 1");
    }

    println!(
        "{:<44} {:>6.2} µs (budget ≤ 8)",
        "writing one scorecard as NDJSON",
        writing(&path, &packs)
    );
    let show = show(&path);
    println!(
        "{:<44} {show:>6.1} ms (budget ≤ 30, bar ≤ 40)",
        "show of one call, whole process"
    );
    memory(folder, &packs[0], if quick { 5_000 } else { 110_000 });
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// The least that reading the file can cost: its bytes, UTF-8 once, every line into borrowed text.
fn bare_parse(path: &Path, n_calls: usize) {
    let bytes = std::fs::read(path).expect("the corpus can be read");
    let text = simdutf8::basic::from_utf8(&bytes).expect("the corpus is UTF-8");
    let mut n_turns = 0;
    let mut n_lines = 0;
    for line in text.lines() {
        let call = ingest::parse_bare(line).expect("the corpus is sound");
        n_turns += std::hint::black_box(call).turns.len();
        n_lines += 1;
    }
    assert_eq!(n_lines, n_calls);
    std::hint::black_box(n_turns);
}

/// The whole way of every call, NDJSON to nowhere.
fn audit(path: &Path, packs: &[Pack], threads: usize, n_calls: usize) {
    let sources = [Source::new(path)];
    let options = Options::default();
    let job = Job {
        sources: &sources,
        options: &options,
        n_packs: packs.len(),
        threads,
        lang: Lang::Ru,
        line: None,
    };
    let look = Look {
        lang: Lang::Ru,
        width: 100,
        color: false,
    };
    let infos = packs.iter().map(Pack::info).collect();
    let report = Report::new(Format::Ndjson, infos, look);
    let mut outputs = [Output::new(report, Box::new(io::sink()))];
    let judge = || Auditor::new(packs, Lang::Ru);
    let outcome = run::run(&job, Vec::new(), &judge, &mut outputs, &mut |_| {});
    let outcome = outcome.expect("nowhere takes all");
    assert_eq!(outcome.summary.errors, 0);
    assert_eq!(outcome.summary.calls, n_calls as u64);
}

/// What Python needs to read the same file, without its start; `None` where there is no Python.
fn python_reads(path: &Path) -> Option<Duration> {
    const SCRIPT: &str = "import json, sys, time\n\
        start = time.perf_counter()\n\
        n = 0\n\
        with open(sys.argv[1], encoding='utf-8') as file:\n    \
            for line in file:\n        \
                n += len(json.loads(line)['turns'])\n\
        print(time.perf_counter() - start)";
    let output = Command::new("python3")
        .args(["-c", SCRIPT])
        .arg(path)
        .output();
    let output = output.ok().filter(|output| output.status.success())?;
    let seconds = String::from_utf8(output.stdout).ok()?;
    Some(Duration::from_secs_f64(seconds.trim().parse().ok()?))
}

/// Microseconds that one scorecard takes to write.
fn writing(corpus: &Path, packs: &[Pack]) -> f64 {
    const TIMES: u32 = 2_000;
    let text = std::fs::read_to_string(corpus).expect("the corpus can be read");
    let mut auditor = Auditor::new(packs, Lang::Ru);
    let mut spent = Duration::ZERO;
    let mut n_cards = 0;
    let mut out = Vec::new();
    for line in text.lines().take(20) {
        let call = ingest::parse_bare(line).expect("the corpus is sound");
        auditor.audit(&call, "corpus.ndjson", Some(1), &mut |card| {
            let start = Instant::now();
            for _ in 0..TIMES {
                out.clear();
                etalon::report::ndjson::write(std::hint::black_box(card), &mut out);
            }
            spent += start.elapsed();
            n_cards += TIMES;
        });
    }
    spent.as_secs_f64() * 1e6 / f64::from(n_cards)
}

/// Milliseconds of `etalon show` from start to end: the median of many.
fn show(corpus: &Path) -> f64 {
    let text = std::fs::read_to_string(corpus).expect("the corpus can be read");
    let call = corpus.with_file_name("one-call.json");
    let first = text.lines().next().expect("the corpus has calls");
    std::fs::write(&call, first).expect("the folder can be written");
    let mut times: Vec<f64> = (0..31)
        .map(|_| {
            let start = Instant::now();
            let status = Command::new(ETALON)
                .arg("show")
                .arg(&call)
                .stdout(Stdio::null())
                .status();
            assert!(status.is_ok_and(|status| status.success()));
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// The most memory that an audit of a long file ever held.
fn memory(folder: &Path, pack: &Pack, n_calls: usize) {
    let path = folder.join("long.ndjson");
    let corpus = corpus::write(&path, pack, 0..n_calls).expect("the long file can be written");
    for threads in ["1", "2"] {
        let start = Instant::now();
        let mut child = Command::new(ETALON)
            .args(["audit", "--format", "ndjson", "-j", threads])
            .arg(&path)
            .stdout(Stdio::null())
            .spawn()
            .expect("the program starts");
        let mut most = 0;
        loop {
            if let Some(kilobytes) = high_water(child.id()) {
                most = most.max(kilobytes);
            }
            match child.try_wait() {
                Ok(None) => std::thread::sleep(Duration::from_millis(20)),
                Ok(Some(status)) if status.success() => break,
                other => panic!("the audit ends well: {other:?}"),
            }
        }
        println!(
            "memory on {:.2} GB, {threads} thread(s): {:>6.1} MB (budget ≤ 150), {:.1} s",
            corpus.bytes as f64 / 1e9,
            f64::from(most) / 1024.0,
            start.elapsed().as_secs_f64()
        );
    }
    if let Err(error) = std::fs::remove_file(&path) {
        eprintln!("{}: {error}", path.display());
    }
}

/// Kilobytes, where the system tells (Linux).
fn high_water(pid: u32) -> Option<u32> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}
