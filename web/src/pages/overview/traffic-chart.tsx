import 'uplot/dist/uPlot.min.css';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { HISTORY } from '../../api/traffic.ts';
import { formatSi, formatTime } from '../../parts/format.ts';
import { reasonColor } from '../../parts/reasons.ts';
import type { Stack } from './stack.ts';
import classes from './traffic-chart.module.css';

/** Unix seconds. */
export type Span = readonly [number, number];

interface Props {
  readonly stack: Stack;
  readonly label: string;
  /** The part that is shown; null = as much as there is, up to all of the history. */
  readonly zoom: Span | null;
  readonly onZoom: (zoom: Span | null) => void;
  /** Index into the times, null when the cursor is elsewhere. */
  readonly onCursor: (index: number | null) => void;
}

const HEIGHT = 230;
/** A chart of a few seconds would jump about, seconds. */
const LEAST = 60;

/** A stacked area chart that grows to the right each second. */
export function TrafficChart({ stack, label, zoom, onZoom, onCursor }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const dark = useComputedColorScheme('light') === 'dark';
  // The chart outlives many renderings; its hooks see the latest of these.
  const live = useRef({ stack, zoom, onZoom, onCursor });
  live.current = { stack, zoom, onZoom, onCursor };
  const shape = stack.reasons.join(' ');

  // biome-ignore lint/correctness/useExhaustiveDependencies: another set of series or colours is another chart
  useEffect(() => {
    const element = host.current!;
    const chart = new uPlot(optionsOf(element.clientWidth, live, dark), dataOf(live.current.stack), element);
    plot.current = chart;
    const resize = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT }));
    resize.observe(element);
    return () => {
      resize.disconnect();
      chart.destroy();
      plot.current = null;
    };
  }, [shape, dark]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new part is shown at once
  useEffect(() => {
    plot.current?.setData(dataOf(stack), true);
  }, [stack, zoom]);

  return <div ref={host} role="img" aria-label={label} className={classes.chart} style={{ minHeight: HEIGHT }} />;
}

type Live = React.RefObject<Pick<Props, 'stack' | 'zoom' | 'onZoom' | 'onCursor'>>;

/** The series from the top of the stack down: each covers what lies below it. */
function dataOf({ times, sums }: Stack): uPlot.AlignedData {
  return [times, ...sums.toReversed()] as uPlot.AlignedData;
}

function optionsOf(width: number, live: Live, dark: boolean): uPlot.Options {
  const { stack } = live.current;
  const axis = {
    stroke: dark ? '#c1c2c5' : '#495057',
    grid: { stroke: dark ? '#373a40' : '#e9ecef', width: 1 },
    ticks: { show: false },
    font: '12px system-ui, sans-serif',
  };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { drag: { x: true, y: false, setScale: false }, points: { show: false }, y: false },
    scales: {
      x: { time: true, range: () => [...spanOf(live.current)] as [number, number] },
      y: { range: (_chart, _min, max) => [0, max > 0 ? max * 1.08 : 1] },
    },
    axes: [
      { ...axis, values: (_chart, splits) => splits.map((at) => formatTime(at * 1000)), space: 90 },
      { ...axis, values: (_chart, splits) => splits.map(formatSi), size: 62 },
    ],
    series: [
      {},
      ...stack.reasons.toReversed().map((reason) => {
        const color = reasonColor(reason);
        return { stroke: color, fill: color, width: 1, points: { show: false }, spanGaps: false };
      }),
    ],
    hooks: {
      setCursor: [(chart) => live.current.onCursor(chart.cursor.idx ?? null)],
      setSelect: [
        (chart) => {
          const { left, width: selected } = chart.select;
          if (selected < 5) return;
          live.current.onZoom([chart.posToVal(left, 'x'), chart.posToVal(left + selected, 'x')]);
          chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
      ready: [(chart) => chart.over.addEventListener('dblclick', () => live.current.onZoom(null))],
    },
  };
}

function spanOf({ stack, zoom }: Pick<Props, 'stack' | 'zoom'>): Span {
  if (zoom !== null) return zoom;
  const last = stack.times.at(-1) ?? Date.now() / 1000;
  const first = stack.times[0] ?? last;
  return [Math.min(Math.max(first, last - HISTORY), last - LEAST), last];
}
