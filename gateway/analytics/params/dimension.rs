//! By what numbers can be told apart.

use serde::{Serialize, Serializer};

use super::bad;
use super::query_string::QueryString;
use crate::analytics::error::QueryError;

/// Gives each dimension its word, the same in parameters, answers and columns, and its meaning.
macro_rules! dimensions {
    ($($(#[doc = $meaning:literal])* $variant:ident = $word:literal,)*) => {
        /// What a play is told apart by.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Dimension {
            $($(#[doc = $meaning])* $variant,)*
        }

        impl Dimension {
            /// Every one of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Its word.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// What it is, for a person.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => concat!($($meaning),*)),* }
            }
        }
    };
}

dimensions! {
    /// Title, as the catalogue and the players name it.
    ContentId = "content_id",
    /// Kind of device: `mobile`, `web`, `smart_tv`, `tablet`, `set_top_box`, `game_console`.
    DeviceClass = "device_class",
    /// Country, ISO 3166-1 alpha-2.
    Country = "country",
    /// Part of the country, ISO 3166-2.
    Region = "region",
    /// Network that delivered the video.
    Cdn = "cdn",
    /// Internet provider of the viewer.
    Isp = "isp",
    /// Version of the application.
    AppVersion = "app_version",
    /// Protocol by which the beacons came.
    Source = "source",
    /// Variant of an experiment, as `experiment: variant`.
    Variant = "variant",
    /// Series of the title.
    ContentSeries = "content_series",
    /// Channel of the title.
    ContentChannel = "content_channel",
    /// On demand, live, or live with low latency.
    StreamType = "stream_type",
    /// Operating system.
    OsName = "os_name",
    /// Version of the operating system.
    OsVersion = "os_version",
    /// Model of the device.
    DeviceModel = "device_model",
    /// Player.
    PlayerName = "player_name",
    /// Version of the player.
    PlayerVersion = "player_version",
    /// Kind of connection: wifi, cellular and so on.
    ConnectionType = "connection_type",
    /// Write key with which the beacons came: its id, as `playhead keys list` shows it.
    WriteKey = "write_key",
    /// How the play ended: running, finished, exited, failed and so on.
    EndReason = "end_reason",
    /// Code of the play's last error.
    LastErrorCode = "last_error_code",
}

impl Dimension {
    /// The dimension of this word.
    ///
    /// # Errors
    /// When there is none; `parameter` is told.
    pub fn of(word: &str, parameter: &str) -> Result<Self, QueryError> {
        let mut all = Self::ALL.iter();
        all.find(|each| each.word() == word)
            .copied()
            .ok_or_else(|| {
                let words: Vec<_> = Self::ALL.iter().map(|each| each.word()).collect();
                let reason = format!("must be one of {}", words.join(", "));
                bad(parameter, &reason)
            })
    }
}

impl Serialize for Dimension {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.word())
    }
}

impl QueryString {
    /// Dimensions separated by commas, each once, in the order given; none when the parameter is not given.
    ///
    /// # Errors
    /// When a word is no dimension, comes twice, or there are more than `most`.
    pub fn dimensions(&mut self, name: &str, most: usize) -> Result<Vec<Dimension>, QueryError> {
        let mut dimensions = Vec::new();
        for word in self.list(name) {
            let dimension = Dimension::of(&word, name)?;
            if dimensions.contains(&dimension) {
                return Err(bad(name, &format!("`{word}` is given twice")));
            }
            dimensions.push(dimension);
        }
        if dimensions.len() > most {
            return Err(bad(name, &format!("must be at most {most} dimensions")));
        }
        Ok(dimensions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_dimensions_once() {
        let asked = |text: &str| {
            QueryString::of(&[("group_by", text)])
                .dimensions("group_by", 2)
                .map_err(|error| error.to_string())
        };
        assert_eq!(
            asked("cdn, country"),
            Ok(vec![Dimension::Cdn, Dimension::Country])
        );
        assert_eq!(asked(""), Ok(Vec::new()));
        assert_eq!(
            asked("cdn,cdn"),
            Err("parameter `group_by`: `cdn` is given twice".to_owned())
        );
        assert!(asked("cdn,isp,country").is_err());
        assert!(asked("colour").is_err_and(|told| told.contains("must be one of content_id,")));
    }

    #[test]
    fn each_has_a_meaning() {
        for dimension in Dimension::ALL {
            assert!(dimension.meaning().trim().ends_with('.'), "{dimension:?}");
        }
    }
}
