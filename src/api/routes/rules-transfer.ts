import { PassThrough, Readable } from 'node:stream';
import { importResultSchema, ruleExportParams, ruleImportParams } from '../../model/rules.schema.ts';
import type { ImportResult } from '../../model/rules.ts';
import type { ImportRequest, RuleAPI, RuleFormat } from '../../sdk/types.ts';
import type { TypedApp } from '../app.ts';
import { publicBody, toNetxfwError } from '../errors.ts';
import { changeOptions } from '../hooks/change-options.ts';
import { sourceReplaceRoute } from './sources.ts';
import { refuseLarge, upload } from './upload.ts';

/** One JSON object a line: any number of {progress}, then one {result} or {error}. */
export const NDJSON = 'application/x-ndjson';

const CONTENT_TYPES: Record<RuleFormat, string> = {
  text: 'text/plain; charset=utf-8',
  json: 'application/json; charset=utf-8',
  yaml: 'application/yaml',
  csv: 'text/csv; charset=utf-8',
  binary: 'application/octet-stream',
};

const tags = ['rules'];
const IMPORT =
  'The file is the body, whatever its media type; its entries are added as one change. With `accept: application/x-ndjson` ' +
  'the answer is one JSON object a line: `{progress}` while it goes on, then one `{result}` or `{error}`.';

/** Import and export, in a scope of their own: here the body is the file itself, whatever its media type. */
export function ruleTransferRoutes(app: TypedApp, rules: RuleAPI, limit: number): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  sourceReplaceRoute(app, rules, limit);

  app.post(
    '/rules/import',
    {
      schema: {
        tags,
        consumes: ['application/octet-stream'],
        summary: 'Import a file: the body as it is',
        description: IMPORT,
        querystring: ruleImportParams,
        response: { 200: importResultSchema },
      },
    },
    async (request, reply) => {
      refuseLarge(Number(request.headers['content-length'] ?? 0), limit);
      const body = request.body instanceof Readable ? request.body : Readable.from([]);
      const job: ImportRequest = {
        ...request.query,
        data: upload(body, limit),
        options: changeOptions(request),
      };
      if (!request.headers.accept?.includes(NDJSON)) return await rules.import(job);
      const lines = new PassThrough();
      // The reader may go away at any time; the import goes on to its end all the same.
      lines.on('error', () => {});
      const write = (line: object) => lines.write(`${JSON.stringify(line)}\n`);
      rules
        .import({ ...job, onProgress: (progress) => lines.writableNeedDrain || write({ progress }) })
        .then(
          (result: ImportResult) => write({ result }),
          (thrown) => {
            const error = toNetxfwError(thrown, request);
            request.failure = error.code;
            write({ error: publicBody(error) });
          },
        )
        .finally(() => lines.end());
      // The schema describes the plain answer; a stream is sent as it is.
      return reply.type(NDJSON).send(lines as never);
    },
  );

  app.get(
    '/rules/export',
    {
      schema: {
        tags,
        produces: Object.values(CONTENT_TYPES).map(withoutCharset),
        summary: 'Export as a file',
        querystring: ruleExportParams,
      },
    },
    async (request, reply) => {
      const chunks = rules.export(request.query)[Symbol.asyncIterator]();
      const format = request.query.format ?? (request.query.list === undefined ? 'json' : 'text');
      // The first chunk is awaited before the head is sent, so that a refusal still gets its status.
      const first = await chunks.next();
      const body = Readable.from(resume(first, chunks), { objectMode: false });
      return reply.type(CONTENT_TYPES[format]).send(body);
    },
  );
}

async function* resume(first: IteratorResult<Uint8Array>, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    for (let next = first; !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

function withoutCharset(type: string): string {
  return type.split(';', 1)[0]!;
}
