//! `etalon lsp`: what `lint` and `rules test` find, told to an editor while one types. A language server on standard input and
//! output.
//!
//! One loop: messages come first, then templates that have changed, then packs, after a pause in the typing.

mod actions;
mod documents;
mod hover;
mod locale;
mod position;
mod rules;
mod templates;
mod wire;

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TryRecvError};
use etalon::locale::Lang;
use etalon::script::Severity;
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::{
    CodeAction, CodeActionKind, CodeActionOptions, CodeActionParams, CodeActionProviderCapability,
    CodeDescription, Diagnostic, DiagnosticSeverity, DidChangeTextDocumentParams,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, Hover, HoverContents, HoverParams,
    HoverProviderCapability, InitializeResult, MarkupContent, MarkupKind, NumberOrString, OneOf,
    OptionalVersionedTextDocumentIdentifier, PublishDiagnosticsParams, Range, SaveOptions,
    ServerCapabilities, ServerInfo, TextDocumentEdit, TextDocumentSyncCapability,
    TextDocumentSyncKind, TextDocumentSyncOptions, TextDocumentSyncSaveOptions, TextEdit, Uri,
    WorkspaceEdit,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use self::documents::{Document, Documents, Kind};
use self::position::Encoding;
use self::rules::Rules;
use self::templates::{Analysis, Templates, World};
use super::lint::Situation;
use super::packs::PackArgs;
use super::{Speech, Status, diagnostics};

#[derive(Debug, Args)]
pub(super) struct LspArgs {
    #[command(flatten)]
    packs: PackArgs,
    #[command(flatten)]
    situation: Situation,
    /// Let the findings alone that this file holds, by criterion and words
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Some editors say so; there is no other way to talk.
    #[arg(long, hide = true)]
    stdio: bool,
}

/// Packs are looked at after so long a pause in the typing.
const PAUSE: Duration = Duration::from_millis(100);
const SOURCE: &str = "etalon";

pub(super) fn run(args: &LspArgs, speech: Speech) -> anyhow::Result<Status> {
    let wire = wire::Wire::stdio();
    let mut server = Server {
        args,
        given: speech.given(),
        lang: speech.lang(),
        out: wire.outgoing.clone(),
        incoming: wire.incoming.clone(),
        client: Client::default(),
        life: Life::Fresh,
        encoding: Encoding::Utf16,
        documents: Documents::default(),
        templates: Templates::default(),
        rules: Rules::default(),
        dirty: BTreeSet::new(),
        analyses: BTreeMap::new(),
    };
    let in_order = server.serve();
    drop(server);
    wire.end();
    Ok(Status::of(!in_order, 0))
}

/// What the editor can do.
#[derive(Debug, Default)]
struct Client {
    /// Edits may name the version of the text that they are for.
    versions: bool,
    /// It tells of files that change, if it is asked to.
    watches: bool,
    /// It shows Markdown.
    markdown: bool,
}

/// How far the talk has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Life {
    Fresh,
    Running,
    Shut,
}

struct Server<'a> {
    args: &'a LspArgs,
    /// The language that the command line asks for.
    given: Option<Lang>,
    lang: Lang,
    out: Sender<Message>,
    incoming: Receiver<Message>,
    client: Client,
    life: Life,
    encoding: Encoding,
    documents: Documents,
    templates: Templates,
    rules: Rules,
    /// Addresses of templates that have changed since they were linted.
    dirty: BTreeSet<String>,
    analyses: BTreeMap<String, Analysis>,
}

/// What went wrong with a request.
type Refusal = (ErrorCode, String);

