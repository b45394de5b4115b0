//! Reports that change no condition: network, window, sound, and the application's own events.

use crate::cast::Dice;
use crate::cast::network::CDNS;

use super::beacon::{Entry, Group};
use super::event::Event;
use super::story::Story;

impl Story {
    /// One of the reports that say something and change nothing.
    pub(crate) fn say_something(&mut self) {
        match self.rng.within(0..10) {
            0 | 1 => self.answer_a_request(),
            2 => self.toggle_sound(),
            3 => self.resize(),
            4 => self.change_cdn(),
            5 => self.change_connection(),
            6 => self.custom_event(),
            7 => self.change_rate(),
            8 => self.change_language(),
            _ => {
                self.tell(Event::Metadata).is_portrait = true;
            }
        }
    }

    fn answer_a_request(&mut self) {
        let ttfb_ms = self.rng.within(5..400).unsigned_abs();
        let took_ms = self.rng.within(5..900).unsigned_abs();
        let entries = vec![
            (
                "status",
                Entry::Number(self.rng.pick(&[200, 200, 200, 206, 404, 503])),
            ),
            ("ttfb_ms", Entry::Number(ttfb_ms)),
            ("ttlb_ms", Entry::Number(ttfb_ms + took_ms)),
            ("cache_hit", Entry::Truth(self.rng.chance(80.0))),
            (
                "bytes",
                Entry::Number(self.rng.within(20_000..4_000_000).unsigned_abs()),
            ),
            ("object_type", (self.rng.pick(&["v", "a", "m", "i"])).into()),
            ("host", format!("{}.example.net", self.cdn).into()),
        ];
        self.tell(Event::Request).groups.push(Group {
            field: "request",
            entries,
        });
    }

    fn toggle_sound(&mut self) {
        let is_muted = self.playback.muted == Some(true);
        self.playback.muted = Some(!is_muted);
        self.tell(if is_muted { Event::Unmute } else { Event::Mute });
    }

    fn resize(&mut self) {
        let is_full = self.playback.full_screen == Some(true);
        self.playback.full_screen = Some(!is_full);
        self.playback.picture_in_picture = Some(is_full && self.rng.chance(30.0));
        self.tell(Event::PlayerResize);
    }

    pub(crate) fn change_cdn(&mut self) {
        let cdn = self.rng.pick(&CDNS);
        self.play().cdn_switches += usize::from(cdn != self.cdn);
        self.cdn = cdn;
        self.tell(Event::HostChange);
    }

    fn change_connection(&mut self) {
        self.connection_type = self.rng.pick(&["wifi", "cellular", "ethernet"]);
        self.tell(Event::Metadata);
    }

    fn custom_event(&mut self) {
        let stage = self.rng.pick(&["intro", "credits", "chapter"]);
        // Tags may hold any text, so some of it is not ASCII and needs escaping in JSON.
        let note = self.rng.pick(&[
            "plain",
            "naïve \"quoted\"",
            "back\\slash",
            "संगीत 🎵",
            "tab\tline",
        ]);
        self.tell(Event::Custom).groups.push(Group {
            field: "tags",
            entries: vec![("name", stage.into()), ("note", note.into())],
        });
    }

    fn change_rate(&mut self) {
        self.playback.playback_rate = Some(self.rng.pick(&[1.0, 1.25, 1.5, 2.0]));
        self.tell(Event::PlaybackRateChange);
    }

    fn change_language(&mut self) {
        self.audio_language = self.rng.pick(&["en", "de", "hi", "pt-BR"]);
        self.subtitle_language = self.rng.pick(&[None, Some("en"), Some("fr"), Some("")]);
        self.tell(Event::Metadata).is_portrait = true;
    }

    /// The client begins to send heartbeats at another interval.
    pub(crate) fn change_heartbeat(&mut self) {
        self.heartbeat_ms = self.rng.pick(&[10_000, 20_000, 30_000]);
        self.next_heartbeat_ms = Some(self.now_ms + self.heartbeat_ms);
    }
}
