import { BpfError, interfaceIndex, isBpffs, queryXdp } from '../ebpf/index.ts';
import { say } from '../model/messages.ts';
import type { HealthCheck } from '../model/operations.ts';
import { egressProgram } from './attach-egress.ts';
import { openLink } from './attach-xdp.ts';
import { guarded } from './failures.ts';
import type { KernelMaps } from './kernel-maps.ts';
import { LAYOUT_VERSION } from './layout.ts';
import { pinOf } from './pin-paths.ts';

/** What is wrong with one of the programs on an interface; null: nothing. */
export interface PlaceHealth {
  readonly interface: string;
  /** False: nothing can be attached now. */
  readonly exists: boolean;
  readonly filter: string | null;
  readonly egress: string | null;
}

/**
 * Looks at an interface that shall have the programs.
 * @param expected ids of the programs that shall run; undefined: those of the pinned links, whatever they are
 */
export function inspectPlace(
  pinPath: string,
  name: string,
  expected: { readonly xdp: number; readonly egress: number | undefined } | undefined,
): PlaceHealth {
  const ifindex = indexOf(name);
  if (ifindex === undefined) {
    const gone = say('health.noInterface', { name });
    return { interface: name, exists: false, filter: gone, egress: gone };
  }
  const filter = filterProblem(pinPath, name, ifindex, expected?.xdp);
  const egress = egressProblem(pinPath, name, ifindex, expected);
  return { interface: name, exists: true, filter, egress };
}

function filterProblem(pinPath: string, name: string, ifindex: number, expected: number | undefined): string | null {
  const attached = queryXdp(ifindex);
  if (attached === undefined) return say('health.filter.none', { name });
  const pinned = openLink(pinOf.xdp(pinPath, name));
  if (pinned === undefined) return say('health.filter.unpinned', { name });
  using link = pinned;
  const info = link.info();
  const ours = expected ?? info.programId;
  if (info.ifindex === ifindex && attached.programId === info.programId && attached.programId === ours) return null;
  return say('health.filter.other', { program: attached.programName ?? '?', id: attached.programId, name });
}

function egressProblem(
  pinPath: string,
  name: string,
  ifindex: number,
  expected: { readonly egress: number | undefined } | undefined,
): string | null {
  if (expected !== undefined && expected.egress === undefined) return null;
  const id = egressProgram({ pinPath, name, ifindex });
  if (id === undefined) return say('health.egress.none', { name });
  if (expected?.egress === undefined || id === expected.egress) return null;
  return say('health.egress.other', { id, name });
}

function indexOf(name: string): number | undefined {
  try {
    return interfaceIndex(name);
  } catch (error) {
    if (error instanceof BpfError && error.code === 'INTERFACE_UNKNOWN') return undefined;
    throw error;
  }
}

/** As checks for people to read. */
export function placeChecks({ interface: name, exists, filter, egress }: PlaceHealth): HealthCheck[] {
  const hint = exists ? say('health.place.do') : say('health.place.gone.do');
  return [
    {
      name: `filter on ${name}`,
      ok: filter === null,
      message: filter ?? say('health.filter.ok', { name }),
      hint: filter && hint,
    },
    {
      name: `egress on ${name}`,
      ok: egress === null,
      message: egress ?? say('health.egress.ok', { name }),
      hint: egress && hint,
    },
  ];
}

/** The file system of the pins, their layout, and whether the maps answer. */
export function mapChecks(maps: KernelMaps): HealthCheck[] {
  const { pinPath } = maps;
  return [
    attempt('bpffs', say('health.bpffs.do'), () => {
      if (!isBpffs(pinPath)) throw new Error(say('health.bpffs', { path: pinPath }));
      return say('health.bpffs.ok', { path: pinPath });
    }),
    attempt('layout', say('health.load.do'), () => {
      const { layout } = maps.meta;
      if (layout !== LAYOUT_VERSION) throw new Error(say('health.layout', { layout, wanted: LAYOUT_VERSION }));
      return say('health.layout.ok', { layout });
    }),
    attempt('maps', say('health.load.do'), () => {
      for (const name of maps.names()) guarded(() => maps.get(name).info);
      maps.get('stats').readAll();
      maps.get('tunables').lookup(new Uint8Array(4));
      return say('health.maps.ok', { count: maps.names().length });
    }),
  ];
}

function attempt(name: string, hint: string, run: () => string): HealthCheck {
  try {
    return { name, ok: true, message: run(), hint: null };
  } catch (error) {
    return { name, ok: false, message: error instanceof Error ? error.message : String(error), hint };
  }
}
