//! All tests in one binary.

mod ingest;
