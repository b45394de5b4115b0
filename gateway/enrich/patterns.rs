//! What user agents look like: of devices that play video, of operating systems, of browsers.
//!
//! In each list the first pattern that fits counts, so what pretends to be something else stands before
//! it: televisions name Chrome and Safari, Edge names Chrome, an Xbox names Windows.

/// Kind of device as the beacon names it, and the pattern; its first group, if any, is the model.
pub(super) const DEVICES: [(&str, &str); 37] = [
    // Consoles.
    ("game_console", r"(PlayStation (?:Vita|\d))"),
    ("game_console", r"(PLAYSTATION 3)"),
    ("game_console", r"(Xbox(?: Series [XS]| One(?: [XS])?)?)"),
    ("game_console", r"(Nintendo (?:Switch|WiiU|3DS))"),
    // Boxes and sticks.
    ("set_top_box", r"; (AFT[A-Za-z0-9]{1,8})[;) ]"),
    ("set_top_box", r"(AppleTV\d+,\d+)"),
    ("set_top_box", r"(Apple ?TV)"),
    ("set_top_box", r"(CrKey)/"),
    ("set_top_box", r"(Chromecast[^;)/]{0,30})"),
    ("set_top_box", r"(Roku)[/ ]"),
    ("set_top_box", r"(SHIELD Android TV)"),
    ("set_top_box", r"; (MIBOX[^;) ]{0,10})"),
    ("set_top_box", r"(?:STB|SetTopBox|Set-Top|IPTV)"),
    // Televisions.
    (
        "smart_tv",
        r"HbbTV/[\d.]+ ?\([^;)]*;[^;)]*; ?([^;)]{1,40});",
    ),
    ("smart_tv", r"(BRAVIA [^;)/]{1,30}?)(?: Build|[;)/])"),
    ("smart_tv", r"SMART-TV; ?(?:LINUX|Linux); ?Tizen"),
    ("smart_tv", r"Tizen.{0,200} TV[ /]"),
    ("smart_tv", r"(?:Web0S|webOS\.TV|NetCast|LG Browser)"),
    (
        "smart_tv",
        r"(?:VIDAA|Viera|AQUOS|NETTV|PhilipsTV|VIZIO|Hisense)",
    ),
    (
        "smart_tv",
        r"(?:GoogleTV|Google TV|Android ?TV|SmartTV|Smart-TV|SMART-TV)",
    ),
    // Telephones and tablets.
    ("tablet", r"(iPad\d+,\d+)"),
    ("mobile", r"(iPhone\d+,\d+)"),
    ("tablet", r"(iPad)"),
    ("mobile", r"(iPhone)"),
    ("mobile", r"(iPod)"),
    (
        "tablet",
        r"Android[^)]{0,60}; ((?:SM-[TPX]|Lenovo TB|KF)[^;)/]{1,30}?)(?: Build|[;)/])",
    ),
    // The framework's own agent names the model and not whether it is a tablet.
    (
        "",
        r"Dalvik/.{0,40}Android [\d.]+; ([^;)]{1,40}?)(?: Build|\))",
    ),
    (
        "mobile",
        r"Android [\d.]+; ([^;)]{1,40}?)(?: Build/[^;)]*)?\).{0,200}Mobile",
    ),
    ("mobile", r"Android [^)]*; Mobile;"),
    ("tablet", r"Android [^)]*; Tablet;"),
    // Browsers of Android say Mobile unless the screen is large.
    (
        "tablet",
        r"Android [\d.]+; ([^;)]{1,40}?)(?: Build/[^;)]*)?\).{0,60}AppleWebKit",
    ),
    ("mobile", r"Windows Phone"),
    // Computers.
    ("web", r"Windows NT"),
    ("web", r"Macintosh"),
    ("web", r"CrOS"),
    ("web", r"X11;"),
    ("web", r"Mozilla/.{0,20}Linux x86_64"),
];

/// Operating system as it is published, and the pattern; its second and third group are the version.
pub(super) const SYSTEMS: [(&str, &str); 19] = [
    (
        "PlayStation",
        r"(PlayStation \d|PLAYSTATION 3)[/ ]+(\d+)\.(\d+)",
    ),
    ("PlayStation", r"(PlayStation|PLAYSTATION)"),
    ("Xbox", r"(Xbox)"),
    ("Nintendo", r"(Nintendo)"),
    ("Tizen", r"(Tizen)[ /](\d+)\.(\d+)"),
    ("Tizen", r"(Tizen)"),
    ("webOS", r"(Web0S|webOS\.TV|NetCast)"),
    ("Roku OS", r"(Roku)/DVP-(\d+)\.(\d+)"),
    ("Roku OS", r"(Roku)[/ ]"),
    ("tvOS", r"(tvOS)[ /](\d+)\.(\d+)"),
    ("tvOS", r"(Apple ?TV)"),
    ("iPadOS", r"(iPad).{0,40} OS (\d+)[_.](\d+)"),
    ("iOS", r"(iPhone|iPod).{0,40} OS (\d+)[_.](\d+)"),
    ("Android", r"(Android) (\d+)(?:\.(\d+))?"),
    ("ChromeOS", r"(CrOS) \S{1,12} (\d+)\.(\d+)"),
    ("macOS", r"(Mac OS X) (\d+)[_.](\d+)"),
    ("Windows", r"(Windows NT) (\d+)\.(\d+)"),
    ("Android", r"(Android)"),
    ("Linux", r"(Linux|X11)"),
];

/// Browser as it is published, and the pattern; its second group is the main version.
pub(super) const BROWSERS: [(&str, &str); 17] = [
    ("Edge", r"(Edg|Edge|EdgA|EdgiOS)/(\d+)"),
    ("Opera", r"(OPR|OPiOS|Opera)/(\d+)"),
    ("Samsung Internet", r"(SamsungBrowser)/(\d+)"),
    ("Silk", r"(Silk)/(\d+)"),
    ("Yandex", r"(YaBrowser)/(\d+)"),
    ("Vivaldi", r"(Vivaldi)/(\d+)"),
    ("DuckDuckGo", r"(DuckDuckGo|Ddg)/(\d+)"),
    ("UC Browser", r"(UCBrowser)/(\d+)"),
    ("Vewd", r"(Vewd|OMI)/(\d+)"),
    ("LG Browser", r"(LG Browser)/(\d+)"),
    ("Firefox", r"(Firefox|FxiOS)/(\d+)"),
    ("Chrome", r"(CriOS)/(\d+)"),
    ("WebView", r"(; wv\)).{0,200}Chrome/(\d+)"),
    ("Chrome", r"(Chrome|HeadlessChrome|Chromium)/(\d+)"),
    ("Safari", r"(Version)/(\d+).{0,60}Safari/"),
    ("Internet Explorer", r"(Trident)/.{0,60}rv:(\d+)"),
    ("WebKit", r"(AppleWebKit)/(\d+)"),
];

/// Robots that say so. A browser without a window (`HeadlessChrome`) is none: tests and measurements run in it.
pub(super) const ROBOTS: &str = r"(?i)(?:\b[a-z]{0,20}(?:bot|crawler|spider|slurp)/\d|googlebot|bingbot|yandexbot|baiduspider|facebookexternalhit|applebot|ahrefsbot|semrushbot|gptbot|claudebot|petalbot|bytespider|pingdom|uptimerobot|lighthouse)";
