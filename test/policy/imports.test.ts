import { describe, expect, it } from 'vitest';
import { PARTS, type Part } from './import-rules.ts';
import { files, type Import, imports, read } from './sources.ts';

const sources = files(/^(src|web\/src)\/.*\.tsx?$/);
const product = sources.filter((path) => !/\.test\.ts$|\/testing\//.test(path));

function isAllowed(part: Part, imported: Import): boolean {
  if (imported.file !== undefined) {
    const file = imported.file;
    if (part.matches.test(file) || part.files.some((allowed) => allowed.test(file))) return true;
    return imported.dynamic && (part.lazily ?? []).some((allowed) => allowed.test(file));
  }
  const name = imported.package ?? imported.specifier;
  return part.packages.some((allowed) =>
    typeof allowed === 'string'
      ? name === allowed || (allowed === 'node:' && name.startsWith('node:'))
      : allowed.test(name),
  );
}

describe('imports', () => {
  it('stay inside what each part of src/ may use', () => {
    const offences = product.flatMap((path) => {
      const part = PARTS.find((candidate) => candidate.matches.test(path));
      if (part === undefined) return [`${path} belongs to no part of the house (test/policy/import-rules.ts)`];
      return imports(path)
        .filter((imported) => !isAllowed(part, imported))
        .map(({ specifier }) => `${path} imports ${specifier}, which ${part.name} may not: ${part.why}`);
    });
    expect(offences).toEqual([]);
  });

  it('reach koffi from src/ebpf only, tests and scripts included', () => {
    const importers = files(/\.(ts|tsx|js|mjs|cjs)$/).filter((path) =>
      imports(path).some((i) => i.package === 'koffi'),
    );
    expect(importers.filter((path) => !path.startsWith('src/ebpf/'))).toEqual([]);
    expect(importers.length).toBeGreaterThan(0);
  });

  const used = (paths: readonly string[]) =>
    new Set(paths.flatMap((path) => imports(path).flatMap((i) => i.package ?? [])));
  const declared = (file: string, kind: 'dependencies' | 'devDependencies') =>
    Object.keys((JSON.parse(read(file)) as Record<typeof kind, Record<string, string>>)[kind]);

  it('name every package that package.json declares, and no other', () => {
    const ours = used(product.filter((path) => path.startsWith('src/')));
    const dependencies = declared('package.json', 'dependencies');
    expect([...ours].filter((name) => !dependencies.includes(name))).toEqual([]);
    expect(dependencies.filter((name) => !ours.has(name))).toEqual([]);
  });

  it('of the web UI name packages that its own package.json declares', () => {
    const ours = used(product.filter((path) => path.startsWith('web/')));
    const dependencies = declared('web/package.json', 'devDependencies');
    expect([...ours].filter((name) => !dependencies.includes(name))).toEqual([]);
  });
});

describe("the CLI's way to a running daemon", () => {
  const light = [
    ...['errors', 'prefixes', 'prefix-list', 'durations', 'reasons', 'entries'].map((name) => `src/model/${name}.ts`),
    'src/sdk/remote.ts',
  ];

  /** Everything that is evaluated when `path` is imported, with the chain that leads there. */
  function evaluated(path: string, chain: readonly string[] = [], seen = new Map<string, readonly string[]>()) {
    for (const imported of imports(path)) {
      if (imported.typeOnly || imported.dynamic) continue;
      const name = imported.file ?? imported.package;
      if (name === undefined || seen.has(name)) continue;
      seen.set(name, [...chain, path]);
      if (imported.file !== undefined) evaluated(imported.file, [...chain, path], seen);
    }
    return seen;
  }

  it.each(light)('%s loads no package', (path) => {
    const heavy = [...evaluated(path)].filter(([name]) => !name.startsWith('src/'));
    expect(heavy.map(([name, chain]) => `${[...chain, name].join(' -> ')}`)).toEqual([]);
  });
});
