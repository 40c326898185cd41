import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { openLink } from '../../dataplane/attach-xdp.ts';
import { pinOf } from '../../dataplane/pin-paths.ts';
import { BpfError, interfaceIndex, queryXdp, tryXdp } from '../../ebpf/index.ts';
import type { InterfaceFacts } from './facts.ts';

interface Options {
  readonly pinPath: string;
  /** Attach an empty program for a moment, where nothing is attached. */
  readonly tryNative: boolean;
}

export function readInterface(name: string, { pinPath, tryNative }: Options): InterfaceFacts {
  const directory = `/sys/class/net/${name}`;
  const exists = existsSync(directory);
  const features = exists ? ethtool('-k', name) : '';
  const attached = exists ? attachedTo(name, pinPath) : null;
  return {
    name,
    exists,
    up: (Number(read(`${directory}/flags`)) & 1) === 1,
    mtu: Number(read(`${directory}/mtu`)),
    driver: exists ? driverOf(name, directory) : '',
    offloads: [...features.matchAll(/^([\w-]+): on\b/gm)].map(([, feature]) => feature!),
    channels: exists ? channelsOf(ethtool('-l', name)) : null,
    attached,
    refusal: tryNative && exists && attached === null ? refusalOf(name) : undefined,
  };
}

function driverOf(name: string, directory: string): string {
  const told = /^driver: (\S+)/m.exec(ethtool('-i', name))?.[1];
  if (told !== undefined) return told;
  try {
    return basename(readlinkSync(`${directory}/device/driver`));
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

function ethtool(option: string, name: string): string {
  try {
    return execFileSync('ethtool', [option, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    // Not installed, or the driver has nothing to say.
    return '';
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}
