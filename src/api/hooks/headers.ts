import type { FastifyInstance } from 'fastify';

/** Data is no page: nothing in it may run, and nobody may show it in a frame. */
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";

/** Headers of every answer that may reach a browser. A route that serves a page sets its own policy. */
export function securityHeaders(app: FastifyInstance): void {
  app.addHook('onSend', async (_request, reply, payload) => {
    reply.headers({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    if (!reply.hasHeader('content-security-policy')) reply.header('content-security-policy', DATA_POLICY);
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
    return payload;
  });
}
