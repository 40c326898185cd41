import { code, page, table } from './markdown.ts';
import type { JsonSchema, OpenApiDocument, OpenApiOperation } from './openapi.ts';

const INTRODUCTION = `The REST API at \`http://127.0.0.1:11818\` (\`api\` in config.yaml), with \`Authorization: Bearer TOKEN\`; \`netxfw token create\`
makes a token. On the local socket the same API needs no token. The web port has it too, with a session in place of the token.
The complete description is [openapi.json](openapi.json) (OpenAPI 3.1); the daemon serves it at \`/api/openapi.json\`, and a page
to browse it at \`/api/docs\`. Failures are those of [errors.md](errors.md). A token for reading may send every GET.`;

/** docs/reference/api.md */
export function apiPage(document: OpenApiDocument): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const parts = document.tags.flatMap(({ name, description }) => {
    const own = operations.filter(({ operation }) => operation.tags?.includes(name));
    if (own.length === 0) return [];
    return [`## ${name}`, `${description}.`, ...own.flatMap((each) => section(each.method, each.path, each.operation))];
  });
  return page('REST API', 'the schemas of src/api', INTRODUCTION, ...parts);
}

function section(method: string, path: string, operation: OpenApiOperation): string[] {
  const parameters = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query');
  const body = Object.entries(operation.requestBody?.content ?? {}).map(([type, { schema }]) => bodyText(type, schema));
  const answers = Object.entries(operation.responses['200']?.content ?? {});
  return [
    `### ${method} ${path}`,
    `${operation.summary}.${operation.security?.length === 0 ? ' Needs no token.' : ''}`,
    ...(operation.description === undefined ? [] : [operation.description]),
    ...(parameters.length === 0
      ? []
      : [
          table(
            ['parameter', 'value', ''],
            parameters.map(({ name, schema, required }) => [code(name), typeOf(schema), required ? 'required' : '']),
          ),
        ]),
    ...(body.length === 0 ? [] : [`Body: ${body.join('; or ')}`]),
    `Answer: ${answers.map(([type, { schema }]) => bodyText(type, schema)).join('; or ')}`,
  ];
}

function bodyText(type: string, schema: JsonSchema): string {
  return type === 'application/json' && schema.format !== 'binary' ? code(typeOf(schema)) : code(type);
}

/** A schema in the notation of TypeScript. */
export function typeOf(schema: JsonSchema): string {
  const { $ref, enum: values, anyOf, oneOf, allOf, type, items, properties, additionalProperties } = schema;
  if ($ref !== undefined) return $ref.split('/').at(-1)!;
  if ('const' in schema) return JSON.stringify(schema.const);
  if (values !== undefined)
    return values.length > 12 ? 'string' : values.map((each) => JSON.stringify(each)).join(' | ');
  const union = anyOf ?? oneOf;
  if (union !== undefined) return [...new Set(union.map(typeOf))].join(' | ');
  if (allOf !== undefined) return allOf.map(typeOf).join(' & ');
  if (Array.isArray(type)) return type.join(' | ');
  if (type === 'array') return arrayOf(items);
  if (properties !== undefined) return objectOf(schema);
  if (typeof additionalProperties === 'object') return `{ [key]: ${typeOf(additionalProperties)} }`;
  if (type === 'object') return '{}';
  return typeof type === 'string' ? type : 'any';
}

function arrayOf(items: JsonSchema | undefined): string {
  const item = items === undefined ? 'any' : typeOf(items);
  return /[ |&]/.test(item) && !item.startsWith('{') ? `(${item})[]` : `${item}[]`;
}

function objectOf({ properties = {}, required = [] }: JsonSchema): string {
  const fields = Object.entries(properties).map(
    ([name, inner]) => `${name}${required.includes(name) ? '' : '?'}: ${typeOf(inner)}`,
  );
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}
