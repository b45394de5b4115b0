import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { THEME_CHANGED } from '../page/theme';
import { type Drawing, type Extent, options } from './options';

interface Props {
  /** What the chart is, in a few words; read to those who do not see it. */
  name: string;
  /** The chart in one sentence: what it shows now. */
  summary: string;
  drawing: Drawing;
  data: uPlot.AlignedData;
  extent: Extent;
  /** What stands at an index of the data; spoken while the arrow keys move. */
  reading: (index: number) => string;
  /** The index under the pointer or the arrow keys; null when there is none. */
  onIndex?: (index: number | null) => void;
}

/** A chart that fills its box, follows the theme, and can be read with the arrow keys. */
export function Chart(props: Props) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const [index, setIndex] = useState<number | null>(null);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const moved = (at: number | null) => {
      setIndex(at);
      latest.current.onIndex?.(at);
    };
    let fontSize = '';
    const create = () => {
      plot.current?.destroy();
      fontSize = rootFontSize();
      const size = { width: element.clientWidth, height: element.clientHeight };
      const { drawing, data } = latest.current;
      plot.current = new uPlot(
        options(drawing, size, () => latest.current.extent, moved),
        data,
        element,
      );
    };
    create();
    const resized = new ResizeObserver(() => {
      const { width, height } = plot.current ?? {};
      if (element.clientWidth === width && element.clientHeight === height) return;
      // Labels are drawn in the size that the page had: a new size needs a new chart.
      if (rootFontSize() !== fontSize) create();
      plot.current?.setSize({ width: element.clientWidth, height: element.clientHeight });
    });
    resized.observe(element);
    window.addEventListener(THEME_CHANGED, create);
    return () => {
      resized.disconnect();
      window.removeEventListener(THEME_CHANGED, create);
      plot.current?.destroy();
      plot.current = null;
    };
  }, []);

  useEffect(() => {
    plot.current?.setData(props.data);
  }, [props.data]);

  const last = props.data[0].length - 1;
  const move = (to: number) => {
    const u = plot.current;
    const x = props.data[0][Math.min(Math.max(to, 0), last)];
    if (u && x !== undefined) u.setCursor({ left: u.valToPos(x, 'x'), top: u.bbox.top });
  };
  const key = (event: KeyboardEvent) => {
    const at = index ?? last;
    const to = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      PageUp: at - 10,
      PageDown: at + 10,
      Home: 0,
      End: last,
    }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      move(to);
    } else if (event.key === 'Escape') plot.current?.setCursor({ left: -10, top: -10 });
  };
  const at = Math.min(index ?? last, last);
  return (
    <div class={`chart ${props.drawing.kind}`}>
      <p class="visually-hidden">{props.summary}</p>
      <div
        class="plot"
        ref={box}
        role="slider"
        tabIndex={0}
        aria-label={`${props.name}: point in time`}
        aria-valuemin={0}
        aria-valuemax={Math.max(last, 0)}
        aria-valuenow={Math.max(at, 0)}
        aria-valuetext={at >= 0 ? props.reading(at) : 'no data'}
        onKeyDown={key}
      />
    </div>
  );
}

const rootFontSize = () => getComputedStyle(document.documentElement).fontSize;
