//! Which plays a list shows: those of a window that meet every condition, the latest started first, and where its page begins.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{DEFAULT_LIMIT, DEFAULT_SPAN, GREATEST_LIMIT, ID_MAX_BYTES, LONGEST_SPAN};
use crate::analytics::error::QueryError;
use crate::analytics::explore::text::Text;
use crate::analytics::params::cursor::{moment_of, unix_ms};
use crate::analytics::params::{Filters, QueryString, Question, Range, bad};
use crate::analytics::queries::{self, QueryFile};
use crate::analytics::reader::Param;
use crate::analytics::resources::table::of_sessions;
use crate::analytics::session::PlaySummary;

/// Plays that are looked for.
#[derive(Clone, Debug)]
pub(in crate::analytics) struct Search {
    /// The window that they touch.
    pub range: Range,
    /// Most rows of a page.
    pub limit: u32,
    /// What is told of each.
    pub columns: Columns,
    viewer_id: String,
    content_id: String,
    filters: Filters,
    /// The last play of the page before; `None` on the first.
    after: Option<After>,
}

/// How much a list tells of each play.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::analytics) enum Columns {
    /// What tells plays apart at a glance.
    Summary,
    /// Everything but timelines. Each column of each play lies in a stretch of its own, so that this takes several times as long.
    All,
}

impl Columns {
    fn asked(query: &mut QueryString) -> Result<Self, QueryError> {
        let word = query.word("columns", &["summary", "all"])?;
        Ok(if word == "all" {
            Self::All
        } else {
            Self::Summary
        })
    }

    fn file(self) -> QueryFile {
        match self {
            Self::Summary => queries::LIST_SESSIONS,
            Self::All => queries::LIST_WHOLE_SESSIONS,
        }
    }
}

/// Where a page ended, and the window, which stays the same from page to page.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct After {
    from_ms: i64,
    to_ms: i64,
    started_ms: i64,
    session_key: String,
    play_no: u16,
}

impl Search {
    /// Takes `from`, `to`, `time_zone`, `viewer_id`, `content_id`, `filter`, `columns`, `limit` and `cursor` out of the query string.
    ///
    /// # Errors
    /// When one of them cannot be understood.
    pub(super) fn asked(query: &mut QueryString, question: Question) -> Result<Self, QueryError> {
        let after: Option<After> = query.cursor(question)?;
        let mut range = query.steady_range(DEFAULT_SPAN, LONGEST_SPAN)?;
        if let Some(after) = &after {
            range = range.at(moment_of(after.from_ms)?, moment_of(after.to_ms)?);
        }
        Ok(Self {
            range,
            limit: query.limit(DEFAULT_LIMIT, GREATEST_LIMIT)?,
            columns: Columns::asked(query)?,
            viewer_id: query.text("viewer_id", ID_MAX_BYTES)?,
            content_id: query.text("content_id", ID_MAX_BYTES)?,
            filters: query.filters()?,
            after,
        })
    }

    /// The first page of what one viewer watched.
    pub(in crate::analytics) fn of_viewer(range: Range, viewer_id: String, limit: u32) -> Self {
        Self {
            range,
            limit,
            columns: Columns::Summary,
            viewer_id,
            content_id: String::new(),
            filters: Filters::none(),
            after: None,
        }
    }

    /// What of it tells one answer from another.
    pub(super) fn key(&self, tenant: &str, question: Question) -> String {
        // With the question as it was spelled: the cursor of an answer is bound to it.
        format!(
            "sessions {tenant} {question:?} {} {} {:?} {:?} {:?} {} {:?}",
            self.range.key(),
            self.limit,
            self.columns,
            self.viewer_id,
            self.content_id,
            self.filters.key(),
            self.after,
        )
    }

    /// The views that are read: only a condition on a dimension needs the one that knows them all, which is dearer to plan.
    pub(super) fn views(&self) -> [&'static str; 2] {
        let plays = if self.filters.is_empty() {
            "session_facts_t"
        } else {
            "play_measures_t"
        };
        [plays, "sessions_t"]
    }

    /// The query for `limit` rows.
    ///
    /// # Errors
    /// When a filter is about a dimension that plays are not told apart by.
    pub(in crate::analytics) fn text(&self, limit: u32) -> Result<Text, QueryError> {
        let mut conditions = self.filters.conditions(of_sessions)?;
        let [from, to, _] = self.range.params();
        let mut params = vec![
            from,
            to,
            ("viewer_id", Param::Text(self.viewer_id.clone())),
            ("content_id", Param::Text(self.content_id.clone())),
            ("limit", Param::Count(limit)),
        ];
        let mut beyond = "1";
        if let Some(after) = &self.after {
            beyond = "s.started_at < {after_started:DateTime64(3, 'UTC')} OR (s.started_at = {after_started:DateTime64(3, 'UTC')} \
                      AND (toString(s.session_key), s.play_no) > ({after_key:String}, {after_play:UInt32}))";
            params.push(("after_started", Param::Moment(moment_of(after.started_ms)?)));
            params.push(("after_key", Param::Text(after.session_key.clone())));
            params.push(("after_play", Param::Count(after.play_no.into())));
        }
        let mut params: Vec<_> = params
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        params.append(&mut conditions.params);
        let file = self.columns.file();
        let [plays, _] = self.views();
        let sql = file
            .sql
            .replace("${plays}", plays.trim_end_matches("_t"))
            .replace("${filters}", &conditions.sql)
            .replace("${after}", beyond);
        Ok(Text { file, sql, params })
    }

    /// The cursor of the page that follows `last`.
    ///
    /// # Errors
    /// When the play's begin is no time, or the cursor cannot be written.
    pub(super) fn cursor(
        &self,
        question: Question,
        last: &PlaySummary,
    ) -> Result<String, QueryError> {
        let started = OffsetDateTime::parse(&last.started_at, &Rfc3339)
            .map_err(|_| bad("cursor", "cannot be told after a play without a begin"))?;
        question.cursor(After {
            from_ms: unix_ms(self.range.from),
            to_ms: unix_ms(self.range.to),
            started_ms: unix_ms(started),
            session_key: last.session_key.clone(),
            play_no: last.play_no,
        })
    }
}
