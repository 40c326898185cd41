import { NetxfwError } from '../model/errors.ts';
import { type Judgement, judge } from '../model/judge.ts';
import { say } from '../model/messages.ts';
import { formatPrefix, type Prefix, parseAddress, prefix4, prefix6 } from '../model/prefixes.ts';
import { reasonDescription } from '../model/reasons.ts';
import type { EngineCore } from './core.ts';

/** TCP ports through which this host is administered, besides those of the API. */
export type SshPorts = () => readonly number[];

/** A way in that was open before a change. */
export interface Probe {
  readonly source: Prefix;
  readonly port: number;
}

const EVERYBODY: readonly Prefix[] = [prefix4(0, 0), prefix6([0, 0, 0, 0], 0)];

/**
 * Keeps changes from cutting off whoever makes them. It asks what the policy decides about a new connection, before the
 * change and after it, and knows nothing of what was changed.
 */
export class Lockout {
  readonly #sshPorts: SshPorts;

  constructor(sshPorts: SshPorts) {
    this.#sshPorts = sshPorts;
  }

  /**
   * The ways in that are open: from the protected addresses to ssh and to the API, and from everybody to ssh.
   * @throws NetxfwError INVALID_ADDRESS
   */
  probe(core: EngineCore, protect: readonly string[]): Probe[] {
    const ssh = this.#sshPorts();
    const own = [...ssh, ...apiPorts(core)];
    const callers = protect.map((text) => parseAddress(withoutZone(text))).filter((source) => !isLoopback(source));
    const asked = [
      ...callers.flatMap((source) => own.map((port) => ({ source, port }))),
      ...EVERYBODY.flatMap((source) => ssh.map((port) => ({ source, port }))),
    ];
    const policy = core.judged();
    return asked.filter(({ source, port }) => judgeTcp(policy, source, port).verdict === 'pass');
  }

  /** @throws NetxfwError LOCKOUT_RISK naming what would be cut off, and by what */
  refuseCuts(
    core: EngineCore,
    before: readonly Probe[],
    dynamic: (source: Prefix) => Prefix | null = () => null,
  ): void {
    if (before.length === 0) return;
    const policy = { ...core.judged(), dynamic };
    const cut = before
      .map((probe) => ({ ...probe, judgement: judgeTcp(policy, probe.source, probe.port) }))
      .filter(({ judgement }) => judgement.verdict === 'drop');
    if (cut.length === 0) return;
    const [{ source, port, judgement }] = cut as [Probe & { readonly judgement: Judgement }];
    const everybody = source.length === 0;
    const why = whyOf(judgement);
    const message = everybody
      ? say('refused.closesPort', { port, family: source.family, why })
      : say('refused.cutsOff', { source: formatPrefix(source), port, why });
    throw new NetxfwError('LOCKOUT_RISK', message, {
      details: {
        cut: cut.map((one) => ({
          source: formatPrefix(one.source),
          port: one.port,
          reason: one.judgement.reason,
          entry: one.judgement.prefix === null ? null : formatPrefix(one.judgement.prefix),
        })),
      },
    });
  }
}

function judgeTcp(policy: ReturnType<EngineCore['judged']>, source: Prefix, port: number): Judgement {
  return judge(policy, { source, service: { protocol: 'tcp', port } });
}

function whyOf({ reason, prefix }: Judgement): string {
  const why = reasonDescription(reason);
  return prefix === null ? why : `${why}: ${formatPrefix(prefix)}`;
}

/** Ports of the API and the web UI, where they can be reached from outside. */
function apiPorts({ config: { api, web } }: EngineCore): number[] {
  const listeners = [api, ...(web.enabled ? [web] : [])];
  return listeners.filter(({ listen }) => !isLoopback(parseAddress(listen))).map(({ port }) => port);
}

export function isLoopback({ family, words }: Prefix): boolean {
  if (family === 4) return words[3] >>> 24 === 127;
  return words[0] === 0 && words[1] === 0 && words[2] === 0 && words[3] === 1;
}

/** `fe80::1%eth0` -> `fe80::1` */
function withoutZone(address: string): string {
  return address.split('%', 1)[0]!.trim();
}
