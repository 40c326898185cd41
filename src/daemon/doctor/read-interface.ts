import { readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { openLink } from '../../dataplane/attach-xdp.ts';
import { pinOf } from '../../dataplane/pin-paths.ts';
import { BpfError, interfaceIndex, queryXdp, tryXdp } from '../../ebpf/index.ts';
import { interfaceNames } from '../interface-names.ts';
import type { InterfaceFacts } from './facts.ts';
import { outputOf } from './output-of.ts';

interface Options {
  readonly pinPath: string;
  /** Attach an empty program for a moment, where nothing is attached. */
  readonly tryNative: boolean;
}

export async function readInterface(name: string, { pinPath, tryNative }: Options): Promise<InterfaceFacts> {
  if (!interfaceNames().includes(name)) {
    const nothing = { up: false, mtu: 0, driver: '', offloads: [], channels: null, attached: null, refusal: undefined };
    return { name, exists: false, ...nothing };
  }
  const [link, driver, features, channels] = await Promise.all([
    readLink(name),
    ethtool('-i', name),
    ethtool('-k', name),
    ethtool('-l', name),
  ]);
  const attached = attachedTo(name, pinPath);
  return {
    name,
    exists: true,
    ...link,
    driver: driverOf(name, driver),
    offloads: [...features.matchAll(/^([\w-]+): on\b/gm)].map(([, feature]) => feature!),
    channels: channelsOf(channels),
    attached,
    refusal: tryNative && attached === null ? refusalOf(name) : undefined,
  };
}

function driverOf(name: string, text: string): string {
  const told = /^driver: (\S+)/m.exec(text)?.[1];
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
async function readLink(name: string): Promise<{ readonly up: boolean; readonly mtu: number }> {
  const text = await outputOf('ip', ['-j', 'link', 'show', 'dev', name]);
  const [link] = text === null ? [] : (JSON.parse(text) as { flags?: string[]; mtu?: number }[]);
  // Without `ip` nothing is known, and nothing is said.
  return { up: link?.flags?.includes('UP') ?? true, mtu: link?.mtu ?? 0 };
}

/** Empty when it is not installed, or knows nothing. */
async function ethtool(option: string, name: string): Promise<string> {
  return (await outputOf('ethtool', [option, name])) ?? '';
}
