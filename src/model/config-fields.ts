import * as z from 'zod';
import { parseDuration } from './durations.ts';
import { parsePorts } from './ports.ts';
import { parsePrefix } from './prefixes.ts';
import { parseProtocol } from './protocols.ts';

/**
 * The kinds of values in config.yaml. Each says in its message what is allowed, because the reader of the message sees the
 * key and its line but not this file. Values keep the form in which they are written, so that a configuration survives
 * the way to JSON and back.
 */

export const flag = (value: boolean) => z.boolean({ error: 'must be true or false' }).default(value);

export function integer(from: number, to: number) {
  const error = `must be a whole number from ${from} to ${to}`;
  return z.int({ error }).min(from, { error }).max(to, { error });
}

export function choice<const T extends readonly string[]>(values: T) {
  const names = [values.slice(0, -1).join(', '), values.at(-1)].filter((part) => part !== '').join(' or ');
  return z.enum(values, { error: `must be ${names}` });
}

function checked(error: string, parse: (text: string) => unknown) {
  return z.string({ error }).refine((text) => accepts(parse, text), { error });
}

function accepts<T>(parse: (value: T) => unknown, value: T): boolean {
  try {
    parse(value);
    return true;
  } catch {
    return false;
  }
}

export const duration = checked('must be a duration such as 30s, 10m, 1h or 7d', parseDuration);

export const prefix = checked('must be an address or network such as 192.0.2.1 or 2001:db8::/32', parsePrefix);

export const listenAddress = checked('must be an IP address such as 127.0.0.1 or ::1', (text) => {
  if (text.includes('/')) throw new RangeError('a network');
  parsePrefix(text);
});

/** 0 lets the kernel choose a free port, which the program prints. */
export const listenPort = integer(0, 65535);

export const port = integer(1, 65535);

export const ports = z
  .union([z.number(), z.string()], { error: 'must be a port such as 80, 443/tcp, 8080-8090 or 53/udp' })
  .refine((value) => accepts(parsePorts, value), { error: 'must be a port such as 80, 443/tcp, 8080-8090 or 53/udp' });

export const protocol = z
  .union([z.number(), z.string()], { error: 'must be an IP protocol: a number from 0 to 255 or a name such as gre' })
  .refine((value) => accepts(parseProtocol, value), {
    error: 'must be an IP protocol: a number from 0 to 255 or a name such as gre',
  });

export const absolutePath = z
  .string({ error: 'must be an absolute path' })
  .regex(/^\/[^\0]*$/, { error: 'must be an absolute path' });

/** IFNAMSIZ is 16 with the terminating NUL; the kernel refuses slashes, colons and white space. */
export const interfaceName = z
  .string({ error: 'must be an interface name such as eth0' })
  .regex(/^(?!\.{1,2}$)[^\s/:]{1,15}$/, { error: 'must be an interface name such as eth0' });

export const text = z.string({ error: 'must be text' });

export const list = <T extends z.ZodType>(item: T) => z.array(item, { error: 'must be a list' }).default([]);

/** A section: unknown keys are errors, and leaving it out means its defaults. */
export function section<T extends z.ZodRawShape>(shape: T) {
  return z.strictObject(shape, { error: (issue) => (issue.code === 'invalid_type' ? 'must be a section' : undefined) });
}
