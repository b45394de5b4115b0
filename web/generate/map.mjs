// Writes ../src/map/outlines.json: each country's outline as an SVG path in the Equal Earth projection, from Natural
// Earth's public-domain data (npm: world-atlas). Countries too small for an outline get a dot where they are.

import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import countries from 'i18n-iso-countries';
import { feature } from 'topojson-client';

const WIDTH = 1000;
/** Antarctica and the last ice: nobody watches there. */
const SOUTHERNMOST_DEGREES = -56;
const NORTHERNMOST_DEGREES = 84;
/** An outline with less area than this is nothing on a screen. */
const SMALLEST_AREA = 3;

const require = createRequire(import.meta.url);
const load = async (name) => {
  const atlas = JSON.parse(await readFile(require.resolve(`world-atlas/${name}`), 'utf8'));
  return feature(atlas, atlas.objects.countries).features;
};

/** Equal Earth (Šavrič, Patterson, Jenny 2018): areas are true. */
function project([longitude, latitude]) {
  const [a1, a2, a3, a4] = [1.340264, -0.081106, 0.000893, 0.003796];
  const radians = Math.PI / 180;
  const theta = Math.asin((Math.sqrt(3) / 2) * Math.sin(latitude * radians));
  const t2 = theta * theta;
  const t6 = t2 * t2 * t2;
  const x =
    (2 * Math.sqrt(3) * longitude * radians * Math.cos(theta)) /
    (3 * (9 * a4 * t6 * t2 + 7 * a3 * t6 + 3 * a2 * t2 + a1));
  const y = theta * (a4 * t6 * t2 + a3 * t6 + a2 * t2 + a1);
  return [x, y];
}

const half = project([180, 0])[0];
const scale = WIDTH / (2 * half);
const top = project([0, NORTHERNMOST_DEGREES])[1];
const height = Math.round((top - project([0, SOUTHERNMOST_DEGREES])[1]) * scale);
const onScreen = (point) => {
  const [x, y] = project(point);
  return [Math.round((x + half) * scale * 2) / 2, Math.round((top - y) * scale * 2) / 2];
};

const area = (ring) =>
  Math.abs(
    ring.reduce((sum, [x, y], i) => {
      const [nextX, nextY] = ring[(i + 1) % ring.length];
      return sum + x * nextY - nextX * y;
    }, 0),
  ) / 2;

/** A ring that crosses the date line goes on beyond it, or its outline would cross the whole map. */
function joined(ring) {
  const longitudes = ring.map(([longitude]) => longitude);
  const crosses = Math.max(...longitudes) > 170 && Math.min(...longitudes) < -160;
  return crosses
    ? ring.map(([longitude, latitude]) => [longitude < 0 ? longitude + 360 : longitude, latitude])
    : ring;
}

const rings = ({ geometry }) =>
  (geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates).map(([outer]) =>
    joined(outer).map(onScreen),
  );

/** A ring as a path of steps, which are short numbers; points on one another are left out. */
function path(ring) {
  const points = ring.filter(([x, y], i) => i === 0 || x !== ring[i - 1][0] || y !== ring[i - 1][1]);
  const [[firstX, firstY], ...rest] = points;
  let [lastX, lastY] = [firstX, firstY];
  const steps = rest.map(([x, y]) => {
    const step = `${x - lastX} ${y - lastY}`;
    [lastX, lastY] = [x, y];
    return step;
  });
  return `M${firstX} ${firstY}l${steps
    .join(' ')
    .replaceAll(' -', '-')
    .replaceAll(/(?<=^|[ -])0\./g, '.')}z`;
}

const code = ({ id }) => (id === undefined ? undefined : countries.numericToAlpha2(id));
const outlines = {};
for (const country of await load('countries-110m.json')) {
  const shapes = rings(country).filter((ring) => area(ring) >= SMALLEST_AREA);
  if (code(country) && code(country) !== 'AQ' && shapes.length > 0)
    outlines[code(country)] = shapes.map(path).join('');
}
const dots = {};
for (const country of await load('countries-50m.json')) {
  if (!code(country) || outlines[code(country)] || code(country) === 'AQ') continue;
  const [largest] = rings(country).sort((a, b) => area(b) - area(a));
  const mean = (axis) => largest.reduce((sum, point) => sum + point[axis], 0) / largest.length;
  dots[code(country)] = [Math.round(mean(0)), Math.round(mean(1))];
}

const sorted = (object) => Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
const map = { width: WIDTH, height, outlines: sorted(outlines), dots: sorted(dots) };
await writeFile(new URL('../src/map/outlines.json', import.meta.url), `${JSON.stringify(map)}\n`);
console.log(`${Object.keys(outlines).length} outlines, ${Object.keys(dots).length} dots`);
