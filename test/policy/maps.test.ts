import { expect, it } from 'vitest';
import { files, read } from './sources.ts';

// The comment above each map is its contract: key -> value, who writes and who reads, or another map that it is like.
it('documents every map above its definition', () => {
  const definitions = files(/^bpf\/include\/.*\.h$|^bpf\/[^/]*\.c$/).flatMap((path) =>
    [...read(path).matchAll(/(\/\*(?:(?!\*\/)[\s\S])*\*\/\n)?struct \{\n(?:\t.*\n)+?\} (\w+) SEC\("\.maps"\);/g)].map(
      ([, comment = '', name]) => ({ name: `${path}: ${name}`, comment }),
    ),
  );
  expect(definitions.length).toBeGreaterThan(5);
  expect(
    definitions.filter(({ comment }) => !/->|nx_\w+;/.test(comment) || !/\b[KU]\b|; as \w+/.test(comment)),
  ).toEqual([]);
});
