import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeNetxfw } from '../../test/support/fake-netxfw.ts';
import { type App, buildApp } from './app.ts';

let app: App;
beforeAll(() => {
  app = buildApp(fakeNetxfw(), { access: { verify: () => null, has: () => false }, documented: true });
});
afterAll(() => app.close());

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly security?: readonly object[];
  readonly responses: Readonly<Record<string, { readonly description?: string; readonly content?: object }>>;
}

async function operations(): Promise<[name: string, operation: Operation][]> {
  const { paths } = (await app.inject('/api/openapi.json')).json() as {
    paths: Record<string, Record<string, Operation>>;
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [`${method} ${path}`, operation]),
  );
}

describe('the description of the API', () => {
  it('is OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate((await app.inject('/api/openapi.json')).json());
    expect(errors ?? []).toEqual([]);
    expect({ valid, version: validator.version }).toEqual({ valid: true, version: '3.1' });
  });

  it('gives every route a name of its own, a summary and its answers', async () => {
    const all = await operations();
    expect(all.length).toBeGreaterThan(20);
    expect(new Set(all.map(([, { operationId }]) => operationId)).size).toBe(all.length);
    for (const [name, { summary, responses }] of all) {
      expect(summary, name).toMatch(/^\S.*[^.]$/);
      expect(Object.keys(responses['200']?.content ?? {}), name).not.toEqual([]);
      expect(responses, name).toHaveProperty('default');
    }
  });

  it('puts every route into a group that it explains', async () => {
    const { tags } = (await app.inject('/api/openapi.json')).json() as { tags: { name: string }[] };
    const known = tags.map(({ name }) => name);
    for (const [name, operation] of await operations()) expect(known, name).toContain(operation.tags[0]);
  });

  it('says which routes need no token, and those are the ones that do not', async () => {
    for (const [name, { security }] of await operations()) {
      const [method, url] = name.split(' ') as ['get', string];
      const { statusCode } = await app.inject({ method, url });
      expect([name, statusCode === 401 || statusCode === 429]).toEqual([name, security?.length !== 0]);
    }
  });
});

describe('the page to browse it', () => {
  it('is served to everybody, and may run its own scripts only', async () => {
    const { statusCode, headers, body } = await app.inject('/api/docs/');
    expect(statusCode).toBe(200);
    expect(headers['content-type']).toContain('text/html');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'; script-src 'self';");
    const scripts = [...body.matchAll(/<script[^>]*src="([^"]+)"/g)].map((match) => match[1]!);
    expect(scripts.length).toBeGreaterThan(1);
    for (const script of scripts) {
      const url = new URL(script, 'http://localhost/api/docs/');
      expect((await app.inject(url.pathname)).statusCode, script).toBe(200);
    }
  });
});
