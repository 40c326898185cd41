import { copiedSchema, synchronisedSchema } from '../../model/config.schema.ts';
import type { ConfigAPI } from '../../sdk/types.ts';
import type { TypedApp } from '../app.ts';
import { changeOptions } from '../hooks/change-options.ts';

const tags = ['config'];

export function syncRoutes(app: TypedApp, config: ConfigAPI): void {
  app.post(
    '/sync/to-config',
    { schema: { tags, summary: 'Copy what commands have made into the file', response: { 200: copiedSchema } } },
    (request) => config.syncToConfig(changeOptions(request)),
  );

  app.post(
    '/sync/to-map',
    { schema: { tags, summary: 'Make the kernel maps equal to disk', response: { 200: synchronisedSchema } } },
    () => config.syncToMap(),
  );
}
