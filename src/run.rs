//! Sources -> reports, on as many threads as asked for, with the same bytes on any number of them.
//!
//! One thread cuts the input into batches, the workers parse and judge them and write their part of each report, and the
//! calling thread joins the parts in the order of the input. A fixed number of batches is under way at any time, so memory
//! does not depend on the length of the input. With one thread all of this happens in the calling thread.

use std::any::Any;
use std::collections::BTreeMap;
use std::io;
use std::ops::{ControlFlow, Range};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender, bounded};

use crate::audit::Auditor;
use crate::call::Call;
use crate::criteria::Verdict;
use crate::ingest::{self, Batch, Ids, Note, Options, Parsed, ReadError, Source};
use crate::locale::Lang;
use crate::report::{ErrorRecord, Report};
use crate::score::{Outcome, Scorecard, Summary};

/// Who holds one call after another against the packs; each thread has its own.
pub trait Judge {
    /// Hands one scorecard a pack to `sink`, in the order of the packs.
    fn judge(
        &mut self,
        call: &Call<'_>,
        path: &str,
        source_line: Option<u32>,
        sink: &mut dyn FnMut(&Scorecard<'_>),
    );
}

impl Judge for Auditor<'_> {
    fn judge(
        &mut self,
        call: &Call<'_>,
        path: &str,
        source_line: Option<u32>,
        sink: &mut dyn FnMut(&Scorecard<'_>),
    ) {
        self.audit(call, path, source_line, sink);
    }
}

/// What is to be read, and how.
#[derive(Debug)]
pub struct Job<'j> {
    /// In the order of the report.
    pub sources: &'j [Source],
    /// How to read them.
    pub options: &'j Options,
    /// Number of packs.
    pub n_packs: usize,
    /// Threads that parse and judge, at least 1.
    pub threads: usize,
    /// The language of error records.
    pub lang: Lang,
    /// The line of calls that name none; `None` leaves it to the pack.
    pub line: Option<&'j str>,
}

/// A report and where its bytes go.
pub struct Output<'p, 'w> {
    /// What is written.
    pub report: Report<'p>,
    /// Where to. A broken pipe closes this output quietly and leaves the others alone.
    pub to: Box<dyn io::Write + 'w>,
    /// Nobody reads it any more.
    closed: bool,
    /// An item was written, so that the next one needs its separator.
    begun: bool,
}

impl<'p, 'w> Output<'p, 'w> {
    /// A report that nothing was written of.
    pub fn new(report: Report<'p>, to: Box<dyn io::Write + 'w>) -> Self {
        Self {
            report,
            to,
            closed: false,
            begun: false,
        }
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.closed || bytes.is_empty() {
            return Ok(());
        }
        match self.to.write_all(bytes) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            written => written,
        }
    }

    fn items(&mut self, bytes: &[u8]) -> io::Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        let skip = if self.begun {
            0
        } else {
            self.report.separator().len()
        };
        self.begun = true;
        self.write(&bytes[skip..])
    }
}

/// What happens in a run, in the order of the input.
#[derive(Debug)]
pub enum Event<'e> {
    /// A call, or a piece of a file, could not be read.
    Error(&'e ReadError),
    /// So many calls are through; the file is that of the latest.
    Progress(u64, &'e str),
}

/// A kind of doubt about calls that were read all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteTotal {
    /// Calls in which it was found.
    pub calls: u64,
    /// `path:line` of the first.
    pub first: String,
    /// What was found there.
    pub message: String,
}

/// What a run came to.
#[derive(Debug, Default)]
pub struct RunOutcome {
    /// Totals.
    pub summary: Summary,
    /// By the code of the doubt.
    pub notes: BTreeMap<&'static str, NoteTotal>,
    /// The lowest score of any scorecard; `None` where none has a score.
    pub lowest_score: Option<f64>,
    /// Scorecards with a critical fault.
    pub critical: u64,
}

/// What became of one batch.
#[derive(Default)]
struct Done {
    path: Option<Arc<str>>,
    items: Vec<Item>,
    cards: Vec<Card>,
    verdicts: Vec<Verdict>,
    /// Ids and names of agents, one after another.
    text: String,
    /// One for each output.
    buffers: Vec<Vec<u8>>,
    /// For each item, where its bytes end in each buffer.
    ends: Vec<usize>,
}

