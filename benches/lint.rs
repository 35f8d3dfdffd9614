//! What `etalon lint` costs, as a ratio measured in one run: `cargo bench --bench lint`.
//!
//! `docs/PERFORMANCE.md` says what is measured and how to read it.
#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

#[path = "corpus/source.rs"]
mod source;

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use etalon::pack::Pack;
use source::{Random, sentences};

const ETALON: &str = env!("CARGO_BIN_EXE_etalon");
const N_TEMPLATES: usize = 2_000;
const TEMPLATE_BYTES: usize = 4 * 1024;
const N_STARTS: usize = 31;

fn main() {
    // `cargo bench` passes `--bench`; `cargo test --benches` does not, and then there is nothing to measure.
    let args: Vec<String> = std::env::args().skip(1).collect();
    if !args.iter().any(|arg| arg == "--bench") {
        return;
    }
    let rounds = if args.iter().any(|arg| arg == "quick") {
        3
    } else {
        9
    };
    let pack = Pack::embedded("mts").expect("the pack is inside the program");
    let pack = pack.unwrap_or_else(|errors| panic!("the pack loads: {errors:?}"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("templates");
    let paths = write(&folder, &pack);
    let bytes: u64 = paths
        .iter()
        .map(|path| std::fs::metadata(path).map_or(0, |data| data.len()))
        .sum();
    println!(
        "corpus: {} templates, {:.1} MB (Markdown, text, HTML)",
        paths.len(),
        bytes as f64 / 1e6
    );

    let (mut bare, mut lint) = (Duration::MAX, Duration::MAX);
    let mut ratios = Vec::new();
    let (mut bare_cpu, mut lint_cpu) = (Duration::ZERO, Duration::ZERO);
    for _ in 0..rounds {
        let (own, children) = cpu();
        let one = timed(|| lower_case(&paths));
        bare_cpu += cpu().0.saturating_sub(own);
        let other = timed(|| whole_run(&folder));
        lint_cpu += cpu().1.saturating_sub(children);
        ratios.push(other.as_secs_f64() / one.as_secs_f64());
        bare = bare.min(one);
        lint = lint.min(other);
    }
    for (what, time) in [("read and lower-case", bare), ("lint, whole run", lint)] {
        let seconds = time.as_secs_f64();
        println!(
            "{what:<28} {:>7.1} ms  {:>6.0} MB/s  {:>6.1} µs a template",
            1e3 * seconds,
            bytes as f64 / 1e6 / seconds,
            1e6 * seconds / paths.len() as f64
        );
    }
    println!();
    println!(
        "{:<52} {:>6.2}  (bar ≤ 10)",
        "lint / read and lower-case, best of each",
        lint.as_secs_f64() / bare.as_secs_f64()
    );
    println!(
        "{:<52} {:>6.2}",
        "the same, median of the rounds",
        median(&mut ratios)
    );
    if !bare_cpu.is_zero() {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let ratio = lint_cpu.as_secs_f64() / bare_cpu.as_secs_f64();
        println!(
            "{:<52} {:>6.2}  on {threads} cores with nothing else to do",
            "processor time of the same, a core",
            ratio / threads as f64
        );
    }
    let (mut first, mut whole) = (Vec::new(), Vec::new());
    for _ in 0..N_STARTS {
        let (one, all) = start(&paths[0]);
        first.push(one);
        whole.push(all);
    }
    println!(
        "{:<52} {:>6.1} ms (bar ≤ 40)",
        "one template, from start to the first finding",
        median(&mut first)
    );
    println!(
        "{:<52} {:>6.1} ms",
        "one template, whole process",
        median(&mut whole)
    );
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// Processor time of this thread, and of the processes that it waited for; 0 where the system does not tell (not Linux).
fn cpu() -> (Duration, Duration) {
    let read = |name: &str| std::fs::read_to_string(format!("/proc/self/{name}"));
    let own = read("schedstat").unwrap_or_default();
    let own = own.split(' ').next().and_then(|ns| ns.parse().ok());
    let stat = read("stat").unwrap_or_default();
    // Behind the name, which may hold anything: user and system time of children are the 14th and 15th, in hundredths of a second.
    let stat = stat.rsplit(')').next().unwrap_or_default();
    let ticks = stat.split_whitespace().skip(13).take(2);
    let ticks: u64 = ticks.filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
    (
        Duration::from_nanos(own.unwrap_or(0)),
        Duration::from_millis(ticks * 10),
    )
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// The least that looking for words in templates can cost: every file read, every letter in lower case.
fn lower_case(paths: &[PathBuf]) {
    let mut n_bytes = 0;
    for path in paths {
        let bytes = std::fs::read(path).expect("a template can be read");
        let text = String::from_utf8(bytes).expect("a template is UTF-8");
        n_bytes += std::hint::black_box(text.to_lowercase()).len();
    }
    std::hint::black_box(n_bytes);
}

/// The whole process on the whole folder, to nowhere.
fn whole_run(folder: &Path) {
    let status = Command::new(ETALON)
        .args([
            "lint",
            "--no-config",
            "--format",
            "ndjson",
            "--fail-on",
            "never",
        ])
        .arg(folder)
        .stdout(Stdio::null())
        .status();
    assert!(status.is_ok_and(|status| status.success()));
}

/// Milliseconds of one template: to the first byte of the first finding, and to the end of the process.
fn start(path: &Path) -> (f64, f64) {
    let start = Instant::now();
    let mut child = Command::new(ETALON)
        .args(["lint", "--no-config", "--fail-on", "never"])
        .arg(path)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut out = child.stdout.take().expect("the output is piped");
    out.read_exact(&mut [0])
        .expect("the template has a finding");
    let first = start.elapsed();
    out.read_to_end(&mut Vec::new())
        .expect("the output can be read");
    assert!(child.wait().is_ok_and(|status| status.success()));
    (
        first.as_secs_f64() * 1e3,
        start.elapsed().as_secs_f64() * 1e3,
    )
}

/// Writes templates made of turns of the pack's examples, the same at every run; gives their paths in order.
fn write(folder: &Path, pack: &Pack) -> Vec<PathBuf> {
    let _ = std::fs::remove_dir_all(folder);
    std::fs::create_dir_all(folder).expect("the folder can be made");
    let sentences = sentences(pack);
    (0..N_TEMPLATES)
        .map(|number| {
            let mut random = Random(0x7e57 ^ (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
            let kind = [Kind::Markdown, Kind::Plain, Kind::Html][number % 3];
            let path = folder.join(format!("{number:04}.{}", kind.ending()));
            std::fs::write(&path, template(kind, &sentences, &mut random))
                .expect("a template can be written");
            path
        })
        .collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Markdown,
    Plain,
    Html,
}

impl Kind {
    fn ending(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Plain => "txt",
            Self::Html => "html",
        }
    }
}

const HEADINGS: [&str; 6] = [
    "Приветствие",
    "Выяснение вопроса",
    "Удержание",
    "Ответ",
    "Что делать, если номер чужой",
    "Прощание",
];

/// Sections with what templates are made of: labelled turns, paragraphs, quotations in instructions, lists, conditions.
fn template(kind: Kind, sentences: &[(bool, String)], random: &mut Random) -> String {
    let mut text = String::new();
    if kind == Kind::Html {
        text.push_str("<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head><body>\n");
    }
    let mut n_sections = 0;
    while text.len() < TEMPLATE_BYTES {
        let heading = HEADINGS[n_sections % HEADINGS.len()];
        let _ = match kind {
            Kind::Markdown => writeln!(text, "## {heading}\n"),
            Kind::Plain => writeln!(text, "{}\n", heading.to_uppercase()),
            Kind::Html => writeln!(text, "<h2>{heading}</h2>"),
        };
        n_sections += 1;
        for _ in 0..3 + random.below(4) {
            let (from_agent, said) = &sentences[random.below(sentences.len() as u64) as usize];
            let label = if *from_agent {
                "Оператор"
            } else {
                "Клиент"
            };
            let line = match random.below(8) {
                0 => format!("После этого скажите клиенту: «{said}»"),
                1 => format!("Если клиент согласен: {label}: {said}"),
                _ => format!("{label}: {said}"),
            };
            let listed = random.below(6) == 0;
            let _ = match kind {
                Kind::Markdown if listed => writeln!(text, "- {line}\n"),
                Kind::Markdown => writeln!(text, "{line}\n"),
                Kind::Plain if listed => writeln!(text, "- {line}"),
                Kind::Plain => writeln!(text, "{line}\n"),
                Kind::Html if listed => writeln!(text, "<ul><li>{line}</li></ul>"),
                Kind::Html => writeln!(text, "<p>{line}</p>"),
            };
        }
    }
    if kind == Kind::Html {
        text.push_str("</body></html>\n");
    }
    text
}
