import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const DIRECTORY = '/etc/ssh';
const DEFAULT_PORT = 22;

/**
 * The ports that this host's ssh server listens on, by its configuration, and the one through which this process was
 * reached. Reading files costs a command far less than searching all processes for sockets.
 */
export function sshPorts(directory = DIRECTORY, env: NodeJS.ProcessEnv = process.env): readonly number[] {
  const configured = configFiles(directory).flatMap((file) => portsIn(textOf(file)));
  const own = Number(env.SSH_CONNECTION?.split(' ')[3]);
  const ports = [...(configured.length > 0 ? configured : [DEFAULT_PORT]), ...(isPort(own) ? [own] : [])];
  return [...new Set(ports)];
}

/** `Port 2222`, `ListenAddress 192.0.2.1:2222`, `ListenAddress [2001:db8::1]:2222` */
function portsIn(text: string): number[] {
  return [...text.matchAll(/^\s*(?:Port\s+|ListenAddress\s+(?:\[[^\]]*\]|[^\s:]+):)(\d+)/gim)]
    .map(([, port]) => Number(port))
    .filter(isPort);
}

function configFiles(directory: string): string[] {
  const main = join(directory, 'sshd_config');
  try {
    const more = readdirSync(`${main}.d`).filter((name) => name.endsWith('.conf'));
    return [main, ...more.map((name) => join(`${main}.d`, name))];
  } catch {
    return [main];
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

const isPort = (port: number): boolean => Number.isInteger(port) && port >= 1 && port <= 65535;