enum Item {
    Call {
        id: Range<usize>,
        line: u32,
        cards: usize,
        notes: Vec<Note>,
    },
    Error(ReadError),
}

struct Card {
    agent: Range<usize>,
    name: Range<usize>,
    group: Range<usize>,
    score: Option<f64>,
    critical: bool,
    doubtful: bool,
    verdicts: usize,
}

enum Work {
    Batch(Batch),
    Error(ReadError),
}

impl Done {
    fn clear(&mut self) {
        self.path = None;
        self.items.clear();
        self.cards.clear();
        self.verdicts.clear();
        self.text.clear();
        self.ends.clear();
        for buffer in &mut self.buffers {
            buffer.clear();
        }
    }

    fn put(text: &mut String, piece: &str) -> Range<usize> {
        let start = text.len();
        text.push_str(piece);
        start..text.len()
    }

    fn fill(
        &mut self,
        work: &Work,
        job: &Job<'_>,
        reports: &[&Report<'_>],
        judge: &mut impl Judge,
    ) {
        self.buffers.resize_with(reports.len(), Vec::new);
        match work {
            Work::Error(error) => self.error(error.clone(), job, reports),
            Work::Batch(batch) => {
                self.path = Some(batch.path().clone());
                for record in batch.records() {
                    match record.parse(job.options) {
                        Parsed::Call(mut call, notes) => {
                            if call.line.is_none() {
                                call.line = job.line.map(Into::into);
                            }
                            self.call(&call, notes, record.path, record.line, reports, judge);
                        }
                        Parsed::Error(error) => self.error(error, job, reports),
                    }
                }
            }
        }
    }

    fn call(
        &mut self,
        call: &Call<'_>,
        notes: Vec<Note>,
        path: &str,
        line: u32,
        reports: &[&Report<'_>],
        judge: &mut impl Judge,
    ) {
        let n_before = self.cards.len();
        let (buffers, text) = (&mut self.buffers, &mut self.text);
        let (cards, verdicts) = (&mut self.cards, &mut self.verdicts);
        judge.judge(call, path, Some(line), &mut |card| {
            for (report, buffer) in reports.iter().zip(buffers.iter_mut()) {
                report.card(card, buffer);
            }
            let outcome = Outcome::of(card);
            cards.push(Card {
                agent: Self::put(text, outcome.agent),
                name: Self::put(text, outcome.name),
                group: Self::put(text, outcome.group),
                score: outcome.score,
                critical: !card.critical.is_empty(),
                doubtful: outcome.doubtful,
                verdicts: card.judgements.len(),
            });
            verdicts.extend(card.judgements.iter().map(|judgement| judgement.verdict));
        });
        let item = Item::Call {
            id: Self::put(&mut self.text, &call.id),
            line,
            cards: self.cards.len() - n_before,
            notes,
        };
        self.items.push(item);
        self.ends.extend(self.buffers.iter().map(Vec::len));
    }

    fn error(&mut self, error: ReadError, job: &Job<'_>, reports: &[&Report<'_>]) {
        for (report, buffer) in reports.iter().zip(&mut self.buffers) {
            write_error(report, &error, job.lang, buffer);
        }
        self.items.push(Item::Error(error));
        self.ends.extend(self.buffers.iter().map(Vec::len));
    }
}

fn write_error(report: &Report<'_>, error: &ReadError, lang: Lang, out: &mut Vec<u8>) {
    let message = error.message(lang);
    let record = ErrorRecord {
        path: &error.path,
        line: error.line,
        call: error.call.as_deref(),
        error: &message,
    };
    report.error(&record, out);
}

/// Joins what the workers made, in the order of the input.
struct Writer<'w, 'p, 'o> {
    outputs: &'w mut [Output<'p, 'o>],
    on: &'w mut dyn FnMut(Event<'_>),
    ids: Ids,
    lang: Lang,
    outcome: RunOutcome,
}

