//! All tests in one binary.

mod cli;
mod criteria;
mod heard;
mod ingest;
mod labelled;
mod lexicon;
mod lint_ci;
mod lint_fix;
mod lint_fixtures;
mod lint_formats;
mod lint_living;
mod lint_watch;
mod lsp;
mod noise;
mod packs;
mod phrase;
mod report;
mod run;
mod runs;
mod script;
mod stress;
mod talk;
mod text;
mod tidy;
mod timeline;
mod wordings;
