//! Client hints (`Sec-CH-UA-*`): what browsers say in place of the user agent, which they froze.

use axum::http::HeaderMap;

use super::DeviceFacts;
use crate::beacon::DeviceClass;

/// The hints of one request.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Hints<'h> {
    brands: Option<&'h str>,
    platform: Option<&'h str>,
    platform_version: Option<&'h str>,
    model: Option<&'h str>,
    mobile: Option<&'h str>,
    form_factors: Option<&'h str>,
}

impl<'h> Hints<'h> {
    /// Those that came; none where there is none.
    pub(super) fn of(headers: &'h HeaderMap) -> Option<Self> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let hints = Self {
            brands: text("sec-ch-ua-full-version-list").or_else(|| text("sec-ch-ua")),
            platform: text("sec-ch-ua-platform"),
            platform_version: text("sec-ch-ua-platform-version"),
            model: text("sec-ch-ua-model"),
            mobile: text("sec-ch-ua-mobile"),
            form_factors: text("sec-ch-ua-form-factors"),
        };
        let has_any = hints.brands.is_some()
            || hints.platform.is_some()
            || hints.model.is_some()
            || hints.mobile.is_some();
        has_any.then_some(hints)
    }

    /// Lays what they tell over what the user agent told.
    pub(super) fn lay_over(self, facts: &mut DeviceFacts) {
        if let Some((name, version)) = self.brands.and_then(browser_of) {
            facts.browser = Some(name);
            facts.browser_version = version;
        }
        if let Some(model) = self.model.and_then(quoted) {
            facts.model = Some(model.to_owned());
        }
        self.lay_system_over(facts);
        if let Some(class) = self.class() {
            // A television's browser may call itself no mobile; what the agent told of it stays.
            let is_told = matches!(
                facts.class,
                Some(DeviceClass::SmartTv | DeviceClass::SetTopBox | DeviceClass::GameConsole)
            );
            if !is_told {
                facts.class = Some(class);
            }
        }
    }

    fn lay_system_over(self, facts: &mut DeviceFacts) {
        let Some(platform) = self.platform.and_then(quoted) else {
            return;
        };
        let name = match platform {
            "Chrome OS" | "Chromium OS" => "ChromeOS",
            "Unknown" => return,
            other => other,
        };
        let version = self.platform_version.and_then(quoted);
        let version = match (name, version) {
            ("Windows", Some(version)) => windows_of(version).map(str::to_owned),
            (_, Some(version)) => Some(main_parts(version).to_owned()),
            (_, None) => None,
        };
        if facts.os_name.as_deref() != Some(name) {
            facts.os_version = None;
        }
        facts.os_name = Some(name.to_owned());
        if version.is_some() {
            facts.os_version = version;
        }
    }

    fn class(self) -> Option<DeviceClass> {
        let form = self.form_factors.unwrap_or_default();
        if form.contains("\"Tablet\"") {
            return Some(DeviceClass::Tablet);
        }
        let platform = self.platform.and_then(quoted)?;
        match (self.mobile?, platform) {
            ("?1", _) => Some(DeviceClass::Mobile),
            ("?0", "Android") => Some(DeviceClass::Tablet),
            ("?0", "Windows" | "macOS" | "Linux" | "Chrome OS" | "Chromium OS") => {
                Some(DeviceClass::Web)
            }
            _ => None,
        }
    }
}

/// The text of a quoted string; none where it is empty.
fn quoted(text: &str) -> Option<&str> {
    let inner = text.trim().strip_prefix('"')?.strip_suffix('"')?;
    (!inner.is_empty() && inner.len() <= 64).then_some(inner)
}