impl Server<'_> {
    /// Talks until the other side ends it; whether it did so in order.
    fn serve(&mut self) -> bool {
        loop {
            match self.incoming.try_recv() {
                Ok(message) => {
                    if let Some(in_order) = self.take(message) {
                        return in_order;
                    }
                    continue;
                }
                Err(TryRecvError::Disconnected) => return false,
                Err(TryRecvError::Empty) => {}
            }
            if let Some(uri) = self.dirty.first().cloned() {
                self.guarded(|server| server.lint(&uri));
                // Also where that panicked: the next change is another try.
                self.dirty.remove(&uri);
                continue;
            }
            let message = if self.rules.dirty.is_empty() {
                self.incoming
                    .recv()
                    .map_err(|_| RecvTimeoutError::Disconnected)
            } else {
                self.incoming.recv_timeout(PAUSE)
            };
            match message {
                Ok(message) => {
                    if let Some(in_order) = self.take(message) {
                        return in_order;
                    }
                }
                Err(RecvTimeoutError::Timeout) => self.prove(),
                Err(RecvTimeoutError::Disconnected) => return false,
            }
        }
    }

    /// Does something that must not end the talk, whatever is wrong with it; `None` where it panicked.
    fn guarded<R>(&mut self, work: impl FnOnce(&mut Self) -> R) -> Option<R> {
        catch_unwind(AssertUnwindSafe(|| work(self))).ok()
    }

    /// `Some` ends the talk.
    fn take(&mut self, message: Message) -> Option<bool> {
        match message {
            Message::Notification(it) if it.method == "exit" => Some(self.life == Life::Shut),
            Message::Notification(it) => {
                if self.life == Life::Running {
                    self.guarded(|server| server.notified(it));
                }
                None
            }
            Message::Request(it) => {
                let id = it.id.clone();
                let answer = self.guarded(|server| server.asked(it));
                let answer = answer.unwrap_or_else(|| {
                    let why = locale::panicked(self.lang).to_owned();
                    Err((ErrorCode::InternalError, why))
                });
                self.answer(id, answer);
                None
            }
            // What we ask for is nice to have.
            Message::Response(_) => None,
        }
    }

    fn answer(&self, id: RequestId, answer: Result<Value, Refusal>) {
        let response = match answer {
            Ok(value) => Response::new_ok(id, value),
            Err((code, why)) => Response::new_err(id, code as i32, why),
        };
        self.send(response.into());
    }

    fn send(&self, message: Message) {
        // Where nobody reads any more, standard input ends soon.
        let _ = self.out.send(message);
    }

    fn asked(&mut self, request: Request) -> Result<Value, Refusal> {
        let Request { method, params, .. } = request;
        match (self.life, method.as_str()) {
            (Life::Fresh, "initialize") => Ok(self.initialize(&params)),
            (Life::Fresh, _) => Err((
                ErrorCode::ServerNotInitialized,
                "initialize comes first".to_owned(),
            )),
            (Life::Shut, _) | (_, "initialize") => {
                Err((ErrorCode::InvalidRequest, format!("too late for {method}")))
            }
            (_, "shutdown") => {
                self.life = Life::Shut;
                Ok(Value::Null)
            }
            (_, "textDocument/hover") => answered(self.hover(&read(params)?)),
            (_, "textDocument/codeAction") => answered(self.actions(&read(params)?)),
            _ => Err((
                ErrorCode::MethodNotFound,
                format!("no such method: {method}"),
            )),
        }
    }

    fn initialize(&mut self, params: &Value) -> Value {
        let capable = |pointer: &str| params.pointer(&format!("/capabilities{pointer}"));
        let able = |pointer| capable(pointer).and_then(Value::as_bool).unwrap_or(false);
        let formats = capable("/textDocument/hover/contentFormat").and_then(Value::as_array);
        self.client = Client {
            versions: able("/workspace/workspaceEdit/documentChanges"),
            watches: able("/workspace/didChangeWatchedFiles/dynamicRegistration"),
            markdown: formats.is_none_or(|formats| formats.iter().any(|it| it == "markdown")),
        };
        self.encoding = Encoding::negotiate(capable("/general/positionEncodings"));
        let locale = params.get("locale").and_then(Value::as_str);
        let locale = locale.and_then(|locale| Lang::from_code(locale.get(..2)?));
        self.lang = self.given.or(locale).unwrap_or_default();
        self.life = Life::Running;
        let result = InitializeResult {
            capabilities: ServerCapabilities {
                position_encoding: Some(self.encoding.kind()),
                text_document_sync: Some(TextDocumentSyncCapability::Options(
                    TextDocumentSyncOptions {
                        open_close: Some(true),
                        change: Some(TextDocumentSyncKind::INCREMENTAL),
                        save: Some(TextDocumentSyncSaveOptions::SaveOptions(SaveOptions {
                            include_text: Some(false),
                        })),
                        ..TextDocumentSyncOptions::default()
                    },
                )),
                hover_provider: Some(HoverProviderCapability::Simple(true)),
                code_action_provider: Some(CodeActionProviderCapability::Options(
                    CodeActionOptions {
                        code_action_kinds: Some(vec![CodeActionKind::QUICKFIX, actions::FIX_ALL]),
                        ..CodeActionOptions::default()
                    },
                )),
                ..ServerCapabilities::default()
            },
            server_info: Some(ServerInfo {
                name: SOURCE.to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
        };
        value(result)
    }

    /// Asks to be told of files that change outside the editor.
    fn watch(&self) {
        if !self.client.watches {
            return;
        }
        let mut watchers = vec![json!({"globPattern": "**/*.toml"})];
        if let Some(name) = self
            .args
            .baseline
            .as_ref()
            .and_then(|path| path.file_name())
        {
            watchers.push(json!({"globPattern": format!("**/{}", name.to_string_lossy())}));
        }
        let params = json!({"registrations": [{
            "id": "etalon-files",
            "method": "workspace/didChangeWatchedFiles",
            "registerOptions": {"watchers": watchers},
        }]});
        let id = RequestId::from("etalon-watch".to_owned());
        let request = Request::new(id, "client/registerCapability".to_owned(), params);
        self.send(request.into());
    }

    fn notified(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        match method.as_str() {
            "initialized" => self.watch(),
            "textDocument/didOpen" => {
                if let Ok(params) = read(params) {
                    self.opened(params);
                }
            }
            "textDocument/didChange" => {
                if let Ok(params) = read(params) {
                    self.changed(params);
                }
            }
            "textDocument/didClose" => {
                if let Ok(params) = read(params) {
                    self.closed(&params);
                }
            }
            "textDocument/didSave" | "workspace/didChangeWatchedFiles" => self.touch_all(),
            _ => {}
        }
    }

    fn opened(&mut self, params: DidOpenTextDocumentParams) {
        let it = params.text_document;
        let uri = it.uri.as_str().to_owned();
        let language = it.language_id;
        let document = Document::new(it.uri, &language, it.version, it.text, self.encoding);
        self.documents.open(document);
        self.touch(&uri);
    }

    fn changed(&mut self, params: DidChangeTextDocumentParams) {
        let uri = params.text_document.uri.as_str().to_owned();
        // A change of what is not open has nothing to change.
        if let Some(document) = self.documents.get_mut(&uri) {
            document.change(params.text_document.version, params.content_changes);
            self.touch(&uri);
        }
    }

    fn closed(&mut self, params: &DidCloseTextDocumentParams) {
        let uri = params.text_document.uri.as_str();
        let Some(document) = self.documents.close(uri) else {
            return;
        };
        self.dirty.remove(uri);
        self.analyses.remove(uri);
        self.publish(document.uri.clone(), None, Vec::new());
        match document.kind {
            Kind::Rules => {
                // What holds from now on is what stands on disk.
                self.rules.touch(&document, &self.documents);
                self.rules.forget(&self.documents);
                if self.rules.dirty.is_empty() {
                    self.tell_rules();
                }
                self.touch_templates();
            }
            Kind::Config => self.touch_templates(),
            Kind::Template(_) | Kind::Other => {}
        }
    }

    /// A document has changed.
    fn touch(&mut self, uri: &str) {
        let Some(document) = self.documents.get(uri) else {
            return;
        };
        match document.kind {
            Kind::Template(_) => {
                self.dirty.insert(uri.to_owned());
            }
            Kind::Rules => {
                self.rules.touch(document, &self.documents);
            }
            Kind::Config => {
                self.dirty.insert(uri.to_owned());
                self.touch_templates();
            }
            Kind::Other => {}
        }
    }

    fn touch_templates(&mut self) {
        let templates = self.documents.iter();
        let templates = templates.filter(|it| matches!(it.kind, Kind::Template(_)));
        self.dirty
            .extend(templates.map(|document| document.uri.as_str().to_owned()));
    }

    /// Files on disk may have changed.
    fn touch_all(&mut self) {
        let all = self.documents.iter();
        let all: Vec<String> = all
            .map(|document| document.uri.as_str().to_owned())
            .collect();
        for uri in all {
            self.touch(&uri);
        }
    }

    /// Looks at the packs that have changed, unless something comes in meanwhile.
    fn prove(&mut self) {
        let incoming = self.incoming.clone();
        self.guarded(|server| {
            server
                .rules
                .prove(&server.documents, server.encoding, server.lang, &|| {
                    !incoming.is_empty()
                });
        })
        // After a panic the next change is another try.
        .unwrap_or_else(|| self.rules.dirty.clear());
        if self.rules.dirty.is_empty() {
            self.tell_rules();
            if self.templates.hang_on_files() {
                self.touch_templates();
            }
        }
    }

    fn tell_rules(&mut self) {
        for told in self.rules.tell(&self.documents) {
            self.publish(told.uri, told.version, told.diagnostics);
        }
    }

    /// Looks at one document again and tells what was found.
    fn lint(&mut self, uri: &str) {
        self.dirty.remove(uri);
        let Some(document) = self.documents.get(uri) else {
            return;
        };
        let world = World {
            args: self.args,
            documents: &self.documents,
            lang: self.lang,
        };
        if document.kind == Kind::Config {
            let problems = self.templates.config(document, world);
            let mut told: Vec<Diagnostic> = Vec::new();
            told.extend(
                problems
                    .iter()
                    .map(|it| of_problem(document, it, 0, self.lang)),
            );
            self.publish(document.uri.clone(), Some(document.version), told);
            return;
        }
        let analysis = self.templates.lint(document, world);
        let told = tell(document, &analysis, self.lang);
        self.publish(document.uri.clone(), Some(document.version), told);
        self.analyses.insert(uri.to_owned(), analysis);
    }

    fn publish(&self, uri: Uri, version: Option<i32>, diagnostics: Vec<Diagnostic>) {
        let params = PublishDiagnosticsParams {
            uri,
            diagnostics,
            version,
        };
        let method = "textDocument/publishDiagnostics".to_owned();
        self.send(Notification::new(method, params).into());
    }

    fn hover(&mut self, params: &HoverParams) -> Option<Hover> {
        let at = &params.text_document_position_params;
        let uri = at.text_document.uri.as_str();
        if self.dirty.contains(uri) {
            self.lint(uri);
        }
        let document = self.documents.get(uri)?;
        let (text, lines) = (&document.text, &document.lines);
        let byte = lines.byte(text, at.position);
        let world = World {
            args: self.args,
            documents: &self.documents,
            lang: self.lang,
        };
        let mut card = hover::Card::new(self.client.markdown);
        let mut range = None;
        if let Some(analysis) = self.analyses.get(uri) {
            let there = actions::touched(document, analysis, &(byte..byte));
            let mut there: Vec<_> = there.iter().map(|idx| &analysis.findings[*idx]).collect();
            // What is missing is everywhere on its line: words go first.
            if there.iter().any(|finding| !finding.span.is_empty()) {
                there.retain(|finding| !finding.span.is_empty());
            }
            for finding in &there {
                let (id, pack) = (&finding.criterion, Some(finding.pack.as_str()));
                let criterion = self.templates.criterion(document, id, pack, world);
                card.finding(finding, criterion.as_ref(), self.lang);
            }
            if let [finding] = there[..] {
                range = Some(lines.range(text, actions::place(analysis, finding)));
            }
        }
        if card.is_empty()
            && let Some((name, bytes)) = hover::name_at(text, byte)
        {
            let path = document.path.as_deref();
            let packs = match &document.kind {
                Kind::Rules => path.map(|path| self.rules.packs(path, &self.documents)),
                _ => None,
            };
            if let Some(packs) = packs {
                hover::named(&mut card, &packs, name, self.lang);
            } else if document.kind != Kind::Other
                && let Some((info, why)) = self.templates.criterion(document, name, None, world)
            {
                card.criterion(&info, why.as_deref(), self.lang);
            }
            range = Some(lines.range(text, bytes));
        }
        if card.is_empty() {
            return None;
        }
        Some(Hover {
            contents: HoverContents::Markup(MarkupContent {
                kind: match self.client.markdown {
                    true => MarkupKind::Markdown,
                    false => MarkupKind::PlainText,
                },
                value: card.text(),
            }),
            range,
        })
    }

    fn actions(&mut self, params: &CodeActionParams) -> Option<Vec<CodeAction>> {
        let uri = params.text_document.uri.as_str();
        if self.dirty.contains(uri) {
            self.lint(uri);
        }
        let document = self.documents.get(uri)?;
        let analysis = self.analyses.get(uri)?;
        let world = World {
            args: self.args,
            documents: &self.documents,
            lang: self.lang,
        };
        let bytes = document.lines.bytes(&document.text, params.range);
        let only = params.context.only.as_deref();
        let actions = actions::of(document, analysis, &bytes, only, &mut self.templates, world);
        let wrapped = actions.into_iter().map(|action| CodeAction {
            title: action.title,
            kind: Some(action.kind),
            diagnostics: action.finding.map(|idx| {
                vec![of_finding(
                    document,
                    analysis,
                    &analysis.findings[idx],
                    self.lang,
                )]
            }),
            edit: Some(self.workspace_edit(document, action.edits)),
            is_preferred: action.preferred.then_some(true),
            ..CodeAction::default()
        });
        Some(wrapped.collect())
    }

    fn workspace_edit(&self, document: &Document, edits: Vec<TextEdit>) -> WorkspaceEdit {
        if self.client.versions {
            let text_document = OptionalVersionedTextDocumentIdentifier {
                uri: document.uri.clone(),
                version: Some(document.version),
            };
            let edits = edits.into_iter().map(OneOf::Left).collect();
            let edit = TextDocumentEdit {
                text_document,
                edits,
            };
            return WorkspaceEdit {
                document_changes: Some(lsp_types::DocumentChanges::Edits(vec![edit])),
                ..WorkspaceEdit::default()
            };
        }
        WorkspaceEdit {
            changes: Some([(document.uri.clone(), edits)].into()),
            ..WorkspaceEdit::default()
        }
    }
}

/// What is told about a template.
fn tell(document: &Document, analysis: &Analysis, lang: Lang) -> Vec<Diagnostic> {
    let trouble = analysis.trouble.iter().map(|trouble| {
        let place = document.lines.line(&document.text, 0);
        let range = document.lines.range(&document.text, place);
        finding(range, code(trouble.code), trouble.message.clone())
    });
    let problems = analysis.problems.iter();
    let problems = problems.map(|it| of_problem(document, it, analysis.offset, lang));
    let findings = analysis.findings.iter();
    let findings = findings.map(|it| of_finding(document, analysis, it, lang));
    trouble.chain(problems).chain(findings).collect()
}

fn of_problem(
    document: &Document,
    problem: &etalon::script::Problem,
    offset: usize,
    lang: Lang,
) -> Diagnostic {
    let mut bytes = offset..offset;
    if let Some(line) = problem.line.checked_sub(1) {
        let mut own = document.lines.line(&document.text, line as usize);
        own.start = own.start.max(offset).min(own.end);
        let place = diagnostics::place(&document.text[own.clone()], 1, problem.column.max(1));
        bytes = place.map_or(own.clone(), |it| it.start + own.start..it.end + own.start);
    }
    let mut message = problem.message(lang);
    let help = problem.help(lang);
    if !help.is_empty() {
        message.push('\n');
        message.push_str(&help);
    }
    let range = document.lines.range(&document.text, bytes);
    let mut told = finding(range, code(problem.code), message);
    if !problem.fatal {
        told.severity = Some(DiagnosticSeverity::INFORMATION);
    }
    told
}

fn of_finding(
    document: &Document,
    analysis: &Analysis,
    one: &etalon::script::Diagnostic,
    lang: Lang,
) -> Diagnostic {
    let range = document
        .lines
        .range(&document.text, actions::place(analysis, one));
    let mut message = one.message.clone();
    if !one.path.is_empty() {
        message.push('\n');
        message.push_str(&super::locale::lint_path(lang, &one.path));
    }
    let mut told = finding(range, code(&one.criterion), message);
    told.severity = Some(match one.severity {
        Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Warning => DiagnosticSeverity::WARNING,
    });
    told.code_description = link(&one.clause).map(|href| CodeDescription { href });
    told
}

/// The first link of a text.
fn link(text: &str) -> Option<Uri> {
    let mut words = text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '<' | '>'));
    let link = words.find(|word| word.starts_with("https://") || word.starts_with("http://"))?;
    documents::tidy(link.trim_end_matches(['.', ',', ';']))
        .parse()
        .ok()
}

