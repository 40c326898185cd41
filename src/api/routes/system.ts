import { systemStatusSchema } from '../../model/status.schema.ts';
import type { SystemAPI } from '../../sdk/types.ts';
import type { TypedApp } from '../app.ts';

export function systemRoutes(app: TypedApp, system: SystemAPI): void {
  app.get(
    '/system/status',
    { schema: { tags: ['system'], summary: 'One screen about the firewall', response: { 200: systemStatusSchema } } },
    () => system.status(),
  );
}
