import { ERRORS } from '../model/errors.ts';
import { code, page, table } from './markdown.ts';

const INTRODUCTION = `Every expected failure has a code. The REST API answers with the HTTP status and
\`{code, message, hint, details}\`; a command prints message and hint on standard error and ends with the exit code; the SDK
throws a \`NetxfwError\` with the same fields. A failure may come with a more precise hint than the one given here.`;

/** docs/reference/errors.md */
export function errorsPage(): string {
  const rows = Object.entries(ERRORS).map(([name, { status, exit, hint }]) => [
    code(name),
    String(status),
    String(exit),
    hint,
  ]);
  const head = ['code', 'HTTP status', 'exit code', 'what to do'];
  return page('Errors', 'src/model/errors.ts', INTRODUCTION, table(head, rows));
}
