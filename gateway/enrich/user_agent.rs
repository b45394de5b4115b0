//! What a user agent tells of its device.

use regex::Regex;
use ua_parser::{device, os, user_agent};

use super::DeviceFacts;
use super::patterns::{BROWSERS, DEVICES, ROBOTS, SYSTEMS};
use crate::beacon::DeviceClass;

/// Longer ones tell nothing: the longest that televisions send is some 400.
pub(super) const USER_AGENT_MAX_BYTES: usize = 1_024;

/// Patterns that cannot be used: a mistake in the list, found by the first test or start.
#[derive(Debug, thiserror::Error)]
#[error("the patterns of user agents cannot be used: {0}")]
pub struct PatternError(String);

/// Reads user agents.
pub(super) struct UserAgents {
    devices: device::Extractor<'static>,
    systems: os::Extractor<'static>,
    browsers: user_agent::Extractor<'static>,
    robots: Regex,
}

impl UserAgents {
    /// Prepares the lists of patterns.
    ///
    /// # Errors
    /// A pattern that is none.
    pub(super) fn new() -> Result<Self, PatternError> {
        let broken = |error: &dyn std::fmt::Display| PatternError(error.to_string());
        let devices = DEVICES.map(|(class, pattern)| device::Parser {
            regex: pattern.into(),
            regex_flag: None,
            device_replacement: Some(class.into()),
            brand_replacement: None,
            model_replacement: None,
        });
        let systems = SYSTEMS.map(|(name, pattern)| os::Parser {
            regex: pattern.into(),
            os_replacement: Some(name.into()),
            ..os::Parser::default()
        });
        let browsers = BROWSERS.map(|(name, pattern)| user_agent::Parser {
            regex: pattern.into(),
            family_replacement: Some(name.into()),
            ..user_agent::Parser::default()
        });
        Ok(Self {
            devices: device::Builder::new()
                .push_all(devices)
                .map_err(|error| broken(&error))?
                .build()
                .map_err(|error| broken(&error))?,
            systems: os::Builder::new()
                .push_all(systems)
                .map_err(|error| broken(&error))?
                .build()
                .map_err(|error| broken(&error))?,
            browsers: user_agent::Builder::new()
                .push_all(browsers)
                .map_err(|error| broken(&error))?
                .build()
                .map_err(|error| broken(&error))?,
            robots: Regex::new(ROBOTS).map_err(|error| broken(&error))?,
        })
    }

    /// What this one tells; nothing where it is not recognised.
    pub(super) fn read(&self, agent: &str) -> DeviceFacts {
        if agent.len() > USER_AGENT_MAX_BYTES {
            return DeviceFacts::default();
        }
        let mut facts = DeviceFacts {
            is_bot: self.robots.is_match(agent),
            ..DeviceFacts::default()
        };
        if let Some(found) = self.devices.extract(agent) {
            facts.class = class_of(&found.device);
            facts.model = found.model.and_then(|model| model_of(&model));
        }
        if let Some(found) = self.systems.extract(agent) {
            let version = version_of(found.major.as_deref(), found.minor.as_deref());
            facts.os_version = match found.os.as_ref() {
                "Windows" => version.map(|version| windows_of(&version).to_owned()),
                _ => version,
            };
            facts.os_name = Some(found.os.into_owned());
        }
        if let Some(found) = self.browsers.extract(agent) {
            facts.browser_version = found.major.map(str::to_owned);
            facts.browser = Some(found.family.into_owned());
        }
        facts
    }
}

fn class_of(name: &str) -> Option<DeviceClass> {
    Some(match name {
        "mobile" => DeviceClass::Mobile,
        "tablet" => DeviceClass::Tablet,
        "web" => DeviceClass::Web,
        "smart_tv" => DeviceClass::SmartTv,
        "set_top_box" => DeviceClass::SetTopBox,
        "game_console" => DeviceClass::GameConsole,
        _ => return None,
    })
}

/// `K` is what Chrome says in place of every model, and white space is none.
fn model_of(text: &str) -> Option<String> {
    let model = text.trim();
    (!model.is_empty() && model != "K").then(|| model.to_owned())
}

fn version_of(major: Option<&str>, minor: Option<&str>) -> Option<String> {
    let major = major?;
    Some(match minor {
        Some(minor) => format!("{major}.{minor}"),
        None => major.to_owned(),
    })
}

/// The name of a kernel's version. Windows 11 says 10.0 as well; only client hints tell it.
fn windows_of(kernel: &str) -> &str {
    match kernel {
        "10.0" => "10",
        "6.3" => "8.1",
        "6.2" => "8",
        "6.1" => "7",
        other => other,
    }
}

#[cfg(test)]
#[path = "user_agent_tests.rs"]
mod tests;
