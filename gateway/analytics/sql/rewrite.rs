//! The text that runs: what the parser read, written again. Comments, spellings and everything else that it did not
//! read is gone; and what it wrote, it must read as the same.

use sqlparser::ast::Query;
use tokio::sync::oneshot;

use super::fence::Fence;
use super::parse::{parse, parse_written};
use super::refusal::SqlRefusal;

/// A query is a tree, and a long chain of operators a deep one; stack that is not used costs nothing.
const STACK_BYTES: usize = 256 * 1024 * 1024;

/// A query that may run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confined {
    /// Reads tenant-confined views only; their parameters are bound by the server.
    pub sql: String,
    /// Whether `session_key` is one of them.
    pub needs_session: bool,
}

/// Checks what an analyst wrote, on a stack of its own.
///
/// # Errors
/// What the text may not say, and what to write instead.
pub async fn confine(text: String) -> Result<Confined, SqlRefusal> {
    let (done, answer) = oneshot::channel();
    std::thread::Builder::new()
        .name("sql".to_owned())
        .stack_size(STACK_BYTES)
        .spawn(move || {
            // Nobody waits any more: the client has gone.
            let _ = done.send(confined(&text));
        })
        .map_err(|_| SqlRefusal::Busy)?;
    // A check that breaks off drops its end.
    answer.await.unwrap_or(Err(SqlRefusal::Check))
}

fn confined(text: &str) -> Result<Confined, SqlRefusal> {
    let mut query: Query = parse(text)?;
    let mut fence = Fence::default();
    fence.query(&mut query)?;
    let sql = query.to_string();
    match parse_written(&sql) {
        Some(again) if again == query => Ok(Confined {
            sql,
            needs_session: fence.needs_session,
        }),
        _ => Err(SqlRefusal::Unstable),
    }
}

#[cfg(test)]
#[path = "rewrite_tests.rs"]
mod tests;
