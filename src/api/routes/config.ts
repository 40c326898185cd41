import { z } from 'zod';
import {
  configCheckSchema,
  configTextSchema,
  configValuesSchema,
  configViewSchema,
  pendingAnswerSchema,
  reloadResultSchema,
} from '../../model/config.schema.ts';
import { withoutSecrets } from '../../model/config-secrets.ts';
import type { ConfigAPI } from '../../sdk/types.ts';
import type { TypedApp } from '../app.ts';
import { changeOptions } from '../hooks/change-options.ts';

const tags = ['config'];
const ifMatch = z.object({ 'if-match': z.string().max(200).exactOptional() });

export function configRoutes(app: TypedApp, config: ConfigAPI): void {
  app.get(
    '/config',
    {
      schema: {
        tags,
        summary: 'The configuration, and the text of its file',
        description: 'Readers get it without its secrets, and instead of the text the same as JSON.',
        response: { 200: configViewSchema },
      },
    },
    async (request, reply) => {
      const view = await config.get();
      reply.header('etag', view.etag);
      return request.caller?.role === 'admin' ? view : viewOfReader(view);
    },
  );

  app.put(
    '/config',
    {
      schema: {
        tags,
        summary: 'Replace the file and follow it',
        description:
          'With If-Match, only when the file is still the one that has this etag. A failure changes nothing.',
        headers: ifMatch,
        body: configTextSchema,
        response: { 200: reloadResultSchema },
      },
    },
    (request) => {
      const etag = request.headers['if-match'];
      const known = etag === undefined || etag === '*' ? {} : { etag };
      return config.replace(request.body.yaml, { ...changeOptions(request), ...known });
    },
  );

  app.patch(
    '/config',
    {
      schema: {
        tags,
        summary: 'Set keys by their path, and follow',
        description: 'Such as {"base.default_deny": true}. Comments and order of the file stay.',
        body: configValuesSchema,
        response: { 200: reloadResultSchema },
      },
    },
    (request) => config.set(request.body, changeOptions(request)),
  );

  app.post(
    '/config/validate',
    {
      config: { reads: true },
      schema: {
        tags,
        summary: 'Check a text, and say what following it would take',
        body: configTextSchema,
        response: { 200: configCheckSchema },
      },
    },
    (request) => config.validate(request.body.yaml),
  );

  app.post(
    '/config/reload',
    { schema: { tags, summary: 'Read the file again and follow it', response: { 200: reloadResultSchema } } },
    (request) => config.reload(changeOptions(request)),
  );

  confirmRoutes(app, config);
}

/** The file may hold a secret anywhere, in a comment too: its text is written anew, as JSON, which is YAML. */
function viewOfReader(view: z.output<typeof configViewSchema>): z.output<typeof configViewSchema> {
  const seen = withoutSecrets(view.config);
  return {
    ...view,
    config: seen,
    yaml: `# Only administrators see the file itself.\n${JSON.stringify(seen, null, 2)}\n`,
  };
}

function confirmRoutes(app: TypedApp, config: ConfigAPI): void {
  app.get(
    '/config/pending',
    { schema: { tags, summary: 'The change that waits for confirmation', response: { 200: pendingAnswerSchema } } },
    async () => ({ pending: await config.pending() }),
  );

  app.post(
    '/config/confirm',
    { schema: { tags, summary: 'Keep it', response: { 200: z.strictObject({}) } } },
    async () => {
      await config.confirm();
      return {};
    },
  );

  app.post(
    '/config/rollback',
    { schema: { tags, summary: 'Undo it now', response: { 200: reloadResultSchema } } },
    () => config.rollback(),
  );
}
