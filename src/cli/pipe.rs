//! `etalon pipe`: NDJSON -> NDJSON, one line in, one line out, in the same order.
//!
//! It keeps nothing of a line, so any engine may split the stream among any number of processes. Whatever has arrived is
//! answered before more is waited for.

use std::io::{self, Read, Write};
use std::sync::Arc;

use clap::Args;
use etalon::audit::Auditor;
use etalon::ingest::{Options, Parsed, Record};
use etalon::report::{ErrorRecord, ndjson};

use super::{Reading, Speech, Status, diagnostics, locale, packs};

#[derive(Debug, Args)]
pub(super) struct PipeArgs {
    /// Pack of rules: mts, yumek, or the path of a folder
    #[arg(short, long, value_name = "PACK", default_value = "mts")]
    pack: String,
    #[command(flatten)]
    reading: Reading,
    /// Line whose requirements hold for calls that name none
    #[arg(long, value_name = "LINE")]
    line: Option<String>,
}

const BLOCK_BYTES: usize = 256 * 1024;
/// A longer line is no call: it is answered with an error and passed over without being kept.
const LINE_MEGABYTES_MAX: usize = 32;

struct Pipe<'p> {
    auditor: Auditor<'p>,
    options: Options,
    path: Arc<str>,
    line: Option<&'p str>,
    speech: Speech,
    n_lines: u32,
    n_errors: u64,
    out: Vec<u8>,
}

pub(super) fn run(args: &PipeArgs, speech: Speech) -> anyhow::Result<Status> {
    let options = args.reading.options(speech.lang())?;
    let Some(pack) = packs::load_one(&args.pack, speech)? else {
        return Ok(Status::CouldNotRun);
    };
    let packs = [pack];
    packs::ensure_line(args.line.as_deref(), &packs, speech.lang())?;
    let mut pipe = Pipe {
        auditor: Auditor::new(&packs, speech.lang()),
        options,
        path: Arc::from("-"),
        line: args.line.as_deref(),
        speech,
        n_lines: 0,
        n_errors: 0,
        out: Vec::new(),
    };
    pipe.stream(&mut io::stdin().lock(), &mut io::stdout().lock())?;
    if pipe.n_errors > 0 {
        let n_scored = u64::from(pipe.n_lines) - pipe.n_errors;
        let text = locale::unreadable(speech.lang(), pipe.n_errors, n_scored);
        diagnostics::note(&text, speech.lang());
    }
    Ok(Status::of(false, pipe.n_errors))
}

impl Pipe<'_> {
    fn stream(&mut self, input: &mut dyn Read, output: &mut dyn Write) -> anyhow::Result<()> {
        let mut block = vec![0; BLOCK_BYTES];
        // The beginning of a line whose end has not arrived; `None` while a line that is too long passes by.
        let mut begun: Option<Vec<u8>> = Some(Vec::new());
        loop {
            // Gives what has arrived, and waits only if that is nothing.
            let n = match input.read(&mut block) {
                Ok(n) => n,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error.into()),
            };
            if n == 0 {
                if let Some(line) = begun.filter(|line| !line.is_empty()) {
                    self.answer(&line);
                }
                output.write_all(&self.out)?;
                return Ok(output.flush()?);
            }
            let mut rest = &block[..n];
            while let Some(end) = memchr::memchr(b'\n', rest) {
                match &mut begun {
                    None => begun = Some(Vec::new()),
                    Some(line) if line.is_empty() => self.answer(&rest[..end]),
                    Some(line) => {
                        line.extend_from_slice(&rest[..end]);
                        let line = std::mem::take(line);
                        self.answer(&line);
                    }
                }
                rest = &rest[end + 1..];
            }
            if let Some(line) = &mut begun {
                line.extend_from_slice(rest);
                if line.len() > LINE_MEGABYTES_MAX << 20 {
                    begun = None;
                    self.n_lines += 1;
                    let text = locale::long_line(self.speech.lang(), LINE_MEGABYTES_MAX);
                    self.error(None, &text);
                }
            }
            output.write_all(&self.out)?;
            output.flush()?;
            self.out.clear();
        }
    }

    fn answer(&mut self, line: &[u8]) {
        self.n_lines += 1;
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let line = match self.n_lines {
            1 => line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line),
            _ => line,
        };
        let path = self.path.clone();
        match Record::of_line(&path, self.n_lines, line).parse(&self.options) {
            Parsed::Call(mut call, _) => {
                if call.line.is_none() {
                    call.line = self.line.map(Into::into);
                }
                let out = &mut self.out;
                let line = Some(self.n_lines);
                self.auditor
                    .audit(&call, "-", line, &mut |card| ndjson::write(card, out));
            }
            Parsed::Error(error) => {
                let message = error.message(self.speech.lang());
                self.error(error.call.as_deref(), &message);
            }
        }
    }

    fn error(&mut self, call: Option<&str>, message: &str) {
        self.n_errors += 1;
        let record = ErrorRecord {
            path: "-",
            line: Some(self.n_lines),
            call,
            error: message,
        };
        ndjson::write_error(&record, &mut self.out);
    }
}
