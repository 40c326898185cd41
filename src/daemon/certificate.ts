import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { Config } from '../model/config.ts';
import { NetxfwError } from '../model/errors.ts';

/** The certificate of api.tls with its chain, and its key, as PEM. */
export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** DNS names it is made out to, in lower case. */
  readonly names: readonly string[];
}

/** @throws NetxfwError FILE_UNREADABLE, CONFIG_INVALID naming the key of config.yaml */
export function readCertificate({ cert, key }: NonNullable<Config['api']['tls']>): Certificate {
  const pair = { cert: readPem(cert, 'api.tls.cert'), key: readPem(key, 'api.tls.key') };
  try {
    createSecureContext(pair);
    return { ...pair, names: dnsNames(pair.cert) };
  } catch (error) {
    const why = (error as Error).message;
    throw new NetxfwError('CONFIG_INVALID', `api.tls: ${cert} and ${key} cannot be used: ${why}`, {
      hint: 'Give a certificate, with its chain, and the key that belongs to it, both as PEM.',
      cause: error,
    });
  }
}

function readPem(path: string, key: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new NetxfwError('FILE_UNREADABLE', `${key}: ${path} cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function dnsNames(cert: Buffer): string[] {
  const { subjectAltName = '' } = new X509Certificate(cert);
  return [...subjectAltName.matchAll(/DNS:([^,\s]+)/g)].map(([, name]) => name!.toLowerCase());
}
