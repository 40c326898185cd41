import { z } from 'zod';
import { newTokenSchema, tokenInfoSchema, tokenInputSchema, tokenNameSchema } from '../../model/tokens.schema.ts';
import type { TokenAPI } from '../../sdk/types.ts';
import type { TypedApp } from '../app.ts';
import { requireAdmin } from '../hooks/auth.ts';

const removalParams = z.strictObject({ name: tokenNameSchema });

const tags = ['tokens'];

/** Who may get in is nothing for those who may only look. */
export function tokenRoutes(app: TypedApp, tokens: TokenAPI): void {
  app.get(
    '/tokens',
    {
      onRequest: requireAdmin,
      schema: {
        tags,
        summary: 'List them, without their secrets',
        response: { 200: z.array(tokenInfoSchema).readonly() },
      },
    },
    () => tokens.list(),
  );

  app.post(
    '/tokens',
    {
      schema: {
        tags,
        summary: 'Make one; its secret is shown this once',
        body: tokenInputSchema,
        response: { 200: newTokenSchema },
      },
    },
    (request) => tokens.create(request.body),
  );

  app.delete(
    '/tokens',
    {
      schema: {
        tags,
        summary: 'Remove one; whoever uses it is out at once',
        querystring: removalParams,
        response: { 200: z.strictObject({}) },
      },
    },
    async (request) => {
      await tokens.remove(request.query.name);
      return {};
    },
  );
}
