import { explainRequestSchema, explainResultSchema } from '../../model/explain.schema.ts';
import type { ExplainAPI } from '../../sdk/types.ts';
import type { TypedApp } from '../app.ts';

export function explainRoutes(app: TypedApp, { explain }: ExplainAPI): void {
  app.post(
    '/explain',
    {
      config: { reads: true },
      schema: {
        tags: ['explain'],
        summary: 'Judge a packet that nobody sends, and say why',
        body: explainRequestSchema,
        response: { 200: explainResultSchema },
      },
    },
    (request) => explain(request.body),
  );
}
