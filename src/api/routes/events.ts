import { eventFilterParams, eventTopSchema } from '../../model/events.schema.ts';
import type { EventAPI } from '../../sdk/types.ts';
import type { TypedApp } from '../app.ts';
import { EventStreams } from '../event-stream.ts';

const tags = ['events'];
const produces = ['text/event-stream'];
const STREAM = 'Server-sent events: each `data:` line is one JSON document. Comments keep the connection alive.';

export function eventRoutes(app: TypedApp, events: EventAPI): void {
  const streams = new EventStreams(app as never);

  app.get(
    '/events/verdicts',
    {
      schema: {
        tags,
        produces,
        summary: 'Follow the verdicts that the kernel reports',
        description: `${STREAM} A reader that is too slow gets {lost: N} in place of N verdicts.`,
        querystring: eventFilterParams,
      },
    },
    (request, reply) => streams.send(request, reply, (signal) => events.verdicts(request.query, signal)),
  );

  app.get(
    '/events/engine',
    { schema: { tags, produces, summary: 'Follow what changes', description: STREAM } },
    (request, reply) => streams.send(request, reply, (signal) => events.engine(signal)),
  );

  app.get(
    '/events/top',
    {
      schema: {
        tags,
        summary: 'Sources, ports and reasons that were dropped most in the last minute',
        response: { 200: eventTopSchema },
      },
    },
    () => events.top(),
  );
}
