import { Counter, Histogram, type Registry } from 'prom-client';

/** A request that an API answered. */
export interface Served {
  readonly method: string;
  /** The route's pattern, never a path that somebody sent. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

/** @returns what to call for every answer */
export function requestMetrics(registry: Registry): (served: Served) => void {
  const registers = [registry];
  const requests = new Counter({
    name: 'netxfw_api_requests_total',
    help: 'Requests that the API answered, by route and HTTP status.',
    labelNames: ['method', 'route', 'status'],
    registers,
  });
  const duration = new Histogram({
    name: 'netxfw_api_request_duration_seconds',
    help: 'Time from a request to its answer.',
    labelNames: ['route'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
    registers,
  });
  return ({ method, route, status, seconds }) => {
    requests.inc({ method: knownMethod(method), route, status: String(status) });
    duration.observe({ route }, seconds);
  };
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Strangers must not make up label values. */
function knownMethod(method: string): string {
  return METHODS.has(method) ? method : 'other';
}
