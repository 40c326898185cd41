import { toChangeHeaders } from '../model/change-headers.ts';
import { type ErrorBody, NetxfwError } from '../model/errors.ts';
import type { ImportProgress, ImportResult } from '../model/rules.ts';
import type { SourceResult } from '../model/sources.ts';
import type { Transport } from './transport.ts';
import type { ExportRequest, ImportRequest, SourceRequest } from './types.ts';

interface ImportLine {
  readonly progress?: ImportProgress;
  readonly result?: ImportResult;
  readonly error?: ErrorBody;
}

const WHERE = 'the daemon';

/** Streams the data up; progress comes back as lines while it is worked on. */
export async function importRules(http: Transport, request: ImportRequest): Promise<ImportResult> {
  const { data, onProgress, options, ...query } = request;
  const answer = await http.open({
    method: 'POST',
    path: '/api/rules/import',
    query,
    headers: {
      ...toChangeHeaders(options),
      'content-type': 'application/octet-stream',
      accept: 'application/x-ndjson',
    },
    body: data,
  });
  let result: ImportResult | undefined;
  // Read to the end, also after the result, so that the connection can be used again.
  for await (const text of readLines(answer)) {
    const line = JSON.parse(text) as ImportLine;
    if (line.error) throw NetxfwError.fromBody(line.error);
    if (line.progress) onProgress?.(line.progress);
    result ??= line.result;
  }
  if (result) return result;
  throw new NetxfwError('DAEMON_UNREACHABLE', `${WHERE} closed the connection before the import was done`, {
    hint: 'See what it holds with `netxfw list`, then import again; entries that are there already are not added twice.',
  });
}

/** Streams what a source wants up. */
export async function replaceSource(http: Transport, request: SourceRequest): Promise<SourceResult> {
  const { data, options, ...query } = request;
  const entries = Array.isArray(data);
  const answer = await http.open({
    method: 'PUT',
    path: '/api/rules/source',
    query,
    headers: {
      ...toChangeHeaders(options),
      'content-type': entries ? 'application/json' : 'application/octet-stream',
    },
    body: entries ? new TextEncoder().encode(JSON.stringify(data)) : (data as Uint8Array | AsyncIterable<Uint8Array>),
  });
  let text = '';
  for await (const line of readLines(answer)) text += line;
  return JSON.parse(text) as SourceResult;
}

export async function* exportRules(http: Transport, request: ExportRequest): AsyncGenerator<Uint8Array> {
  yield* await http.open({ method: 'GET', path: '/api/rules/export', query: { ...request } });
}

/** Lines of UTF-8 text, without their ends. */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== '') yield rest;
}
