//! Takes out of free text what must not be kept: addresses of people, tokens, queries of URLs.

use std::borrow::Cow;

use regex::{Captures, Regex};

/// A pattern that cannot be used: a mistake in the list, found by the first test or start.
#[derive(Debug, thiserror::Error)]
#[error("a pattern of redaction cannot be used")]
pub struct RedactError(#[from] regex::Error);

/// A URL with what may hold a viewer's secrets: name and password, query, fragment.
const URL: &str =
    r#"(?i)\b([a-z][a-z0-9+.-]{1,15}://)(?:[^\s/?#"'<>]*@)?([^\s?#"'<>]*)((?:[?#][^\s"'<>]*)?)"#;
/// Name and password in a URL.
const USER_INFO: &str = r#"(?i)\b([a-z][a-z0-9+.-]{1,15}://)[^\s/?#"'<>]*@"#;
/// The query of an address without scheme and host.
const QUERY: &str = r#"(?i)([\w./%-])\?[^\s"'<>?=]{1,64}=[^\s"'<>]*"#;
/// A JSON web token: its first part begins with `{"` in base64.
const TOKEN: &str = r"\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*)*";
/// What stands behind the names of schemes of authorization.
const SCHEME: &str = r"(?i)\b(bearer|basic|digest)[ +]+[A-Za-z0-9._~+/=-]{8,}";
/// Secrets by the name that stands before them.
const NAMED: &str = r#"(?i)\b((?:access|id|refresh|auth|session|csrf|drm|playback)?[_-]?(?:token|jwt)|authorization|api[_-]?key|passw(?:or)?d|pwd|secret|signature|sig|credentials?|cookie|sessionid|hdnts|hdnea|x-amz-[a-z-]+)("?\s*[=:]\s*"?)([^\s&"',;]{2,})"#;
/// An e-mail address, in a URL's spelling as well.
const EMAIL: &str =
    r"(?i)\b[a-z0-9._+-]{1,64}(?:@|%40)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,8}\.[a-z]{2,24}\b";
/// A telephone number in international form. Without the plus it could be any number.
const TELEPHONE: &str = r"\+\d{1,3}[ (.-]{0,2}\d[\d ().-]{6,16}\d";

/// Reads texts for what must not be kept.
pub(super) struct Redactor {
    url: Regex,
    user_info: Regex,
    query: Regex,
    token: Regex,
    scheme: Regex,
    named: Regex,
    email: Regex,
    telephone: Regex,
}

impl Redactor {
    /// Prepares the patterns.
    ///
    /// # Errors
    /// A pattern that is none.
    pub(super) fn new() -> Result<Self, RedactError> {
        Ok(Self {
            url: Regex::new(URL)?,
            user_info: Regex::new(USER_INFO)?,
            query: Regex::new(QUERY)?,
            token: Regex::new(TOKEN)?,
            scheme: Regex::new(SCHEME)?,
            named: Regex::new(NAMED)?,
            email: Regex::new(EMAIL)?,
            telephone: Regex::new(TELEPHONE)?,
        })
    }

    /// The text without it; none where there is nothing to take out, which is the rule.
    pub(super) fn redacted(&self, text: &str) -> Option<String> {
        if !may_hold_any(text) {
            return None;
        }
        let mut clean = Cow::Borrowed(text);
        replace(&mut clean, &self.url, |found| {
            let mark = if found[3].is_empty() { "" } else { "?[query]" };
            format!("{}{}{mark}", &found[1], &found[2])
        });
        replace(&mut clean, &self.query, |found| {
            format!("{}?[query]", &found[1])
        });
        replace(&mut clean, &self.token, |_| "[token]".into());
        replace(&mut clean, &self.scheme, |found| {
            format!("{} [token]", &found[1])
        });
        replace(&mut clean, &self.named, |found| {
            // What a step before took out is not taken out again.
            if found[3].starts_with('[') || is_scheme(&found[3]) {
                found[0].to_owned()
            } else {
                format!("{}{}[secret]", &found[1], &found[2])
            }
        });
        replace(&mut clean, &self.email, |_| "[email]".into());
        replace(&mut clean, &self.telephone, |_| "[phone]".into());
        match clean {
            Cow::Owned(clean) if clean != text => Some(clean),
            Cow::Owned(_) | Cow::Borrowed(_) => None,
        }
    }
}

impl Redactor {
    /// The text without tokens, passwords and named secrets; all else of it stays.
    pub(super) fn without_credentials(&self, text: &str) -> Option<String> {
        if !may_hold_any(text) {
            return None;
        }
        let mut clean = Cow::Borrowed(text);
        replace(&mut clean, &self.user_info, |found| found[1].to_owned());
        replace(&mut clean, &self.token, |_| "[token]".into());
        replace(&mut clean, &self.named, |found| {
            format!("{}{}[secret]", &found[1], &found[2])
        });
        match clean {
            Cow::Owned(clean) => Some(clean),
            Cow::Borrowed(_) => None,
        }
    }
}

/// `Authorization: Bearer [token]`: the scheme is no secret.
fn is_scheme(word: &str) -> bool {
    ["bearer", "basic", "digest"]
        .iter()
        .any(|scheme| word.eq_ignore_ascii_case(scheme))
}

/// Replaces only where there is something: most steps find nothing, and copy nothing.
fn replace(text: &mut Cow<'_, str>, pattern: &Regex, by: impl Fn(&Captures<'_>) -> String) {
    if let Cow::Owned(clean) = pattern.replace_all(text, by) {
        *text = Cow::Owned(clean);
    }
}