impl Writer<'_, '_, '_> {
    /// Goes on counting when nobody reads any output: the totals decide how the run went.
    fn deliver(&mut self, done: &Done) -> io::Result<()> {
        let no_path: Arc<str> = Arc::from("");
        let path = done.path.as_ref().unwrap_or(&no_path);
        let n_outputs = self.outputs.len();
        let (mut cards, mut verdicts) = (&done.cards[..], &done.verdicts[..]);
        // Bytes up to here are written or left out.
        let mut begins = vec![0; n_outputs];
        for (idx, item) in done.items.iter().enumerate() {
            match item {
                Item::Error(error) => {
                    self.outcome.summary.errors += 1;
                    (self.on)(Event::Error(error));
                }
                Item::Call {
                    id,
                    line,
                    cards: n,
                    notes,
                } => {
                    let (own, rest) = cards.split_at(*n);
                    cards = rest;
                    let n_verdicts = own.iter().map(|card| card.verdicts).sum();
                    let (own_verdicts, rest) = verdicts.split_at(n_verdicts);
                    verdicts = rest;
                    match self.ids.add(&done.text[id.clone()], path, *line) {
                        Ok(()) => {
                            self.count(done, own, own_verdicts);
                            self.note(path, *line, notes);
                        }
                        Err(error) => {
                            // Its scorecards give way to an error record.
                            self.outcome.summary.errors += 1;
                            for (at, output) in self.outputs.iter_mut().enumerate() {
                                let from = match idx {
                                    0 => 0,
                                    _ => done.ends[(idx - 1) * n_outputs + at],
                                };
                                output.items(&done.buffers[at][begins[at]..from])?;
                                begins[at] = done.ends[idx * n_outputs + at];
                                let mut record = Vec::new();
                                write_error(&output.report, &error, self.lang, &mut record);
                                output.items(&record)?;
                            }
                            (self.on)(Event::Error(&error));
                        }
                    }
                }
            }
        }
        for ((output, buffer), begin) in self.outputs.iter_mut().zip(&done.buffers).zip(begins) {
            output.items(&buffer[begin..])?;
        }
        let summary = &self.outcome.summary;
        (self.on)(Event::Progress(summary.calls + summary.errors, path));
        Ok(())
    }

    fn count(&mut self, done: &Done, cards: &[Card], mut verdicts: &[Verdict]) {
        self.outcome.summary.calls += 1;
        for (pack_idx, card) in cards.iter().enumerate() {
            let outcome = Outcome {
                agent: &done.text[card.agent.clone()],
                name: &done.text[card.name.clone()],
                group: &done.text[card.group.clone()],
                score: card.score,
                doubtful: card.doubtful,
            };
            let (own, rest) = verdicts.split_at(card.verdicts);
            verdicts = rest;
            let summary = &mut self.outcome.summary;
            summary.add(pack_idx, outcome, own.iter().copied());
            self.outcome.critical += u64::from(card.critical);
            if let Some(score) = card.score {
                let lowest = self.outcome.lowest_score.unwrap_or(score);
                self.outcome.lowest_score = Some(lowest.min(score));
            }
        }
    }

    fn note(&mut self, path: &str, line: u32, notes: &[Note]) {
        for note in notes {
            let total = self.outcome.notes.entry(note.code());
            let total = total.or_insert_with(|| NoteTotal {
                calls: 0,
                first: format!("{path}:{}", note.line.unwrap_or(line)),
                message: note.message(self.lang),
            });
            total.calls += 1;
        }
    }
}

/// Reads `job.sources`, judges every call and writes every report. `early` are troubles that were found before: they stand
/// first. `on` is told of errors and of progress.
///
/// # Errors
/// An output cannot be written (a broken pipe is no error: see [`Output::to`]).
///
/// # Panics
/// Where a judge panics: that is a bug, and no call is left out because of it.
pub fn run<'p, J: Judge>(
    job: &Job<'_>,
    early: Vec<ReadError>,
    new_judge: &(dyn Fn() -> J + Sync),
    outputs: &mut [Output<'p, '_>],
    on: &mut dyn FnMut(Event<'_>),
) -> io::Result<RunOutcome> {
    let reports: Vec<Report<'p>> = outputs.iter().map(|output| output.report.clone()).collect();
    let reports: Vec<&Report<'p>> = reports.iter().collect();
    for output in outputs.iter_mut() {
        let mut head = Vec::new();
        output.report.head(&mut head);
        output.write(&head)?;
    }
    let mut writer = Writer {
        outputs,
        on,
        ids: Ids::default(),
        lang: job.lang,
        outcome: RunOutcome {
            summary: Summary::new(job.n_packs),
            ..RunOutcome::default()
        },
    };
    let early = early.into_iter().map(Work::Error);
    if job.threads <= 1 {
        alone(job, early, new_judge(), &reports, &mut writer)?;
    } else {
        together(job, early, new_judge, &reports, &mut writer)?;
    }
    let outcome = writer.outcome;
    for output in outputs.iter_mut() {
        let mut tail = Vec::new();
        output.report.tail(&outcome.summary, &mut tail);
        output.write(&tail)?;
        match output.to.flush() {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error),
            _ => {}
        }
    }
    Ok(outcome)
}

