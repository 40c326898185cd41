import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import files from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../app.ts';

/** Scripts only from here; styles also inline, because the components set them as they are drawn. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Answers every address that is a view of the UI with its one page. */
export interface StartPage {
  answers(request: FastifyRequest): boolean;
  send(reply: FastifyReply): FastifyReply;
}

/** The files of the web UI; null when it is not installed. They are the same for everybody and need no login. */
export function userInterface(app: App, directory: string): StartPage | null {
  const index = join(directory, 'index.html');
  if (!existsSync(index)) return null;
  app.register(async (scope) => {
    scope.addHook('onRequest', async (request, reply) => {
      // Names of built files hold a hash of their content; only the page itself changes under its name.
      const hashed = request.url.startsWith('/assets/');
      reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
      reply.header('content-security-policy', PAGE_POLICY);
    });
    scope.register(files, { root: directory, cacheControl: false, schemaHide: true });
  });
  return {
    answers: ({ method, url, headers }) =>
      method === 'GET' && !url.startsWith('/api/') && headers.accept?.includes('text/html') === true,
    send: (reply) =>
      reply
        .status(200)
        .headers({ 'cache-control': 'no-cache', 'content-security-policy': PAGE_POLICY })
        .type('text/html; charset=utf-8')
        .send(readFileSync(index)),
  };
}
