//! A connection to ClickHouse: one HTTP pool, bounded waits, errors in the user's words.

use std::fmt;
use std::time::Duration;

use clickhouse::error::Error as ClientError;
use clickhouse::insert_formatted::InsertFormatted;
use clickhouse::query::Query;
use clickhouse::{Client, RowOwned, RowRead};

use super::WarehouseError;

/// The oldest server release the migrations are written for: (major, minor).
const OLDEST_SERVER: (u32, u32) = (26, 1);

/// Where the warehouse is, and as whom to speak to it.
#[derive(Clone)]
pub struct Connection {
    /// Address of the HTTP interface, such as `http://127.0.0.1:8123`.
    pub url: String,
    /// Database that holds every object of this installation.
    pub database: String,
    /// User name.
    pub user: String,
    /// Password; may be empty, is never printed.
    pub password: String,
    /// How long an ordinary request may take.
    pub request_timeout: Duration,
}

impl fmt::Debug for Connection {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Connection")
            .field("url", &self.url)
            .field("database", &self.database)
            .field("user", &self.user)
            .field("request_timeout", &self.request_timeout)
            .finish_non_exhaustive()
    }
}

/// The warehouse as this binary sees it. Clones share one HTTP pool.
#[derive(Clone, Debug)]
pub struct Warehouse {
    client: Client,
    connection: Connection,
}

impl Warehouse {
    /// A handle on the warehouse; does not speak to it yet.
    ///
    /// # Errors
    /// When the database's name is not a plain identifier.
    pub fn new(connection: Connection) -> Result<Self, WarehouseError> {
        if !is_plain_identifier(&connection.database) {
            return Err(WarehouseError::Setting {
                field: "clickhouse.database",
                value: connection.database,
                reason: "a database name is letters, digits and underscores, and begins with a letter",
            });
        }
        let client = Client::default()
            .with_url(&connection.url)
            .with_user(&connection.user)
            .with_password(&connection.password)
            .with_product_info("playhead", env!("CARGO_PKG_VERSION"));
        Ok(Self { client, connection })
    }

    /// The same server and user with another database.
    ///
    /// # Errors
    /// As for [`Warehouse::new`].
    pub fn with_database(&self, database: &str) -> Result<Self, WarehouseError> {
        let connection = Connection {
            database: database.to_owned(),
            ..self.connection.clone()
        };
        Self::new(connection)
    }

    /// Name of the database; a plain identifier.
    pub fn database(&self) -> &str {
        &self.connection.database
    }

    /// Address of the server.
    pub fn url(&self) -> &str {
        &self.connection.url
    }

    /// How long an ordinary request may take.
    pub fn request_timeout(&self) -> Duration {
        self.connection.request_timeout
    }

    /// A query inside the database; `?` in the text means nothing, parameters are `{name:Type}`.
    pub fn query(&self, sql: &str) -> Query {
        self.client
            .clone()
            .with_database(self.database())
            .query_raw(sql)
    }

    /// A query outside any database, for what must work before ours exists.
    pub fn server_query(&self, sql: &str) -> Query {
        self.client.query_raw(sql)
    }

    /// An INSERT inside the database that ends with a FORMAT; its bytes follow piece by piece.
    pub fn insert_bytes(&self, sql: &str) -> InsertFormatted {
        self.client
            .clone()
            .with_database(self.database())
            .insert_formatted_with(sql)
    }

    /// What went wrong with such an INSERT.
    pub fn failure(&self, error: ClientError) -> WarehouseError {
        told(self.url(), error)
    }

    /// Runs a statement without a result, waiting at most `limit`.
    ///
    /// # Errors
    /// When the server is unreachable, refuses, or takes too long.
    pub async fn execute(&self, query: Query, limit: Duration) -> Result<(), WarehouseError> {
        let url = self.url();
        match tokio::time::timeout(limit, query.execute()).await {
            Ok(outcome) => outcome.map_err(|error| told(url, error)),
            Err(_) => Err(WarehouseError::TimedOut {
                url: url.to_owned(),
                after: limit,
            }),
        }
    }

    /// Reads all rows of a small result within the ordinary request timeout.
    ///
    /// # Errors
    /// When the server is unreachable, refuses, takes too long, or the rows are of another shape.
    pub async fn rows<T: RowOwned + RowRead>(
        &self,
        query: Query,
    ) -> Result<Vec<T>, WarehouseError> {
        let (url, after) = (self.url(), self.request_timeout());
        match tokio::time::timeout(after, query.fetch_all::<T>()).await {
            Ok(outcome) => outcome.map_err(|error| told(url, error)),
            Err(_) => Err(WarehouseError::TimedOut {
                url: url.to_owned(),
                after,
            }),
        }
    }

    /// Reads a whole result as bytes in a server format, such as `JSONEachRow`.
    ///
    /// # Errors
    /// When the server is unreachable, refuses, or takes too long.
    pub async fn bytes(&self, query: Query, format: &str) -> Result<Vec<u8>, WarehouseError> {
        let (url, after) = (self.url(), self.request_timeout());
        let read = async { query.fetch_bytes(format)?.collect().await };
        match tokio::time::timeout(after, read).await {
            Ok(outcome) => outcome.map(Vec::from).map_err(|error| told(url, error)),
            Err(_) => Err(WarehouseError::TimedOut {
                url: url.to_owned(),
                after,
            }),
        }
    }

    /// Proves that the server answers and is new enough; returns its version.
    ///
    /// # Errors
    /// When it does not answer or is older than 26.1.
    pub async fn check_server(&self) -> Result<String, WarehouseError> {
        let versions = self
            .rows::<String>(self.server_query("SELECT version()"))
            .await?;
        let found = versions.into_iter().next().unwrap_or_default();
        let mut numbers = found
            .split('.')
            .map(|part| part.parse::<u32>().unwrap_or(0));
        let release = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
        if release < OLDEST_SERVER {
            let needed = format!("{}.{}", OLDEST_SERVER.0, OLDEST_SERVER.1);
            return Err(WarehouseError::TooOld { found, needed });
        }
        Ok(found)
    }
}

/// Whether `name` needs no quoting anywhere in SQL.
fn is_plain_identifier(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name
            .chars()
            .all(|each| each.is_ascii_alphanumeric() || each == '_')
}

/// The client library's error, told in our words.
fn told(url: &str, error: ClientError) -> WarehouseError {
    let url = url.to_owned();
    match error {
        ClientError::Network(source) => {
            let mut reason = source.to_string();
            let mut cause = source.source();
            while let Some(deeper) = cause {
                reason = deeper.to_string();
                cause = deeper.source();
            }
            WarehouseError::Unreachable { url, reason }
        }
        ClientError::Unsupported(reason) => WarehouseError::Unreachable { url, reason },
        ClientError::BadResponse(message) => WarehouseError::Refused {
            code: exception_code(&message),
            message,
        },
        other => WarehouseError::Answer(other.to_string()),
    }
}

/// The number in `Code: 57. DB::Exception: ...`, or 0.
fn exception_code(message: &str) -> u32 {
    let digits = message.split("Code: ").nth(1).unwrap_or_default();
    let end = digits
        .find(|each: char| !each.is_ascii_digit())
        .unwrap_or(digits.len());
    digits[..end].parse().unwrap_or(0)
}
