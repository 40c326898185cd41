import { z } from 'zod';
import { auditPageSchema, auditQueryParams } from '../../model/audit.schema.ts';
import { diagnosisSchema } from '../../model/diagnosis.schema.ts';
import { resetReportSchema, systemStatusSchema } from '../../model/status.schema.ts';
import type { SystemAPI } from '../../sdk/types.ts';
import type { TypedApp } from '../app.ts';
import { changeOptions } from '../hooks/change-options.ts';

export function systemRoutes(app: TypedApp, system: SystemAPI): void {
  app.get(
    '/system/status',
    { schema: { tags: ['system'], summary: 'One screen about the firewall', response: { 200: systemStatusSchema } } },
    () => system.status(),
  );

  app.post(
    '/system/reset',
    {
      schema: {
        tags: ['system'],
        summary: 'Remove everything that commands and feeds have made',
        description: 'What config.yaml says stays, and with it the failsafe ports.',
        response: { 200: resetReportSchema },
      },
    },
    (request) => system.reset(changeOptions(request)),
  );

  app.get(
    '/system/audit',
    {
      schema: {
        tags: ['system'],
        summary: 'Who changed what, and who was refused, the newest first',
        description:
          'Secrets do not stand there. `next` of an answer, as `before` of the next request, gives older ones.',
        querystring: auditQueryParams,
        response: { 200: auditPageSchema },
      },
    },
    (request) => system.audit(request.query),
  );

  app.get(
    '/system/doctor',
    {
      schema: {
        tags: ['system'],
        summary: 'What the filter needs of its host, each with its remedy',
        response: { 200: z.array(diagnosisSchema).readonly() },
      },
    },
    () => system.doctor(),
  );
}
