/** A line of a plot. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Plot {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  /** Logarithmic or linear from zero. */
  readonly yScale: 'log' | 'linear';
  readonly series: readonly Series[];
}

const WIDTH = 720;
const HEIGHT = 400;
const LEFT = 70;
const RIGHT = 170;
const TOP = 40;
const BOTTOM = 50;
const COLORS = ['#1f77b4', '#d62728', '#2ca02c', '#9467bd', '#ff7f0e', '#8c564b'];

/** A plot as an SVG document; the x axis is logarithmic. */
export function svg({ title, x, y, yScale, series }: Plot): string {
  const all = series.flatMap(({ points }) => points);
  const across = logarithmic(
    all.map(([value]) => value),
    LEFT,
    WIDTH - RIGHT,
  );
  const ys = all.map(([, value]) => value);
  const up = yScale === 'log' ? logarithmic(ys, HEIGHT - BOTTOM, TOP) : linear(Math.max(...ys), HEIGHT - BOTTOM, TOP);
  const parts = [
    text(LEFT, 24, title, 'font-weight="bold"'),
    text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, x, 'text-anchor="middle"'),
    `<text x="18" y="${HEIGHT / 2}" transform="rotate(-90 18 ${HEIGHT / 2})" text-anchor="middle">${escaped(y)}</text>`,
    ...across.ticks.map((tick) => {
      const at = round(across.at(tick));
      return `<path d="M${at} ${TOP}V${HEIGHT - BOTTOM}" stroke="#ddd"/>${text(at, HEIGHT - BOTTOM + 18, short(tick), 'text-anchor="middle"')}`;
    }),
    ...up.ticks.map((tick) => {
      const at = round(up.at(tick));
      return `<path d="M${LEFT} ${at}H${WIDTH - RIGHT}" stroke="#ddd"/>${text(LEFT - 8, at + 4, short(tick), 'text-anchor="end"')}`;
    }),
    ...series.flatMap(({ name, points }, i) =>
      line(
        name,
        points.map(([a, b]) => [across.at(a), up.at(b)]),
        i,
      ),
    ),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" fill="#222">
<title>${title}</title>
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
${parts.join('\n')}
</svg>
`;
}

interface Axis {
  readonly ticks: readonly number[];
  at(value: number): number;
}

function logarithmic(values: readonly number[], from: number, to: number): Axis {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  const ticks = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i));
  return { ticks, at: (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from) };
}

function linear(most: number, from: number, to: number): Axis {
  const step = niceStep(most / 5);
  const top = Math.ceil(most / step) * step;
  const ticks = Array.from({ length: Math.round(top / step) + 1 }, (_, i) => i * step);
  return { ticks, at: (value) => from + (value / top) * (to - from) };
}

function niceStep(rough: number): number {
  const unit = 10 ** Math.floor(Math.log10(rough));
  return unit * ([1, 2, 5].find((factor) => factor * unit >= rough) ?? 10);
}

function line(name: string, points: readonly (readonly number[])[], index: number): string[] {
  const color = COLORS[index % COLORS.length]!;
  const at = points.map(([a, b]) => `${round(a!)} ${round(b!)}`);
  const label = TOP + 14 + index * 18;
  return [
    `<path d="M${at.join('L')}" fill="none" stroke="${color}" stroke-width="2"/>`,
    ...points.map(([a, b]) => `<circle cx="${round(a!)}" cy="${round(b!)}" r="3" fill="${color}"/>`),
    `<path d="M${WIDTH - RIGHT + 12} ${label - 4}h18" stroke="${color}" stroke-width="2"/>`,
    text(WIDTH - RIGHT + 36, label, name),
  ];
}

const text = (x: number, y: number, content: string, attributes = ''): string =>
  `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escaped(content)}</text>`;
const escaped = (content: string): string => content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const round = (value: number): number => Math.round(value * 10) / 10;
const short = (value: number): string =>
  value >= 1e6 ? `${value / 1e6}M` : value >= 1000 ? `${value / 1000}k` : String(Number(value.toPrecision(3)));
