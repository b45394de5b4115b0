//! ClickHouse's own refusals: which are the query's fault, and what of them a client may read.

use crate::warehouse::WarehouseError;

use super::refusal::SqlRefusal;

/// Longest sentence that is passed on; characters.
const TOLD_MAX_CHARS: usize = 400;

/// Limits: rows, time, speed, memory, bytes, elements of a range or set, depth and size of the query.
const LIMITS: [u32; 16] = [
    69, 131, 158, 159, 160, 161, 167, 168, 173, 191, 241, 290, 307, 396, 439, 394,
];
/// What an analyst cannot help: too many queries, access, network, a view that is not there, a file that is broken.
const OURS: [u32; 12] = [0, 33, 60, 74, 76, 81, 164, 202, 209, 210, 236, 497];

/// What a failure is to the analyst.
pub(super) fn told(error: WarehouseError) -> SqlRefusal {
    match error {
        WarehouseError::Refused { code, ref message } if !OURS.contains(&code) => {
            let message = without_addresses(message);
            if LIMITS.contains(&code) {
                SqlRefusal::Limit { code, message }
            } else {
                SqlRefusal::Failed { code, message }
            }
        }
        other => SqlRefusal::Warehouse(other),
    }
}

/// The sentence of the server, up to where it begins to repeat the query.
fn without_addresses(message: &str) -> String {
    let sentence = message
        .split_once("DB::Exception: ")
        .map_or(message, |(_, sentence)| sentence);
    let ends = [
        " (version ",
        ". Stack trace",
        " In scope ",
        " in scope ",
        ": While ",
        ": while ",
        " (official build",
    ];
    let end = ends.iter().filter_map(|end| sentence.find(end)).min();
    let sentence = &sentence[..end.unwrap_or(sentence.len())];
    let words = sentence
        .split_whitespace()
        .map(|word| if is_address(word) { "…" } else { word });
    let told = words.collect::<Vec<_>>().join(" ");
    if told.chars().count() <= TOLD_MAX_CHARS {
        return told;
    }
    let cut: String = told.chars().take(TOLD_MAX_CHARS).collect();
    format!("{cut}…")
}

/// A URL, a path, or a host with a port.
fn is_address(word: &str) -> bool {
    let word =
        word.trim_matches(|each: char| !each.is_alphanumeric() && each != '/' && each != '[');
    let names_a_port = word.rsplit_once(':').is_some_and(|(host, port)| {
        let is_port =
            (2..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit());
        is_port && host.contains(|each: char| each.is_alphabetic() || each == '.' || each == ']')
    });
    let is_ip =
        word.split('.').count() == 4 && word.split('.').all(|part| part.parse::<u8>().is_ok());
    let is_path = word.starts_with('/') && word[1..].contains('/');
    word.contains("://") || names_a_port || is_ip || is_path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: u32, message: &str) -> SqlRefusal {
        told(WarehouseError::Refused {
            code,
            message: message.to_owned(),
        })
    }

    #[test]
    fn the_sentence_is_passed_on_without_addresses() {
        let message = "Code: 47. DB::Exception: Unknown expression identifier `x` in scope SELECT x FROM sessions_t(tenant = 'a'). (UNKNOWN_IDENTIFIER) (version 26.1.2)";
        assert_eq!(
            refused(47, message).to_string(),
            "ClickHouse refused the query (code 47): Unknown expression identifier `x`"
        );
        let message = "Code: 279. DB::Exception: All attempts failed: db-1.internal:9000, 10.0.0.7:9000 [::1]:9000 http://x/y /var/lib/clickhouse/store at 12:30";
        let told = refused(279, message).to_string();
        for address in ["internal", "10.0.0", "::1", "http", "/var"] {
            assert!(!told.contains(address), "{told}");
        }
        assert!(told.contains("All attempts failed"), "{told}");
    }

    #[test]
    fn limits_mistakes_and_our_own_faults_differ() {
        assert_eq!(
            refused(241, "Code: 241. DB::Exception: x").reason(),
            "sql_limit"
        );
        assert_eq!(
            refused(47, "Code: 47. DB::Exception: x").reason(),
            "sql_failed"
        );
        assert_eq!(
            refused(60, "Code: 60. DB::Exception: x").reason(),
            "warehouse_unavailable"
        );
    }
}
