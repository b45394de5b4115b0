use super::*;

/// Class, model, system with version, browser with version; `-` where nothing is told.
fn read(agent: &str) -> String {
    let facts = UserAgents::new().unwrap().read(agent);
    let class = facts.class.map_or("-", |class| class.as_str_name());
    let or_dash = |text: Option<String>| text.unwrap_or("-".into());
    format!(
        "{} | {} | {} {} | {} {}",
        class.trim_start_matches("DEVICE_CLASS_").to_lowercase(),
        or_dash(facts.model),
        or_dash(facts.os_name),
        or_dash(facts.os_version),
        or_dash(facts.browser),
        or_dash(facts.browser_version),
    )
}

#[test]
fn devices_that_play_video_are_recognised() {
    for (agent, expected) in [
        (
            "Mozilla/5.0 (SMART-TV; LINUX; Tizen 6.0) AppleWebKit/537.36 (KHTML, like Gecko) 76.0.3809.146/6.0 TV Safari/537.36",
            "smart_tv | - | Tizen 6.0 | WebKit 537",
        ),
        (
            "Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/94.0.4606.128 Safari/537.36 WebAppManager",
            "smart_tv | - | webOS - | Chrome 94",
        ),
        (
            "Mozilla/5.0 (Linux; Android 12; BRAVIA 4K VH2 Build/STT2.230505.001) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.5735.196 Safari/537.36",
            "smart_tv | BRAVIA 4K VH2 | Android 12 | Chrome 114",
        ),
        (
            "Mozilla/5.0 (Linux; Android 9; AFTMM Build/PS7624) AppleWebKit/537.36 (KHTML, like Gecko) Silk/108.4 like Chrome/108.0 Safari/537.36",
            "set_top_box | AFTMM | Android 9 | Silk 108",
        ),
        (
            "Roku/DVP-12.5 (12.5.5.4174-C2)",
            "set_top_box | Roku | Roku OS 12.5 | - -",
        ),
        (
            "AppleCoreMedia/1.0.0.20L563 (Apple TV; U; CPU OS 16_5 like Mac OS X; en_us)",
            "set_top_box | Apple TV | tvOS - | - -",
        ),
        (
            "Mozilla/5.0 (PlayStation; PlayStation 5/8.20) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.4 Safari/605.1.15",
            "game_console | PlayStation 5 | PlayStation 8.20 | Safari 15",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; Xbox; Xbox Series X) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Edg/120.0.2210.91",
            "game_console | Xbox | Xbox - | Edge 120",
        ),
    ] {
        assert_eq!(read(agent), expected, "{agent}");
    }
}

#[test]
fn telephones_tablets_and_computers_are_recognised() {
    for (agent, expected) in [
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1",
            "mobile | iPhone | iOS 17.4 | Safari 17",
        ),
        (
            "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/120.0 Mobile/15E148 Safari/604.1",
            "tablet | iPad | iPadOS 16.6 | Chrome 120",
        ),
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36",
            "mobile | - | Android 10 | Chrome 131",
        ),
        (
            "Mozilla/5.0 (Linux; Android 13; SM-X906B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/23.0 Chrome/115.0.0.0 Safari/537.36",
            "tablet | SM-X906B | Android 13 | Samsung Internet 23",
        ),
        (
            "Dalvik/2.1.0 (Linux; U; Android 9; SM-G960F Build/PPR1.180610.011)",
            "- | SM-G960F | Android 9 | - -",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
            "web | - | Windows 10 | Edge 131",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:132.0) Gecko/20100101 Firefox/132.0",
            "web | - | macOS 10.15 | Firefox 132",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36",
            "web | - | Linux - | Chrome 156",
        ),
        ("curl/8.5.0", "- | - | - - | - -"),
        ("", "- | - | - - | - -"),
    ] {
        assert_eq!(read(agent), expected, "{agent}");
    }
}

#[test]
fn robots_that_say_so_are_told_from_browsers_without_a_window() {
    let agents = UserAgents::new().unwrap();
    let is_bot = |agent| agents.read(agent).is_bot;
    assert!(is_bot(
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
    ));
    assert!(is_bot("Mozilla/5.0 (compatible; ExampleBot/1.0)"));
    assert!(is_bot("some-crawler/1.0"));
    assert!(!is_bot(
        "Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/156.0.0.0"
    ));
    // A telephone of this name.
    assert!(!is_bot("Mozilla/5.0 (Linux; Android 10; CUBOT X30) Mobile"));
    assert!(!is_bot("curl/8.5.0"));
}

#[test]
fn endless_agents_are_not_read() {
    let agent = format!("Mozilla/5.0 (iPhone{}", "x".repeat(2_000));
    assert_eq!(
        UserAgents::new().unwrap().read(&agent),
        DeviceFacts::default()
    );
}
