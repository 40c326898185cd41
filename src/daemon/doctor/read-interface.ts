import { execFileSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { openLink } from '../../dataplane/attach-xdp.ts';
import { pinOf } from '../../dataplane/pin-paths.ts';
import { BpfError, interfaceIndex, queryXdp, tryXdp } from '../../ebpf/index.ts';
import { interfaceNames } from '../interface-names.ts';
import type { InterfaceFacts } from './facts.ts';

interface Options {
  readonly pinPath: string;
  /** Attach an empty program for a moment, where nothing is attached. */
  readonly tryNative: boolean;
}

export function readInterface(name: string, { pinPath, tryNative }: Options): InterfaceFacts {
  const exists = interfaceNames().includes(name);
  const { up, mtu } = exists ? readLink(name) : { up: false, mtu: 0 };
  const features = exists ? ethtool('-k', name) : '';
  const attached = exists ? attachedTo(name, pinPath) : null;
  return {
    name,
    exists,
    up,
    mtu,
    driver: exists ? driverOf(name) : '',
    offloads: [...features.matchAll(/^([\w-]+): on\b/gm)].map(([, feature]) => feature!),
    channels: exists ? channelsOf(ethtool('-l', name)) : null,
    attached,
    refusal: tryNative && exists && attached === null ? refusalOf(name) : undefined,
  };
}

function driverOf(name: string): string {
  const told = /^driver: (\S+)/m.exec(ethtool('-i', name))?.[1];
  if (told !== undefined) return told;
  try {
    return basename(readlinkSync(`/sys/class/net/${name}/device/driver`));
  } catch {
    return '';
  }
}

/** The lines `Combined:` stand first for the most there can be, then for what is in use. */
function channelsOf(text: string): InterfaceFacts['channels'] {
  const [most, now] = [...text.matchAll(/^Combined:\s+(\d+)/gm)].map(([, count]) => Number(count));
  return most === undefined || now === undefined ? null : { most, now };
}

function attachedTo(name: string, pinPath: string): InterfaceFacts['attached'] {
  try {
    const found = queryXdp(interfaceIndex(name));
    if (found === undefined) return null;
    using link = openLink(pinOf.xdp(pinPath, name));
    const ours = link !== undefined && link.info().programId === found.programId;
    return { mode: found.mode, name: found.programName ?? '', id: found.programId, ours };
  } catch (error) {
    if (error instanceof BpfError) return null;
    throw error;
  }
}

function refusalOf(name: string): string | null | undefined {
  try {
    tryXdp(interfaceIndex(name), 'native');
    return null;
  } catch (error) {
    if (!(error instanceof BpfError)) throw error;
    return error.code === 'NOT_ROOT' ? undefined : (error.messages[0] ?? error.message);
  }
}

/** What `ip` says; sysfs would show another network namespace's. */
function readLink(name: string): { readonly up: boolean; readonly mtu: number } {
  const text = output('ip', ['-j', 'link', 'show', 'dev', name]);
  const [link] = text === '' ? [] : (JSON.parse(text) as { flags?: string[]; mtu?: number }[]);
  // Without `ip` nothing is known, and nothing is said.
  return { up: link?.flags?.includes('UP') ?? true, mtu: link?.mtu ?? 0 };
}

function ethtool(option: string, name: string): string {
  return output('ethtool', [option, name]);
}

/** Empty when the program is not installed, or has nothing to say. */
function output(program: string, args: readonly string[]): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return '';
  }
}
