import { ScrollArea } from '@mantine/core';
import { structuredPatch } from 'diff';
import classes from './diff.module.css';

interface Props {
  readonly before: string;
  readonly after: string;
}

const CONTEXT = 2;
const KINDS: Readonly<Record<string, string | undefined>> = { '+': classes.added, '-': classes.removed };

/** Lines that go and come, with a little of what is around them. */
export function Diff({ before, after }: Props) {
  const { hunks } = structuredPatch('', '', before, after, '', '', { context: CONTEXT });
  return (
    <ScrollArea.Autosize mah={320} type="auto" viewportProps={{ tabIndex: 0 }}>
      <div className={classes.diff} data-testid="diff">
        {hunks.map((hunk) => (
          <div key={hunk.oldStart} className={classes.hunk}>
            {hunk.lines.map((line, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
              <div key={at} className={KINDS[line[0]!] ?? classes.same}>
                {line}
              </div>
            ))}
          </div>
        ))}
      </div>
    </ScrollArea.Autosize>
  );
}
