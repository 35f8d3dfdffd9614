//! All tests in one binary.

mod cli;
mod criteria;
mod ingest;
mod lexicon;
mod lint_fix;
mod lint_living;
mod packs;
mod phrase;
mod report;
mod run;
mod runs;
mod script;
mod talk;
mod text;
mod tidy;
mod timeline;
mod wordings;
