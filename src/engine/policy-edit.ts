import { NetxfwError } from '../model/errors.ts';
import type { PolicyKind, PolicyRecord } from '../model/policy-records.ts';
import type { PolicyEdit } from '../store/store.ts';
import type { EngineCore } from './core.ts';
import { edited, type Layers } from './policy-state.ts';
import { CONFIG_SOURCE, USER_SOURCE } from './table.ts';

const EVENTS = { limits: 'limits', ports: 'ports', ipPortRules: 'ip-port-rules' } as const;

interface EditParts<Kind extends PolicyKind> {
  readonly put?: readonly PolicyRecord[Kind][];
  readonly remove?: readonly string[];
}

/** Commits an edit of one kind, and tells. */
export function commitEdit<Kind extends PolicyKind>(
  core: EngineCore,
  kind: Kind,
  { put = [], remove = [] }: EditParts<Kind>,
): void {
  tellEdits(core, core.commitPolicy(edited(core.policy, { kind, put, remove } as PolicyEdit)));
}

export function tellEdits(core: EngineCore, edits: readonly PolicyEdit[]): void {
  for (const { kind, put, remove } of edits) {
    core.events.emit({
      type: EVENTS[kind],
      added: put.length,
      removed: remove.length,
      origin: core.change.origin,
    });
  }
}

/** Who made what holds now. */
export function sourceOf(layers: Layers<PolicyKind>, key: string): string {
  return layers.config.has(key) ? CONFIG_SOURCE : USER_SOURCE;
}

/** The refusal of a command that would change what config.yaml says. */
export function fromConfig(what: string, key: string): NetxfwError {
  return new NetxfwError('CONFLICT', `${what} comes from ${key}`, {
    hint: 'Change it there, then run `netxfw reload`.',
  });
}
