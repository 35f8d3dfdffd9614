//! `--watch`: changes of files -> one more pass.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::Metadata;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use anyhow::Context as _;
use etalon::locale::Lang;
use notify::event::ModifyKind;
use notify::{EventKind, RecursiveMode, Watcher as _};

use super::super::{Speech, Status, diagnostics, locale};
use super::project::Project;
use super::{LintArgs, STDIN, Standard, collect, pass, shown};

/// Editors write a file in several steps, and checkouts many files: changes that come within this belong together.
const QUIET: Duration = Duration::from_millis(80);
/// However long changes go on, so often they are looked at.
const BURST_MAX: usize = 10_000;

/// When files were written last, and how long they are.
type Stamps = BTreeMap<PathBuf, Metadata>;

/// Lints, waits for a change and lints again; ends with the process, or when nobody reads what it writes.
pub(super) fn run(args: &LintArgs, speech: Speech) -> anyhow::Result<Status> {
    let lang = speech.lang();
    check(args, lang)?;
    let (send, events) = mpsc::channel();
    let watcher = notify::recommended_watcher(move |event| {
        // The receiver is gone only when the process ends.
        let _ = send.send(event);
    });
    let mut folders = Folders {
        watcher: watcher.context(locale::lint_no_watch(lang))?,
        watched: BTreeSet::new(),
    };
    let mut standard: Option<Standard> = None;
    let mut seen: Option<Seen> = None;
    loop {
        // Watched first and looked at then: nothing that changes in between is missed.
        folders.watch(args, lang)?;
        let rules = stamps(rule_files(args));
        let templates = stamps(template_files(args, standard.as_ref(), lang)?);
        let others = changed(seen.as_ref().map(|seen| &seen.rules), &rules);
        let names = match &others[..] {
            [] => changed(seen.as_ref().map(|seen| &seen.templates), &templates),
            // They decide which templates there are.
            _ => others.clone(),
        };
        if seen.is_some() && names.is_empty() {
            for gone in wait(&events) {
                // A folder that comes again under the same name is another one.
                folders.watched.retain(|folder| !folder.starts_with(&gone));
            }
            continue;
        }
        if seen.is_some() && !say(&locale::lint_changed(lang, &names))? {
            return Ok(Status::Done);
        }
        let first = seen.is_none();
        let mut now = Seen { rules, templates };
        if standard.is_none() || !others.is_empty() {
            // The old one goes before the new one comes: neither is small.
            drop(standard.take());
            standard = told(Standard::find(args, speech), first, speech)?.flatten();
            now.templates = stamps(template_files(args, standard.as_ref(), lang)?);
        }
        if let Some(standard) = &standard {
            let files = collect(args, &standard.project, lang);
            let passed = files.and_then(|files| pass(args, standard, &files, speech));
            told(passed, first, speech)?;
        }
        if !say(locale::lint_waits(lang))? {
            return Ok(Status::Done);
        }
        seen = Some(now);
    }
}

/// What is wrong on the command line ends the run; what goes wrong later is said, and may be mended.
fn told<T>(result: anyhow::Result<T>, first: bool, speech: Speech) -> anyhow::Result<Option<T>> {
    match result {
        Ok(done) => Ok(Some(done)),
        Err(error) if first => Err(error),
        Err(error) => {
            diagnostics::failure(&error, speech);
            Ok(None)
        }
    }
}

/// How things stood when they were linted.
struct Seen {
    /// The configuration and the files of packs.
    rules: Stamps,
    /// Templates, and what is known of them.
    templates: Stamps,
}

/// Fails on what makes no sense again and again.
fn check(args: &LintArgs, lang: Lang) -> anyhow::Result<()> {
    let refused = |what: &str, why| anyhow::bail!(locale::lint_watch_not(lang, what, why));
    if args.paths.iter().any(|path| path.as_os_str() == STDIN) {
        return refused("-", locale::WatchNot::Once);
    }
    if args.format.machine().is_some() {
        let format = format!("--format {}", args.format.name());
        return refused(&format, locale::WatchNot::Report);
    }
    if !args.outputs.is_empty() {
        return refused("-o", locale::WatchNot::Report);
    }
    if args.fixing.wanted().is_some() {
        let flag = if args.fixing.only_shows() {
            "--diff"
        } else {
            "--fix"
        };
        return refused(flag, locale::WatchNot::Writes);
    }
    if args.baseline.writes() {
        return refused("--write-baseline", locale::WatchNot::Writes);
    }
    Ok(())
}

/// The folders that are watched, each without its subfolders: what git ignores may be very many.
struct Folders {
    watcher: notify::RecommendedWatcher,
    watched: BTreeSet<PathBuf>,
}

