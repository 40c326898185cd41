import type { LatencyFigures } from '../../../../src/model/operations.ts';

interface Props {
  readonly figures: LatencyFigures;
  /** What the whole width means, microseconds. */
  readonly longest: number;
}

const HEIGHT = 14;

/** Half, nine in ten and 99 in a hundred took no longer than each shade reaches; the table beside it has the figures. */
export function LatencyBar({ figures: { p50, p90, p99 }, longest }: Props) {
  const width = (value: number) => `${(Math.sqrt(value) / Math.sqrt(longest)) * 100}%`;
  return (
    <svg width="100%" height={HEIGHT} aria-hidden="true">
      <rect width={width(p99)} height={HEIGHT} rx={3} fill="var(--mantine-color-sea-2)" />
      <rect width={width(p90)} height={HEIGHT} rx={3} fill="var(--mantine-color-sea-4)" />
      <rect width={width(p50)} height={HEIGHT} rx={3} fill="var(--mantine-color-sea-7)" />
    </svg>
  );
}
