/** A zod issue as fastify-type-provider-zod hands it over. */
export interface ValidationIssue {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message: string;
  readonly params: { readonly errors?: readonly (readonly NestedIssue[])[]; readonly keys?: readonly string[] };
}

interface NestedIssue {
  readonly code: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
}

interface Issue {
  readonly path: readonly string[];
  readonly message: string;
  /** Keys that the schema does not know. */
  readonly keys: readonly string[] | undefined;
}

export interface FieldIssue {
  /** `prefix`, `3.ttl`; empty for the whole. */
  readonly field: string;
  readonly message: string;
}

const MAX_ISSUES = 20;
const MAX_VALUE = 80;

/** One line per issue, naming the field and the value that was sent. */
export function describeIssues(issues: readonly ValidationIssue[], part: string, value: unknown): FieldIssue[] {
  const noun = part === 'querystring' ? 'query parameter' : 'field';
  return issues
    .flatMap(flatten)
    .slice(0, MAX_ISSUES)
    .map(({ path, message, keys }) => {
      if (keys !== undefined) {
        const field = [...path, keys[0]!].join('.');
        return { field, message: `unknown ${noun} ${keys.map(shorten).join(', ')}` };
      }
      const field = path.join('.');
      const label = field === '' ? `the ${part}` : `${noun} ${shorten(field)}`;
      const found = valueAt(value, path);
      const missing = found === undefined;
      return { field, message: missing ? `${label} is missing` : `${label}: ${shorten(found)}: ${lower(message)}` };
    });
}

/** The issue itself; of a union, those of the branch that came closest. */
function flatten({ keyword, instancePath, message, params }: ValidationIssue): Issue[] {
  const path = instancePath.split('/').filter((part) => part !== '');
  if (keyword !== 'invalid_union') return [{ path, message, keys: params.keys }];
  const branches = params.errors ?? [];
  const near = branches.find(([first]) => first !== undefined && !isWholeMismatch(first)) ?? branches[0] ?? [];
  return near.map((issue) => ({
    path: [...path, ...issue.path.map(String)],
    message: issue.message,
    keys: issue.keys,
  }));
}

function isWholeMismatch(issue: NestedIssue): boolean {
  return issue.code === 'invalid_type' && issue.path.length === 0;
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return at;
}

/** JSON, so that control characters cannot reach a terminal or a log. */
function shorten(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= MAX_VALUE ? text : `${text.slice(0, MAX_VALUE)}...`;
}

function lower(message: string): string {
  return message.slice(0, 1).toLowerCase() + message.slice(1);
}
