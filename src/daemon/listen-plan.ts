import { isLoopback } from '../api/hooks/peer.ts';
import type { Config } from '../model/config.ts';
import { NetxfwError } from '../model/errors.ts';
import { say } from '../model/messages.ts';
import type { ListenerName } from '../model/status.ts';
import { type Certificate, readCertificate } from './certificate.ts';

export type TcpListenerName = Exclude<ListenerName, 'socket'>;

/** A listener that the configuration asks for. */
export interface PlannedListener {
  readonly name: TcpListenerName;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly certificate: Certificate | null;
  /** Reachable from other hosts. */
  readonly exposed: boolean;
  /** Why it must not listen. */
  readonly problem: string | null;
  /** What is wrong although it may listen. */
  readonly notice: string | null;
}

/**
 * What should listen, by configuration and by the number of tokens that there are.
 * @param inUse goes on being served while the one of the configuration cannot be used: it may be half written
 */
export function planListeners(
  config: Pick<Config, 'api' | 'web' | 'metrics'>,
  tokens: number,
  inUse: Certificate | null = null,
): PlannedListener[] {
  const { api, web, metrics } = config;
  let certificate: Certificate | null = null;
  let broken: string | null = null;
  try {
    certificate = api.tls === null ? null : readCertificate(api.tls);
  } catch (error) {
    certificate = inUse;
    broken = NetxfwError.from(error).message;
  }
  const kept = broken === null || inUse === null ? null : `${broken}; the certificate read before is served until then`;
  if (kept !== null) broken = null;
  const plan = (name: TcpListenerName, { listen: host, port }: { listen: string; port: number }): PlannedListener => {
    const exposed = !isLoopback(host);
    const missing = exposed && !api.insecure ? refusal(name, host, certificate !== null, tokens) : null;
    return { name, host, port, certificate, exposed, problem: broken ?? missing, notice: kept };
  };
  return [
    plan('api', api),
    ...(web.enabled ? [plan('web', web)] : []),
    ...(metrics.enabled ? [plan('metrics', metrics)] : []),
  ];
}

/** Beyond this host nothing is served that anybody could read on the way, or that nobody could be let into. */
function refusal(name: string, host: string, encrypted: boolean, tokens: number): string | null {
  if (encrypted && tokens > 0) return null;
  const step = encrypted ? 'listener.makeToken' : tokens > 0 ? 'listener.setTls' : 'listener.setBoth';
  return say('listener.exposed', { name, host, steps: say(step) });
}

/** The address as a URL. */
export function urlOf({ host, port, certificate }: Pick<PlannedListener, 'host' | 'port' | 'certificate'>): string {
  return `${certificate === null ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Why an address cannot be bound, and which key to change. */
export function bindProblem({ name, host, port }: PlannedListener, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const at = `${host}:${port}`;
  switch (code) {
    case 'EADDRINUSE':
      return say(port === 9100 ? 'listener.inUse9100' : 'listener.inUse', { at, name });
    case 'EADDRNOTAVAIL':
      return say('listener.noAddress', { host, name });
    case 'EACCES':
      return say('listener.noPermission', { at, name });
    default:
      return say('listener.other', { at, message, name });
  }
}
