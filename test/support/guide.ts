import { readFileSync } from 'node:fs';

/** A block of a guide that a reader types. */
export interface GuideBlock {
  /** Line of the guide, from 1. */
  readonly line: number;
  /** `sh`: on the firewall. `sh attacker`: on another host. */
  readonly where: 'firewall' | 'attacker';
  readonly script: string;
  /** Lines of a `text` block right below: each must stand in the output; `...` stands for anything. */
  readonly expected: readonly string[];
}

const FENCE = /^```(\S*)\s*(.*?)\s*$/;

/** The blocks of a guide in their order. @throws Error for a block that nobody would run or check */
export function readGuide(file: string): GuideBlock[] {
  const blocks: { line: number; end: number; kind: string; note: string; lines: string[] }[] = [];
  let open: (typeof blocks)[number] | undefined;
  for (const [at, text] of readFileSync(file, 'utf8').split('\n').entries()) {
    const fence = FENCE.exec(text);
    if (fence === null && open === undefined && /^ {4}\S/.test(text)) {
      throw new Error(`${file}:${at + 1}: an indented block is not run: fence it`);
    }
    if (fence === null) open?.lines.push(text);
    else if (open === undefined) {
      open = { line: at + 1, end: 0, kind: fence[1]!, note: fence[2]!, lines: [] };
      blocks.push(open);
    } else {
      open.end = at + 1;
      open = undefined;
    }
  }
  return blocks.flatMap(({ line, end, kind, note, lines }, i): GuideBlock[] => {
    if (kind === 'sh' && (note === '' || note === 'attacker')) {
      const next = blocks[i + 1];
      const output = next?.kind === 'text' && next.line <= end + 2 ? next.lines : [];
      const expected = output.filter((text) => text.trim() !== '');
      const where = note === '' ? 'firewall' : 'attacker';
      return [{ line, where, script: lines.join('\n'), expected }];
    }
    if (!['text', 'yaml', 'c', 'js', 'ts', 'json', 'ini'].includes(kind)) {
      throw new Error(`${file}:${line}: a block of kind "${kind} ${note}" is neither run nor known`);
    }
    return [];
  });
}

/** Lines of `expected` that the output lacks; runs of white space are alike. */
export function missingLines(expected: readonly string[], output: string): string[] {
  const lines = output.split('\n').map(squeezed);
  return expected.filter((wanted) => {
    const parts = squeezed(wanted).split('...').map(escaped);
    const pattern = new RegExp(parts.join('.*'));
    return !lines.some((line) => pattern.test(line));
  });
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
