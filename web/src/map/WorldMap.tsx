import { useEffect, useState } from 'preact/hooks';
import { inUnit } from '../page/units';
import { countryName } from './names';
import { levelOf } from './scale';

/** The countries' outlines: Natural Earth's, projected when they were made (generate/map.mjs). */
interface Outlines {
  width: number;
  height: number;
  outlines: Record<string, string>;
  dots: Record<string, number[]>;
}

interface Props {
  /** What the numbers are, in words. */
  name: string;
  unit: string;
  /** By ISO 3166-1 alpha-2 code. */
  values: ReadonlyMap<string, number>;
  href: (country: string) => string;
}

/** The world with each country shaded by its number. */
export function WorldMap({ name, unit, values, href }: Props) {
  const [map, setMap] = useState<Outlines | null>(null);
  useEffect(() => {
    // A chunk of its own: the page does not wait for it.
    import('./outlines.json').then((loaded) => setMap(loaded.default));
  }, []);
  if (!map) return <div class="world" />;
  const all = [...values.values()];
  const shade = (country: string) => {
    const value = values.get(country);
    return value === undefined ? 'level-0' : `level-${levelOf(value, all, unit === 'count')}`;
  };
  const said = (country: string) =>
    values.has(country) ? `${countryName(country)}: ${inUnit(unit, values.get(country) ?? null)}` : '';
  const linked = (country: string, shape: preact.JSX.Element) =>
    values.has(country) ? (
      <a key={country} href={href(country)} aria-label={said(country)}>
        <title>{said(country)}</title>
        {shape}
      </a>
    ) : (
      shape
    );
  return (
    <figure class="world-figure">
      <svg class="world" viewBox={`0 0 ${map.width} ${map.height}`}>
        <title>{`${name} by country`}</title>
        {Object.entries(map.outlines).map(([country, outline]) =>
          linked(country, <path key={country} class={shade(country)} d={outline} />),
        )}
        {Object.entries(map.dots).map(([country, [x, y]]) =>
          values.has(country)
            ? linked(country, <circle key={country} class={shade(country)} cx={x} cy={y} r={4} />)
            : null,
        )}
      </svg>
    </figure>
  );
}
