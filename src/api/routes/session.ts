import { z } from 'zod';
import type { SessionInfo } from '../../model/sessions.ts';
import { TOKEN_ROLES } from '../../model/tokens.ts';
import type { TypedApp } from '../app.ts';
import type { Guard } from '../hooks/auth.ts';
import type { Sessions } from '../hooks/sessions.ts';

const loginSchema = z.strictObject({ token: z.string().max(512) });
const sessionSchema = z.strictObject({
  name: z.string(),
  role: z.enum(TOKEN_ROLES),
  csrf: z.string(),
}) satisfies z.ZodType<SessionInfo>;
const tags = ['session'];

/** Begins a session: the one route below /api that is open, and counts its failures like all others. */
export function loginRoute(app: TypedApp, { access, failures }: Guard, sessions: Sessions): void {
  app.post(
    '/session',
    {
      config: { secret: true },
      schema: {
        tags,
        security: [],
        summary: 'Log in with a token',
        body: loginSchema,
        response: { 200: sessionSchema },
      },
    },
    async (request, reply) => {
      const token = access.verify(request.body.token);
      if (token === null) throw failures.refuse(request.ip, 'this token is not valid');
      const { name, role } = token;
      request.caller = { name, role, via: 'session', session: null };
      return { name, role, csrf: sessions.begin(token, request, reply) };
    },
  );
}

export function sessionRoutes(app: TypedApp, sessions: Sessions): void {
  app.get(
    '/session',
    { schema: { tags, summary: 'Whose session this is', response: { 200: sessionSchema } } },
    async (request) => {
      const session = sessions.find(request);
      // A token that a program sends is no session.
      if (session === null) return { name: request.caller!.name, role: request.caller!.role, csrf: '' };
      return { name: session.token.name, role: session.token.role, csrf: session.csrf };
    },
  );

  app.delete(
    '/session',
    { schema: { tags, summary: 'Log out', response: { 200: z.strictObject({}) } } },
    async (request, reply) => {
      sessions.end(request, reply);
      return {};
    },
  );
}
