//! Who does what: one viewer's way through a session, by chance from the viewer's seed.

use std::sync::Arc;

use crate::cast::title::Title;
use crate::cast::{Dice, Viewer};

use super::Script;
use super::story::Story;

/// Tells the whole session of a viewer who arrives at `arrives_ms`; nothing new begins after `until_ms`,
/// and all is said within [`SLACK_MS`] after it.
pub(crate) fn tell_story(viewer: Arc<Viewer>, arrives_ms: i64, until_ms: i64) -> Script {
    let mut story = Story::new(viewer, arrives_ms);
    let mut opened = open(&mut story);
    loop {
        if opened == Opened::Started {
            watch(&mut story, until_ms);
        }
        let next = story.next_title().filter(|_| story.now_ms < until_ms);
        let Some(title) = next.filter(|_| opened != Opened::Unasked) else {
            break;
        };
        if opened == Opened::Started {
            close(&mut story, &title);
        }
        opened = open_another(&mut story, title);
    }
    if opened == Opened::Started {
        end(&mut story);
    }
    story.script
}

/// How long a story may go on after its time; ms. Verbs take minutes at most, and stories are cut there.
pub(crate) const SLACK_MS: i64 = 900_000;

/// What came of opening a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opened {
    Started,
    /// It ended before the first frame.
    InVain,
    /// Nobody asked for it.
    Unasked,
}

/// Up to the first frame of the first title.
fn open(story: &mut Story) -> Opened {
    if story.rng.chance(8.0) {
        story.see_the_poster();
        if story.rng.chance(10.0) {
            // Offered, and never asked for.
            return Opened::Unasked;
        }
    }
    approach(story)
}

/// Up to the first frame, from the first report on.
fn approach(story: &mut Story) -> Opened {
    if story.rng.chance(3.0) {
        // A client that reports only once frames move: there is no start-up time to know.
        story.show_the_first_frame();
        return Opened::Started;
    }
    if story.rng.chance(20.0) {
        story.preload();
        if story.rng.chance(10.0) {
            return leave(story);
        }
    }
    story.ask_to_play();
    if story.rng.chance(4.0) {
        return leave(story);
    }
    if story.rng.chance(3.0) {
        story.fail();
        return Opened::InVain;
    }
    if story.rng.chance(22.0) {
        story.watch_a_pre_roll();
        if !story.is_started() && story.rng.chance(8.0) {
            return leave(story);
        }
    }
    if !story.is_started() || story.rng.chance(50.0) {
        story.show_the_first_frame();
    }
    Opened::Started
}

/// The next title, at once or after looking at its first seconds of loading only.
fn open_another(story: &mut Story, title: Arc<Title>) -> Opened {
    let announces = story.rng.chance(50.0);
    story.turn_to(title, announces);
    if story.rng.chance(15.0) {
        // Another one is chosen before a frame moved, and nothing is said of the end.
        story.ask_to_play();
        return Opened::InVain;
    }
    approach(story)
}

/// Leaves before the first frame. Who has not named the title yet does so by saying that it is over.
fn leave(story: &mut Story) -> Opened {
    if story.owes_content || story.rng.chance(80.0) {
        story.exit()
    } else {
        story.fall_silent()
    }
    Opened::InVain
}

/// From the first frame to the end.
fn watch(story: &mut Story, until_ms: i64) {
    let titles = story.script.viewer.titles.len() as i64;
    let patience_ms = story.rng.around(story.script.viewer.patience_ms / titles);
    let leaves_ms = until_ms.min(story.now_ms + patience_ms);
    if story.script.viewer.first_seq > 0 && story.script.counter_resets == 0 {
        let ms = story.rng.around(30_000);
        story.pass(ms);
        story.count_anew();
    }
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
            69..72 => story.listen_in_the_background(),
            _ => story.say_something(),
        }
    }
}

/// The end of a title that another one follows: it is over, or it is left in the middle of whatever was on.
fn close(story: &mut Story, next: &Arc<Title>) {
    if story.rng.chance(30.0) {
        story.offer(Arc::clone(next));
        let ms = story.rng.around(4_000);
        story.pass(ms);
    }
    match story.rng.within(0..100) {
        0..45 => story.finish(),
        45..50 => story.exit(),
        50..55 => story.fail(),
        55..62 => {
            story.begin_break("mid-roll");
            let ms = story.rng.around(5_000);
            story.pass(ms);
        }
        62..69 => story.pause_for_good(),
        69..74 => story.set_background(true),
        _ => {}
    }
    if story.rng.chance(60.0) {
        let ms = story.rng.around(6_000);
        story.pass(ms);
    }
}

/// The end of the last title.
fn end(story: &mut Story) {
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
