import { describe, expect, it } from 'vitest';
import { allKeys, kindAt } from '../../src/model/config-keys.ts';
import { ERRORS } from '../../src/model/errors.ts';
import { REASON_NAMES } from '../../src/model/reasons.ts';
import { referencePages } from '../../src/reference/pages.ts';
import { files, read } from './sources.ts';

const pages = await referencePages(read('configs/config.yaml'));
/** First cells of the table rows of a page. */
const firstCells = (name: string, column = 0) =>
  [...pages[name]!.matchAll(/^\| (.*) \|$/gm)].map(([, row]) => row!.split(' | ')[column]!.replaceAll('`', ''));

describe('docs/reference', () => {
  it.each(Object.keys(pages))('%s is what the sources say', (name) => {
    expect(read(`docs/reference/${name}`) === pages[name], 'run: npm run docs').toBe(true);
  });

  it('holds nothing else that says it is generated', () => {
    const generated = files(/^docs\/reference\//).filter((path) => /Generated from/.test(read(path)));
    expect(generated.map((path) => path.replace('docs/reference/', '')).filter((name) => !(name in pages))).toEqual([]);
  });

  it('has every error, reason and key, and no other', () => {
    expect(firstCells('errors.md').slice(1)).toEqual(Object.keys(ERRORS));
    expect(firstCells('reasons.md', 1).slice(1)).toEqual(REASON_NAMES);
    const sections = pages['config.md']!.split(/^## /m).slice(1);
    const keys = sections.flatMap((section) => {
      const [title, ...rest] = section.split('\n');
      const prefix = title === 'Top level' ? '' : `${title}.`;
      return rest.flatMap((line) => (/^\| `/.test(line) ? [prefix + /`(\w+)`/.exec(line)![1]] : []));
    });
    // What may be null stands there as a value.
    const values = allKeys().filter((key) => kindAt(key.split('.')) !== 'section' && !key.startsWith('api.tls.'));
    expect(keys.sort()).toEqual([...values, 'api.tls'].sort());
  });

  it('explains every section or its keys', () => {
    const bare = pages['config.md']!.split(/^## /m).filter((section) => /^\S+\n\n\|(.|\n)*\|\s+\|$/m.test(section));
    expect(bare).toEqual([]);
  });
});
