import { Readable } from 'node:stream';
import { z } from 'zod';
import { NetxfwError } from '../../model/errors.ts';
import {
  sourceCountSchema,
  sourceEntriesSchema,
  sourceReplaceParams,
  sourceResultSchema,
  sourceUpdateSchema,
} from '../../model/sources.schema.ts';
import type { RuleAPI } from '../../sdk/types.ts';
import type { TypedApp } from '../app.ts';
import { changeOptions } from '../hooks/change-options.ts';
import { refuseLarge, upload } from './upload.ts';

const tags = ['rules'];
const REPLACE =
  'The body is a text file, one address or network a line, or with `content-type: application/json` a list of ' +
  '`{prefix, reason, ttl}`. Entries that the source no longer wants go, unless another source wants them too.';

export function sourceRoutes(app: TypedApp, rules: RuleAPI): void {
  app.get(
    '/rules/sources',
    {
      schema: {
        tags,
        summary: 'Who wants how many entries',
        response: { 200: z.array(sourceCountSchema).readonly() },
      },
    },
    () => rules.sources(),
  );

  app.patch(
    '/rules/source',
    {
      schema: {
        tags,
        summary: 'Add to and remove from what one source wants, as one change',
        body: sourceUpdateSchema,
        response: { 200: sourceResultSchema },
      },
    },
    (request) => rules.updateSource(request.body, changeOptions(request)),
  );
}

/** In a scope of its own, because the body is the file itself. */
export function sourceReplaceRoute(app: TypedApp, rules: RuleAPI, limit: number): void {
  app.put(
    '/rules/source',
    {
      schema: {
        tags,
        consumes: ['text/plain', 'application/json'],
        summary: 'Make the entries of one source exactly those of the body, as one change',
        description: REPLACE,
        querystring: sourceReplaceParams,
        response: { 200: sourceResultSchema },
      },
    },
    async (request) => {
      refuseLarge(Number(request.headers['content-length'] ?? 0), limit);
      const body = upload(request.body instanceof Readable ? request.body : Readable.from([]), limit);
      const listed = request.headers['content-type']?.startsWith('application/json') ?? false;
      const data = listed ? parseEntries(await whole(body)) : body;
      return rules.replaceSource({ ...request.query, data, options: changeOptions(request) });
    },
  );
}

async function whole(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts).toString('utf8');
}

function parseEntries(text: string) {
  try {
    return sourceEntriesSchema.parse(JSON.parse(text));
  } catch (error) {
    const first = error instanceof z.ZodError ? error.issues[0] : undefined;
    const why = first === undefined ? NetxfwError.from(error).message : `${first.path.join('.')}: ${first.message}`;
    throw new NetxfwError('INVALID_INPUT', `the entries cannot be read: ${why}`, { cause: error });
  }
}
