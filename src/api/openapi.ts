import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import type { App } from './app.ts';
import { complete, type Media } from './openapi-complete.ts';

/** Where the description is served, and the page to browse it. Both are the same for everybody and need no token. */
export const OPENAPI_PATH = '/api/openapi.json';
export const DOCS_PATH = '/api/docs';

/** Scripts and connections only to here; styles also inline, because the page sets them as it is drawn. */
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

const TAGS = [
  { name: 'rules', description: 'The static lists: sources that always pass, and sources that are dropped' },
  { name: 'dynamic', description: 'The dynamic blacklist: short-lived blocks, by hand or by the kernel' },
  { name: 'limits', description: 'Rate limits by source' },
  { name: 'ports', description: 'Open ports, and rules of sources and ports' },
  { name: 'config', description: 'config.yaml: read, change, reload, confirm' },
  { name: 'stats', description: 'Packets and bytes by reason' },
  { name: 'conntrack', description: 'Connections of this host, whose replies pass' },
  { name: 'explain', description: 'What would happen to a packet, and why' },
  { name: 'events', description: 'Verdicts and changes as they happen' },
  { name: 'perf', description: 'How fast it is' },
  { name: 'plugins', description: 'BPF programs that judge before the firewall does' },
  { name: 'extensions', description: 'Plugins of the daemon, such as feeds and the log engine' },
  { name: 'system', description: 'What the filter is attached to, and how it fares' },
  { name: 'observe', description: 'Health, version and figures' },
  { name: 'tokens', description: 'Who may use the API' },
  { name: 'session', description: 'Sessions of the web UI' },
];

/** Describes every route that is registered afterwards. */
export function documentApi(app: App): void {
  const media = new Map<string, Media>();
  app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'netxfw',
        version: '1',
        description:
          'The firewall of one host. Every failure is answered with {code, message, hint, details}; the codes are listed ' +
          'in docs/reference/errors.md.',
        license: { name: 'GPL-2.0-only', identifier: 'GPL-2.0-only' },
      },
      tags: TAGS,
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'A token made by `netxfw token create`' },
          session: { type: 'apiKey', in: 'cookie', name: 'netxfw_session_PORT', description: 'On the web port only' },
        },
      },
      security: [{ token: [] }, { session: [] }],
    },
    transform: (source) => {
      const { consumes, produces } = (source.schema ?? {}) as Media;
      media.set(`${String(source.route.method).toLowerCase()} ${source.url}`, { consumes, produces });
      return jsonSchemaTransform(source);
    },
    transformObject: (document) =>
      'openapiObject' in document
        ? complete(document.openapiObject, (method, url) => media.get(`${method} ${url}`) ?? {})
        : {},
  });
  app.register(swaggerUi, { routePrefix: DOCS_PATH, staticCSP: PAGE_POLICY, uiConfig: { tryItOutEnabled: false } });
  app.register(async (open) => {
    open.get(OPENAPI_PATH, { schema: { hide: true } }, () => app.swagger());
  });
}
