import type { PlayTimeline } from '../api/contract';

/** What an event of a timeline is (docs/sessions.md, section 3). */
const KINDS: Record<number, { label: string; colour: string }> = {
  30: { label: 'error', colour: 'seeking' },
  31: { label: 'fatal error', colour: 'stalled' },
  32: { label: 'refused by rule', colour: 'stalled' },
  40: { label: 'ad break begins', colour: 'in-ad' },
  41: { label: 'ad break ends', colour: 'in-ad' },
  42: { label: 'ad begins', colour: 'in-ad' },
  43: { label: 'ad ends', colour: 'in-ad' },
  44: { label: 'ad quartile', colour: 'in-ad' },
  45: { label: 'ad skipped', colour: 'in-ad' },
  46: { label: 'ad clicked', colour: 'in-ad' },
  47: { label: 'ad failed', colour: 'stalled' },
  48: { label: 'ad impression', colour: 'in-ad' },
};

/** An error or ad event as the page shows it. */
export interface Mark {
  /** Unix ms. */
  at: number;
  label: string;
  /** Name of its colour in the style sheet. */
  colour: string;
  detail: string;
}

/** The errors and ad events of a play, in order of time. */
export function marksOf(play: PlayTimeline): Mark[] {
  return play.events
    .map((event) => {
      const { label, colour } = KINDS[event.code] ?? { label: `event ${event.code}`, colour: 'muted' };
      const quartile = event.quartile > 0 ? `${event.quartile} %` : '';
      const detail = [event.error_code, quartile, event.ad_id, event.break_id].filter(Boolean).join(' · ');
      return { at: Date.parse(event.at), label, colour, detail };
    })
    .sort((a, b) => a.at - b.at);
}
