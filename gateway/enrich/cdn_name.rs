//! One name for each CDN, whatever players call it; the table stands in `docs/enrichment.md`.

/// Longer names are nobody's alias.
const ALIAS_MAX_BYTES: usize = 24;

/// The published name, if this is an alias of one: compared in lower case, without `-`, `_`, `.` and spaces.
pub(super) fn published(name: &str) -> Option<&'static str> {
    let mut plain = [0_u8; ALIAS_MAX_BYTES];
    let mut length = 0;
    for byte in name.bytes() {
        if matches!(byte, b'-' | b'_' | b'.' | b' ') {
            continue;
        }
        *plain.get_mut(length)? = byte.to_ascii_lowercase();
        length += 1;
    }
    Some(match plain.get(..length)? {
        b"akamai" | b"akamaighost" | b"akamaiedge" | b"akamaiamd" | b"akamaized" | b"edgesuite"
        | b"akamaicdn" => "akamai",
        b"cloudfront" | b"amazoncloudfront" | b"awscloudfront" | b"cloudfrontnet" | b"aws" => {
            "cloudfront"
        }
        b"fastly" | b"fastlycdn" => "fastly",
        b"cloudflare" | b"cloudflarecdn" | b"cf" => "cloudflare",
        b"google" | b"googlecdn" | b"googlecloudcdn" | b"gcdn" | b"googlemediacdn"
        | b"mediacdn" => "google",
        b"azure" | b"azurecdn" | b"azurefrontdoor" | b"microsoft" | b"msedge" => "azure",
        b"edgio" | b"limelight" | b"llnw" | b"edgecast" | b"verizon" | b"verizonmedia" => "edgio",
        b"lumen" | b"level3" | b"centurylink" => "lumen",
        b"bunny" | b"bunnycdn" | b"bunnynet" => "bunny",
        b"cdn77" => "cdn77",
        b"gcore" | b"gcorelabs" => "gcore",
        b"cdnetworks" => "cdnetworks",
        b"alibaba" | b"alicdn" | b"alibabacloud" | b"alibabacloudcdn" => "alibaba",
        b"tencent" | b"tencentcloud" | b"tencentcdn" => "tencent",
        b"qwilt" => "qwilt",
        b"velocix" => "velocix",
        b"netskrt" => "netskrt",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_meet_in_one_name() {
        for alias in ["Akamai", "akamai-edge", "AkamaiGHost", "AKAMAI", "akamai"] {
            assert_eq!(published(alias), Some("akamai"), "{alias}");
        }
        assert_eq!(published("Amazon CloudFront"), Some("cloudfront"));
        assert_eq!(published("LEVEL_3"), Some("lumen"));
    }

    #[test]
    fn a_name_of_the_platforms_own_stays() {
        for own in ["edge-1", "", "one", "akamai2", &"a".repeat(200), "Önet"] {
            assert_eq!(published(own), None, "{own}");
        }
    }
}
