//! The catalogue: films, episodes, and live channels.

/// One title that can be watched.
#[derive(Debug, Clone)]
pub(crate) struct Title {
    pub(crate) content_id: String,
    pub(crate) title: String,
    /// Wire name of the stream type (`vod`).
    pub(crate) stream_type: &'static str,
    /// Absent when live.
    pub(crate) duration_ms: Option<i64>,
    /// Further details, as the `content` group carries them.
    pub(crate) details: Vec<(&'static str, String)>,
}

const TITLES: usize = 80;

/// The catalogue, most popular first; every fourth title is live.
pub(crate) fn catalogue() -> Vec<Title> {
    catalogue_of(TITLES)
}

/// A catalogue of that many titles, likewise.
pub(crate) fn catalogue_of(titles: usize) -> Vec<Title> {
    (0..titles).map(title).collect()
}

fn title(index: usize) -> Title {
    let number = index + 1;
    let encoding = ["h264-ladder-a", "hevc-ladder-b", "av1-ladder-c"][index % 3];
    let drm = ["widevine", "fairplay", "playready"][index % 3];
    let mut details = vec![("encoding_variant", encoding.to_owned())];
    match index % 4 {
        0 => {
            details.push(("channel", format!("channel-{}", index % 7)));
            details.push(("programme", format!("Final, leg {}", index % 5 + 1)));
            let stream_type = if index.is_multiple_of(8) {
                "live"
            } else {
                "low_latency_live"
            };
            Title {
                content_id: format!("live-{number:03}"),
                title: format!("Final {number}"),
                stream_type,
                duration_ms: None,
                details,
            }
        }
        1 => {
            details.push(("drm", drm.to_owned()));
            let duration_ms = Some(5_400_000 + index as i64 * 61_000);
            Title {
                content_id: format!("film-{number:03}"),
                title: format!("Film {number}"),
                stream_type: "vod",
                duration_ms,
                details,
            }
        }
        _ => {
            details.push(("series", format!("Series {}", index / 8)));
            details.push(("season", (index % 3 + 1).to_string()));
            details.push(("episode", (index % 10 + 1).to_string()));
            let duration_ms = Some(600_000 + (index as i64 % 9) * 137_000);
            Title {
                content_id: format!("episode-{number:03}"),
                title: format!("Episode {number}"),
                stream_type: "vod",
                duration_ms,
                details,
            }
        }
    }
}
