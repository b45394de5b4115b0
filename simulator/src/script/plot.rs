//! Who does what: one viewer's way through a session, by chance from the viewer's seed.

use std::sync::Arc;

use crate::cast::{Dice, Viewer};

use super::Script;
use super::story::Story;

/// Tells the whole session of a viewer who arrives at `arrives_ms`; nothing new begins after `until_ms`,
/// and all is said within [`SLACK_MS`] after it.
pub(crate) fn tell_story(viewer: Arc<Viewer>, arrives_ms: i64, until_ms: i64) -> Script {
    let mut story = Story::new(viewer, arrives_ms);
    if open(&mut story) {
        watch(&mut story, until_ms);
    }
    story.script
}

/// How long a story may go on after its time; ms. Verbs take minutes at most, and stories are cut there.
pub(crate) const SLACK_MS: i64 = 900_000;

/// Up to the first frame; false when the session ended before it.
fn open(story: &mut Story) -> bool {
    if story.rng.chance(8.0) {
        story.see_the_poster();
        if story.rng.chance(10.0) {
            // Offered, and never asked for.
            return false;
        }
    }
    if story.rng.chance(3.0) {
        // A client that reports only once frames move: there is no start-up time to know.
        story.show_the_first_frame();
        return true;
    }
    if story.rng.chance(20.0) {
        story.preload();
        if story.rng.chance(10.0) {
            leave(story);
            return false;
        }
    }
    story.ask_to_play();
    if story.rng.chance(4.0) {
        leave(story);
        return false;
    }
    if story.rng.chance(3.0) {
        story.fail();
        return false;
    }
    if story.rng.chance(22.0) {
        story.watch_a_pre_roll();
        if story.script.first_frame_ms.is_none() && story.rng.chance(8.0) {
            leave(story);
            return false;
        }
    }
    if story.script.first_frame_ms.is_none() || story.rng.chance(50.0) {
        story.show_the_first_frame();
    }
    true
}

fn leave(story: &mut Story) {
    if story.rng.chance(80.0) {
        story.exit()
    } else {
        story.fall_silent()
    }
}

/// From the first frame to the end.
fn watch(story: &mut Story, until_ms: i64) {
    let patience_ms = story.rng.around(600_000);
    let leaves_ms = until_ms.min(story.now_ms + patience_ms);
    while story.now_ms < leaves_ms {
        let ms = story.rng.around(40_000);
        story.pass(ms);
        match story.rng.within(0..100) {
            0..14 => story.stall(),
            14..24 => story.pause(),
            24..34 => story.seek(true),
            34..56 => story.change_rendition(),
            56..62 => story.watch_a_mid_roll(),
            62..66 => story.stumble(),
            66..67 => story.begin_again(),
            67..69 => story.change_heartbeat(),
            _ => story.say_something(),
        }
    }
    match story.rng.within(0..100) {
        0..45 => story.finish(),
        45..75 => story.exit(),
        75..80 => story.fail(),
        80..83 => {
            story.pause();
            story.fall_silent();
        }
        83..86 => {
            story.begin_break("mid-roll");
            let ms = story.rng.around(5_000);
            story.pass(ms);
            story.fall_silent();
        }
        _ => story.fall_silent(),
    }
}
