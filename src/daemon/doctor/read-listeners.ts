import { createServer } from 'node:net';
import type { Config } from '../../model/config.ts';
import type { Listener } from '../../model/status.ts';
import { bindProblem, type PlannedListener, planListeners, urlOf } from '../listen-plan.ts';
import type { ListenerFacts } from './facts.ts';

/**
 * Whether the ports of the configuration can be had.
 * @param served what a daemon that runs says about its own listeners; null without one
 */
export async function readListeners(
  config: Config,
  tokens: number,
  served: readonly Listener[] | null,
): Promise<ListenerFacts[]> {
  if (served !== null) return served.filter(({ name }) => name !== 'socket');
  return Promise.all(planListeners(config, tokens).map(askFor));
}

async function askFor(plan: PlannedListener): Promise<ListenerFacts> {
  const problem = plan.problem ?? (plan.port === 0 ? null : await tryPort(plan));
  return { name: plan.name, address: urlOf(plan), problem };
}

function tryPort(plan: PlannedListener): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('error', (error) => resolve(bindProblem(plan, error)));
    server.listen({ host: plan.host, port: plan.port, exclusive: true }, () => server.close(() => resolve(null)));
  });
}
