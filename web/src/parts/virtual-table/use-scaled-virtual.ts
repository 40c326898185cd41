import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type RefObject, useRef, useState } from 'react';

/** Height of a row, CSS pixels. */
export const ROW = 40;
/** Rows are laid out in blocks, so that a million of them are but a few thousand things to place. */
const BLOCK = 16;
/** Browsers draw nothing beyond some height, Firefox 17.8 million pixels; a longer table scrolls faster instead. */
const HIGHEST = 16_000_000;

export interface ScaledVirtual {
  /** First row on the screen, and the one after the last. */
  readonly first: number;
  readonly end: number;
  /** Of the whole content, CSS pixels. */
  readonly height: number;
  /** Where a row lies in the content. */
  readonly topOf: (index: number) => number;
  /** Keys move by what is seen, however long the table is. */
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
}

/** Which of many rows are on the screen, and where they lie in a scroll container that is not higher than browsers allow. */
export function useScaledVirtual(count: number, scroller: RefObject<HTMLElement | null>): ScaledVirtual {
  const [scrollTop, setScrollTop] = useState(0);
  const full = count * ROW;
  const height = Math.min(full, HIGHEST);
  const view = scroller.current?.clientHeight ?? 0;
  const scale = full > HIGHEST ? (full - view) / (HIGHEST - view) : 1;
  // The listener lives longer than the length of the table.
  const latest = useRef(scale);
  latest.current = scale;

  const virtualizer = useVirtualizer<HTMLElement, HTMLElement>({
    count: Math.ceil(count / BLOCK),
    getScrollElement: () => scroller.current,
    estimateSize: () => BLOCK * ROW,
    overscan: 0,
    observeElementOffset: (instance, report) => {
      const element = instance.scrollElement;
      if (element === null) return;
      const tell = () => {
        setScrollTop(element.scrollTop);
        report(element.scrollTop * latest.current, false);
      };
      tell();
      element.addEventListener('scroll', tell, { passive: true });
      return () => element.removeEventListener('scroll', tell);
    },
  });
  const blocks = virtualizer.getVirtualItems();
  const first = (blocks[0]?.index ?? 0) * BLOCK;
  const end = blocks.length === 0 ? 0 : Math.min(count, (blocks.at(-1)!.index + 1) * BLOCK);
  const shift = scrollTop - scrollTop * scale;

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const element = scroller.current;
    const rows = { ArrowDown: 1, ArrowUp: -1, PageDown: pageOf(element), PageUp: -pageOf(element) }[event.key];
    if (element === null || rows === undefined || event.target !== element) return;
    event.preventDefault();
    element.scrollTop += (rows * ROW) / scale;
  };
  return { first, end, height, topOf: (index) => index * ROW + shift, onKeyDown };
}

function pageOf(element: HTMLElement | null): number {
  return Math.max(1, Math.floor((element?.clientHeight ?? 0) / ROW) - 2);
}