/// Hands every piece of work to `sink` in the order of the input, until it breaks.
fn each_work(
    job: &Job<'_>,
    early: impl Iterator<Item = Work>,
    sink: &mut dyn FnMut(Work) -> ControlFlow<()>,
) -> ControlFlow<()> {
    for work in early {
        sink(work)?;
    }
    for source in job.sources {
        ingest::read(source, job.options, &mut |piece| {
            sink(match piece {
                Ok(batch) => Work::Batch(batch),
                Err(error) => Work::Error(error),
            })
        })?;
    }
    ControlFlow::Continue(())
}

fn alone(
    job: &Job<'_>,
    early: impl Iterator<Item = Work>,
    mut judge: impl Judge,
    reports: &[&Report<'_>],
    writer: &mut Writer<'_, '_, '_>,
) -> io::Result<()> {
    let mut done = Done::default();
    let mut result = Ok(());
    let _ = each_work(job, early, &mut |work| {
        done.clear();
        done.fill(&work, job, reports, &mut judge);
        match writer.deliver(&done) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                result = Err(error);
                ControlFlow::Break(())
            }
        }
    });
    result
}

type Panic = Box<dyn Any + Send>;

fn together<J: Judge>(
    job: &Job<'_>,
    early: impl Iterator<Item = Work> + Send,
    new_judge: &(dyn Fn() -> J + Sync),
    reports: &[&Report<'_>],
    writer: &mut Writer<'_, '_, '_>,
) -> io::Result<()> {
    // Every batch under way owns one of the `Done`s, so their number bounds memory. A few more than threads let the others
    // go on while one batch is slow.
    let n_under_way = job.threads + job.threads / 2 + 2;
    let (give_back, spare): (Sender<Done>, Receiver<Done>) = bounded(n_under_way);
    for _ in 0..n_under_way {
        give_back
            .send(Done::default())
            .expect("the channel holds as many");
    }
    let (to_do, work): (Sender<(u64, Work, Done)>, _) = bounded(n_under_way);
    let (finish, finished): (Sender<(u64, Result<Done, Panic>)>, _) = bounded(n_under_way);

    let result = std::thread::scope(|scope| {
        scope.spawn(move || {
            let mut number = 0;
            let _ = each_work(job, early, &mut |work| {
                // Either channel closes when the writer gives up.
                let Ok(done) = spare.recv() else {
                    return ControlFlow::Break(());
                };
                if to_do.send((number, work, done)).is_err() {
                    return ControlFlow::Break(());
                }
                number += 1;
                ControlFlow::Continue(())
            });
        });
        for _ in 0..job.threads {
            let (work, finish) = (work.clone(), finish.clone());
            scope.spawn(move || {
                let mut judge = new_judge();
                for (number, work, mut done) in work {
                    let filled = catch_unwind(AssertUnwindSafe(|| {
                        done.fill(&work, job, reports, &mut judge);
                        done
                    }));
                    let panicked = filled.is_err();
                    if finish.send((number, filled)).is_err() || panicked {
                        return;
                    }
                }
            });
        }
        drop((work, finish));
        // Moved in, so that both close when the loop ends for whatever reason.
        let (finished, give_back) = (finished, give_back);
        let mut waiting: BTreeMap<u64, Done> = BTreeMap::new();
        let mut next = 0;
        for (number, filled) in finished {
            match filled {
                Ok(done) => waiting.insert(number, done),
                Err(panic) => return Err(panic),
            };
            while let Some(mut done) = waiting.remove(&next) {
                next += 1;
                match writer.deliver(&done) {
                    Ok(()) => {}
                    Err(error) => return Ok(Err(error)),
                }
                done.clear();
                // The reader may be through already.
                let _ = give_back.send(done);
            }
        }
        Ok(Ok(()))
    });
    result.unwrap_or_else(|panic| resume_unwind(panic))
}