/// A diagnostic of ours; an error unless its severity is changed.
fn finding(range: Range, code: NumberOrString, message: String) -> Diagnostic {
    Diagnostic {
        range,
        severity: Some(DiagnosticSeverity::ERROR),
        code: Some(code),
        source: Some(SOURCE.to_owned()),
        message,
        ..Diagnostic::default()
    }
}

fn code(code: &str) -> NumberOrString {
    NumberOrString::String(code.to_owned())
}

/// The parameters of a message, with their addresses as they should be written.
fn read<T: DeserializeOwned>(mut params: Value) -> Result<T, Refusal> {
    if let Some(uri) = params.pointer_mut("/textDocument/uri")
        && let Some(written) = uri.as_str()
    {
        *uri = Value::String(documents::tidy(written));
    }
    serde_json::from_value(params).map_err(|error| {
        diagnostics::say(&format!("etalon lsp: {error}"));
        (ErrorCode::InvalidParams, error.to_string())
    })
}

fn answered<T: Serialize>(answer: Option<T>) -> Result<Value, Refusal> {
    Ok(answer.map_or(Value::Null, value))
}

/// What the protocol's types are made of can always be written.
fn value<T: Serialize>(of: T) -> Value {
    serde_json::to_value(of).unwrap_or_default()
}
