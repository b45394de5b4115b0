// What every player page has: the element, its meter, and the names by which a test drives it.

/** Every event of CMCD version 2. */
window.CMCD_EVENTS = 'ps pr c b bc e rr ce t m um pe pc as ae abs abe sk h'.split(' ');
/** Every key of CMCD version 2 that a player may send. */
window.CMCD_KEYS = (
  'ab bg bl br bs bsa bsd bsda cdn cen cid cmsdd cmsds cs d dfa dl e ec h lab lb ltc msd mtp nor nr ot pb pr ' +
  'pt rc rtp sf sid smrt sn st sta su tab tb tbl tpb ts ttfb ttfbb ttlb url v'
).split(' ');

/** Makes the meter; `player` brings what differs: `lower` (to the smaller rendition) and `stop`. */
window.beginViewing = (player) => {
  const video = document.querySelector('video');
  const meter = new TruthMeter(video);
  Object.assign(window, { video, meter, player, problems: [] });
  window.play = () => {
    meter.playCalled();
    return video.play();
  };
  return { video, meter };
};
