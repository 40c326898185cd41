import type { FastifyInstance } from 'fastify';

/** A request that was answered. */
export interface Served {
  readonly method: string;
  /** The route's pattern; `unknown` when none matched, so that strangers cannot make up names. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

export type Observe = (served: Served) => void;

export function observeAnswers(app: FastifyInstance, observe: Observe): void {
  app.addHook('onResponse', async ({ method, routeOptions }, { statusCode, elapsedTime }) => {
    observe({ method, route: routeOptions.url ?? 'unknown', status: statusCode, seconds: elapsedTime / 1000 });
  });
}
