//! All tests in one binary.

mod lexicon;
mod phrase;
mod text;
mod ingest;
