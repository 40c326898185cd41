import type { Config } from '../model/config.ts';
import type { NetxfwError } from '../model/errors.ts';
import { say } from '../model/messages.ts';
import type { Attachment, Listener, MapFill } from '../model/status.ts';

/** Share of a map's capacity from which on the operator should act. */
const NEARLY_FULL = 0.9;

/** Maps that make room by themselves: full is their normal state. */
const SELF_CLEANING = new Set(['dyn_lock_list', 'rate_state', 'ct_map', 'frag_map']);

interface Facts {
  readonly config: Config;
  readonly attachments: readonly Attachment[];
  readonly maps: readonly MapFill[];
  readonly listeners: readonly Listener[];
  /** Why the stored tokens cannot be used; null when they can. */
  readonly tokensProblem: NetxfwError | null;
  /** Why the audit log is not kept; null when it is. */
  readonly auditProblem: string | null;
}

/** What is not as it should be, each with its remedy. */
export function warningsOf({ config, attachments, maps, listeners, tokensProblem, auditProblem }: Facts): string[] {
  return [
    ...notLoaded(attachments),
    ...(config.mode === 'monitor' && attachments.length > 0 ? [say('warning.monitor')] : []),
    ...unattached(config, attachments),
    ...attachments.flatMap(slowMode),
    ...maps.flatMap(nearlyFull),
    ...listeners.flatMap(notListening),
    ...(tokensProblem === null
      ? []
      : [say('warning.tokens', { problem: tokensProblem.message, hint: tokensProblem.hint })]),
    ...(auditProblem === null ? [] : [say('warning.audit', { problem: auditProblem })]),
  ];
}

function notLoaded(attachments: readonly Attachment[]): string[] {
  return attachments.length > 0 ? [] : [say('warning.notLoaded')];
}

function unattached(config: Config, attachments: readonly Attachment[]): string[] {
  if (attachments.length === 0) return [];
  const attached = new Set(attachments.map((attachment) => attachment.interface));
  return config.base.interfaces
    .filter((name) => !attached.has(name))
    .map((name) => say('warning.unattached', { name }));
}

function slowMode({ interface: name, mode, note }: Attachment): string[] {
  if (mode !== 'generic') return [];
  return [note === null ? say('warning.generic', { name }) : say('warning.genericWhy', { name, note })];
}

function notListening({ name, problem }: Listener): string[] {
  return problem === null ? [] : [say('warning.listener', { name, problem })];
}

function nearlyFull({ name, entries, capacity }: MapFill): string[] {
  if (SELF_CLEANING.has(name) || capacity === 0 || entries < capacity * NEARLY_FULL) return [];
  const share = Math.floor((entries / capacity) * 100);
  return [say('warning.nearlyFull', { name, share, entries, capacity })];
}