impl Folders {
    /// Watches all in which something that matters may change.
    fn watch(&mut self, args: &LintArgs, lang: Lang) -> anyhow::Result<()> {
        let mut wanted = BTreeSet::new();
        let packs = pack_folders(args);
        let walk = packs.iter().flat_map(walkdir::WalkDir::new).flatten();
        let found = walk.filter(|entry| entry.file_type().is_dir());
        wanted.extend(found.map(walkdir::DirEntry::into_path));
        wanted.extend(args.baseline.file().map(home));
        for path in &args.paths {
            if !path.is_dir() {
                wanted.insert(home(path));
                continue;
            }
            let mut walk = ignore::WalkBuilder::new(path);
            walk.require_git(false);
            let found = walk.build().flatten();
            let found = found.filter(|entry| entry.file_type().is_some_and(|kind| kind.is_dir()));
            wanted.extend(found.map(ignore::DirEntry::into_path));
        }
        // A folder above that nobody may look into has no configuration for anybody.
        let above: BTreeSet<PathBuf> = args.config.folders(&args.first()).into_iter().collect();
        self.set(&wanted, &above, lang)
    }

    /// Watches these and no others; the ones that are `optional` where that can be done.
    fn set(
        &mut self,
        wanted: &BTreeSet<PathBuf>,
        optional: &BTreeSet<PathBuf>,
        lang: Lang,
    ) -> anyhow::Result<()> {
        let all: BTreeSet<PathBuf> = wanted.union(optional).cloned().collect();
        for folder in self.watched.difference(&all) {
            // One that was removed is watched no more by itself.
            let _ = self.watcher.unwatch(folder);
        }
        self.watched.retain(|folder| all.contains(folder));
        for folder in all {
            if self.watched.contains(&folder) {
                continue;
            }
            match self.watcher.watch(&folder, RecursiveMode::NonRecursive) {
                Ok(()) => {
                    self.watched.insert(folder);
                }
                // It went in between, which is a change that is seen next time.
                Err(_) if !folder.exists() || !wanted.contains(&folder) => {}
                Err(error) => {
                    return Err(error).with_context(|| locale::lint_no_watch_of(lang, &folder));
                }
            }
        }
        Ok(())
    }
}

fn home(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Folders of packs that lie outside the program, and what they share; whether the packs can be read or not.
fn pack_folders(args: &LintArgs) -> Vec<PathBuf> {
    let names = args.packs.names(&args.config.packs(&args.first()));
    let inside = etalon::pack::embedded_ids();
    let folders = names.iter().filter(|name| !inside.contains(&name.as_str()));
    // A pack uses what lies beside it as `common`.
    folders
        .flat_map(|name| [PathBuf::from(name), Path::new(name).join("../common")])
        .collect()
}

/// The configuration that holds, and the files of packs.
fn rule_files(args: &LintArgs) -> Vec<PathBuf> {
    let folders = pack_folders(args);
    let walk = folders.iter().flat_map(walkdir::WalkDir::new);
    let files = walk.flatten().map(walkdir::DirEntry::into_path);
    files
        .filter(|path| path.extension().is_some_and(|own| own == "toml"))
        .chain(args.config.path(&args.first()))
        .collect()
}

/// The templates, and the list of what is known of them.
fn template_files(
    args: &LintArgs,
    standard: Option<&Standard>,
    lang: Lang,
) -> anyhow::Result<Vec<PathBuf>> {
    let all = Project::default();
    let project = standard.map_or(&all, |standard| &standard.project);
    let mut files = collect(args, project, lang)?.files;
    files.extend(args.baseline.file().map(Path::to_owned));
    Ok(files)
}

fn stamps(paths: Vec<PathBuf>) -> Stamps {
    let stamp = |path: PathBuf| {
        let data = std::fs::metadata(&path).ok()?;
        Some((path, data))
    };
    paths.into_iter().filter_map(stamp).collect()
}

/// The files that came, went or are others now, as messages name them.
fn changed(before: Option<&Stamps>, now: &Stamps) -> Vec<String> {
    let none = Stamps::new();
    let before = before.unwrap_or(&none);
    let paths: BTreeSet<&PathBuf> = before.keys().chain(now.keys()).collect();
    let others = paths.into_iter();
    others
        .filter(|path| match (before.get(*path), now.get(*path)) {
            (Some(old), Some(new)) => {
                (old.modified().ok(), old.len()) != (new.modified().ok(), new.len())
            }
            _ => true,
        })
        .map(|path| shown(path, None))
        .collect()
}

/// Until something may have changed and it is quiet again; gives what went or has another name.
fn wait(events: &Receiver<notify::Result<notify::Event>>) -> Vec<PathBuf> {
    let mut gone = Vec::new();
    let mut matters = |event: notify::Result<notify::Event>| match event {
        Ok(event) => {
            let goes = EventKind::is_remove(&event.kind)
                || matches!(event.kind, EventKind::Modify(ModifyKind::Name(_)));
            if goes {
                gone.extend(event.paths);
            }
            !event.kind.is_access()
        }
        // Some events were lost, so everything is looked at.
        Err(_) => true,
    };
    while let Ok(event) = events.recv() {
        if matters(event) {
            break;
        }
    }
    for _ in 0..BURST_MAX {
        match events.recv_timeout(QUIET) {
            Ok(event) => {
                matters(event);
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
        }
    }
    gone
}

/// Writes a line; `false` where nobody reads any more.
fn say(line: &str) -> anyhow::Result<bool> {
    let mut stdout = io::stdout().lock();
    match writeln!(stdout, "{line}").and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        written => Ok(written.map(|()| true)?),
    }
}
