//! All tests in one binary.

mod cli;
mod ingest;
mod lexicon;
mod phrase;
mod report;
mod run;
mod text;
mod tidy;