/// One look at each byte, since most texts are a code or a name: every pattern but the token's needs
/// one of these signs.
fn may_hold_any(text: &str) -> bool {
    text.bytes()
        .any(|byte| matches!(byte, b'@' | b'%' | b'?' | b'=' | b':' | b'+'))
        || text.contains("eyJ")
        || (text.len() >= 14 && text.contains(' ') && has_scheme(text))
}

fn has_scheme(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    lower.contains("bearer ") || lower.contains("basic ") || lower.contains("digest ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(text: &str) -> String {
        let redactor = Redactor::new().unwrap();
        redactor.redacted(text).unwrap_or_else(|| text.to_owned())
    }

    #[test]
    fn secrets_of_urls_go_and_their_place_stays() {
        assert_eq!(
            redacted(
                "GET https://u:pw@cdn.example/a/seg1.m4s?hdnts=exp~hmac&x=1#t failed with 403"
            ),
            "GET https://cdn.example/a/seg1.m4s?[query] failed with 403"
        );
        assert_eq!(
            redacted("/a/seg1.m4s?sig=abc: 404"),
            "/a/seg1.m4s?[query] 404"
        );
        assert_eq!(
            redacted("https://cdn.example/a.m4s"),
            "https://cdn.example/a.m4s"
        );
    }

    #[test]
    fn tokens_go() {
        let jwt =
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U";
        assert_eq!(
            redacted(&format!("licence {jwt} refused")),
            "licence [token] refused"
        );
        assert_eq!(
            redacted(&format!("https://x.example/{jwt}/a")),
            "https://x.example/[token]/a"
        );
        assert_eq!(
            redacted("Authorization: Bearer abcdef0123456789"),
            "Authorization: Bearer [token]"
        );
        assert_eq!(
            redacted("sent bearer abcdef0123456789"),
            "sent bearer [token]"
        );
        assert_eq!(
            redacted(r#"{"access_token":"abc123","n":1}"#),
            r#"{"access_token":"[secret]","n":1}"#
        );
        assert_eq!(
            redacted("password=hunter2; retry"),
            "password=[secret]; retry"
        );
    }

    #[test]
    fn people_are_not_named() {
        assert_eq!(
            redacted("no entitlement for jo.doe+tv@mail.example.org"),
            "no entitlement for [email]"
        );
        assert_eq!(redacted("user=jo%40mail.example.org"), "user=[email]");
        assert_eq!(redacted("call +44 20 7946 0958 now"), "call [phone] now");
    }

    #[test]
    fn what_players_say_of_errors_stays() {
        for text in [
            "MEDIA_ERR_DECODE: 3",
            "code 3016: video/mp4; codecs=avc1.64001f",
            "timeout after 10 s at 00:12:31",
            "bufferStalledError",
            "C++ exception 0x80070005",
            "1795250358704",
            "Error: a==b",
            "HTTP 403 for init.mp4",
            "React & Vue @ 60 fps",
        ] {
            assert_eq!(redacted(text), text);
        }
    }

    #[test]
    fn the_longest_text_takes_no_time() {
        let began = std::time::Instant::now();
        for unit in ["a@", "https://", "?a=", "eyJa.", "+1 ", "token:", "%40a."] {
            redacted(&unit.repeat(1_024 / unit.len()));
        }
        assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
    }
}
