//! All tests in one binary.

mod cli;
mod report;
mod run;