/// The brand of a list that is neither the engine nor the invented one, and its main version.
fn browser_of(brands: &str) -> Option<(String, Option<String>)> {
    let mut engine = None;
    for brand in brands.split(',').take(8) {
        let mut parts = brand.split(";v=");
        let Some(name) = parts.next().and_then(quoted) else {
            continue;
        };
        let version = parts.next().and_then(quoted).map(|version| {
            let main = version.split('.').next();
            main.unwrap_or(version).to_owned()
        });
        match name {
            "Chromium" => engine = Some(("Chrome".to_owned(), version)),
            "Google Chrome" | "HeadlessChrome" => return Some(("Chrome".to_owned(), version)),
            "Microsoft Edge" => return Some(("Edge".to_owned(), version)),
            "Android WebView" => return Some(("WebView".to_owned(), version)),
            // `Not A;Brand` in its many spellings.
            invented if invented.contains("Not") && invented.contains("Brand") => {}
            other => return Some((other.to_owned(), version)),
        }
    }
    engine
}

/// Windows 11 counts from 13 here, Windows 10 from 1.
fn windows_of(platform_version: &str) -> Option<&'static str> {
    let main: u32 = platform_version.split('.').next()?.parse().ok()?;
    match main {
        0 => None,
        1..=12 => Some("10"),
        _ => Some("11"),
    }
}

/// `14.2.1` to `14.2`, `13.0.0` to `13`.
fn main_parts(version: &str) -> &str {
    let end = version.match_indices('.').nth(1).map(|(at, _)| at);
    let two = end.map_or(version, |end| version.get(..end).unwrap_or(version));
    two.strip_suffix(".0").unwrap_or(two)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid_over(facts: &DeviceFacts, headers: &[(&'static str, &'static str)]) -> DeviceFacts {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        let mut facts = facts.clone();
        if let Some(hints) = Hints::of(&map) {
            hints.lay_over(&mut facts);
        }
        facts
    }

    #[test]
    fn what_the_frozen_agent_hides_the_hints_tell() {
        let frozen = DeviceFacts {
            class: Some(DeviceClass::Web),
            os_name: Some("Windows".into()),
            os_version: Some("10".into()),
            browser: Some("Chrome".into()),
            browser_version: Some("131".into()),
            ..DeviceFacts::default()
        };
        let facts = laid_over(
            &frozen,
            &[
                (
                    "sec-ch-ua",
                    r#""Chromium";v="131", "Opera";v="116", "Not_A Brand";v="24""#,
                ),
                ("sec-ch-ua-platform", r#""Windows""#),
                ("sec-ch-ua-platform-version", r#""15.0.0""#),
                ("sec-ch-ua-mobile", "?0"),
            ],
        );
        assert_eq!(facts.os_version.as_deref(), Some("11"));
        assert_eq!(facts.browser.as_deref(), Some("Opera"));
        assert_eq!(facts.browser_version.as_deref(), Some("116"));
        assert_eq!(facts.class, Some(DeviceClass::Web));
    }

    #[test]
    fn a_model_and_a_mobile_are_told() {
        let facts = laid_over(
            &DeviceFacts::default(),
            &[
                ("sec-ch-ua-platform", r#""Android""#),
                ("sec-ch-ua-platform-version", r#""14.0.0""#),
                ("sec-ch-ua-mobile", "?1"),
                ("sec-ch-ua-model", r#""Pixel 8""#),
            ],
        );
        assert_eq!(
            facts,
            DeviceFacts {
                class: Some(DeviceClass::Mobile),
                model: Some("Pixel 8".into()),
                os_name: Some("Android".into()),
                os_version: Some("14".into()),
                ..DeviceFacts::default()
            }
        );
    }

    #[test]
    fn no_hints_and_broken_ones_change_nothing() {
        let told = DeviceFacts {
            class: Some(DeviceClass::SmartTv),
            os_name: Some("Tizen".into()),
            ..DeviceFacts::default()
        };
        assert_eq!(laid_over(&told, &[]), told);
        let broken = [("sec-ch-ua", "x"), ("sec-ch-ua-platform", "Android")];
        assert_eq!(laid_over(&told, &broken), told);
        let television = [
            ("sec-ch-ua-mobile", "?0"),
            ("sec-ch-ua-platform", r#""Linux""#),
        ];
        assert_eq!(
            laid_over(&told, &television).class,
            Some(DeviceClass::SmartTv)
        );
    }
}
