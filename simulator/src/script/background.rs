//! Being in the background: another application in front, another tab, a locked screen.

use crate::cast::Dice;

use super::event::Event;
use super::scene::Spell;
use super::story::Story;

impl Story {
    /// The player goes to the background or comes back, and says so.
    pub(crate) fn set_background(&mut self, is_away: bool) {
        self.playback.background = Some(is_away);
        let now_ms = self.now_ms;
        let spells = &mut self.play().background;
        match spells.last_mut().filter(|spell| spell.to_ms.is_none()) {
            Some(open) if !is_away => open.to_ms = Some(now_ms),
            None if is_away => spells.push(Spell {
                from_ms: now_ms,
                to_ms: None,
            }),
            _ => {}
        }
        self.tell(Event::BackgroundChange);
    }

    /// Sound goes on while something else is in front; some players never tell that they came back.
    pub(crate) fn listen_in_the_background(&mut self) {
        self.set_background(true);
        let ms = self.rng.around(20_000);
        self.pass(ms);
        if self.rng.chance(20.0) {
            self.stall();
            let ms = self.rng.around(4_000);
            self.pass(ms);
        }
        if self.rng.chance(10.0) {
            // Told twice: that is no second spell.
            self.set_background(true);
            let ms = self.rng.around(4_000);
            self.pass(ms);
        }
        if self.rng.chance(85.0) {
            self.set_background(false);
        }
    }
}
