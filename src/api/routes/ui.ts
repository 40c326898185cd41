import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import files from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../app.ts';

/** Where the built page wants the nonce that its style sheets carry. */
const PLACEHOLDER = '%NONCE%';

/** Everything comes from here; style sheets that the page makes itself carry the nonce of this one answer. */
function pagePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Answers every address that is a view of the UI with its one page. */
export interface StartPage {
  answers(request: FastifyRequest): boolean;
  send(reply: FastifyReply): FastifyReply;
}

/** The files of the web UI; null when it is not installed. They are the same for everybody and need no login. */
export function userInterface(app: App, directory: string): StartPage | null {
  const index = join(directory, 'index.html');
  if (!existsSync(index)) return null;
  const send = (reply: FastifyReply) => {
    const nonce = randomBytes(16).toString('base64');
    return (
      reply
        .status(200)
        // A page from a cache would carry the nonce of an older answer.
        .headers({ 'cache-control': 'no-store', 'content-security-policy': pagePolicy(nonce) })
        .type('text/html; charset=utf-8')
        .send(readFileSync(index, 'utf8').replaceAll(PLACEHOLDER, nonce))
    );
  };
  app.register(async (scope) => {
    scope.addHook('onRequest', async (request, reply) => {
      // Names of built files hold a hash of their content; the others change under their names.
      const hashed = request.url.startsWith('/assets/');
      reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    });
    for (const path of ['/', '/index.html'])
      scope.get(path, { schema: { hide: true } }, (_request, reply) => send(reply));
    scope.register(files, {
      root: directory,
      index: false,
      cacheControl: false,
      schemaHide: true,
      preCompressed: true,
      globIgnore: ['index.html', '**/*.gz'],
    });
  });
  return {
    answers: ({ method, url, headers }) =>
      method === 'GET' && !url.startsWith('/api/') && headers.accept?.includes('text/html') === true,
    send,
  };
}
