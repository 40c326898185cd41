import { referencePage } from '../cli/reference.ts';
import { createMock } from '../sdk/mock.ts';
import { apiPage } from './api.ts';
import { configPage } from './config.ts';
import { errorsPage } from './errors.ts';
import { metricsPage } from './metrics.ts';
import { openApiDocument } from './openapi.ts';
import { reasonsPage } from './reasons.ts';

/**
 * Everything in docs/reference that is made from tables and schemas, by file name.
 * @param yaml the commented config.yaml that is installed
 */
export async function referencePages(yaml: string): Promise<Readonly<Record<string, string>>> {
  await using netxfw = await createMock();
  const document = await openApiDocument(netxfw);
  return {
    'cli.md': await referencePage(),
    'config.md': configPage(yaml),
    'api.md': apiPage(document),
    'openapi.json': `${JSON.stringify(document, null, 2)}\n`,
    'metrics.md': metricsPage(netxfw),
    'reasons.md': reasonsPage(),
    'errors.md': errorsPage(),
  };
}
