import { expect, it } from 'vitest';
import { files, read } from './sources.ts';

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
}

// The SDK's own calls are what every other client is told: both must name the same routes.
it('every call of the remote SDK is in the description of the API', () => {
  const { paths } = JSON.parse(read('docs/reference/openapi.json')) as Description;
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const calls = files(/^src\/sdk\/remote[^/]*\.ts$/).flatMap((file) => [
    ...[...read(file).matchAll(/'(GET|POST|PUT|PATCH|DELETE)',\s*'(\/[a-z/]+)'/g)].map(
      ([, method, path]) => `${method} ${path}`,
    ),
    ...[...read(file).matchAll(/method: '(\w+)',\s*path: '(\/[a-z/]+)'/g)].map(
      ([, method, path]) => `${method} ${path}`,
    ),
  ]);
  expect(calls.length).toBeGreaterThan(40);
  expect([...new Set(calls)].filter((call) => !described.includes(call))).toEqual([]);
});
