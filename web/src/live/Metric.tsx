import { useMemo, useState } from 'preact/hooks';
import { Chart } from '../chart/Chart';
import { minuteOfDay } from '../page/format';
import { sinceFirstPlay } from './beginning';
import type { Card } from './measures';
import type { Live } from './model';

/** One quality measure: its number over the window, and minute by minute. */
export function Metric({ card, live }: { card: Card; live: Live }) {
  const [index, setIndex] = useState<number | null>(null);
  const minutes = useMemo(() => sinceFirstPlay(live.minutes), [live]);
  const data = useMemo(
    () =>
      [
        minutes.map((minute) => minute.at / 1000),
        ...card.drawing.measures.map((_, i) => minutes.map((minute) => card.values(minute)[i] ?? null)),
      ] as [number[], ...(number | null)[][]],
    [minutes, card],
  );
  const reading = (i: number) => {
    const minute = minutes[i];
    if (!minute) return 'no data';
    const values = card.values(minute);
    const parts = card.drawing.measures.map(
      (measure, m) => `${measure.label} ${card.value(values[m] ?? null)}`,
    );
    return `${minuteOfDay(minute.at)}: ${parts.join(', ')}`;
  };
  const id = `metric-${card.key}`;
  return (
    <section class="card metric" aria-labelledby={id}>
      <h2 id={id} title={card.about}>
        {card.title}
      </h2>
      <p class="headline" data-testid={`headline-${card.key}`}>
        {card.headline(live.totals)}
      </p>
      <p class="detail">{index === null ? card.detail(live.totals) : reading(index)}</p>
      <Chart
        name={card.title}
        summary={`${card.about} ${card.headline(live.totals)}, ${card.detail(live.totals)}.`}
        drawing={card.drawing}
        data={data}
        extent={{
          from: Math.floor((minutes[0]?.at ?? live.from) / 60_000) * 60,
          to: Math.ceil(live.to / 60_000) * 60,
          provisionalFrom: null,
        }}
        reading={reading}
        onIndex={setIndex}
      />
    </section>
  );
}
