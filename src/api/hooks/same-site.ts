import { isIP } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { NetxfwError } from '../../model/errors.ts';
import { withoutZone } from './peer.ts';

/**
 * Refuses what a page of another site makes a browser send. A name that an attacker made to resolve to this host (DNS
 * rebinding) shows in Host, so only addresses, localhost and this host's own names are served; a page of another origin
 * shows in Origin and Sec-Fetch-Site.
 * @param names that this host has, in lower case; asked at each request; `*.example.org` stands for any first label
 */
export function requireSameSite(app: FastifyInstance, names: () => readonly string[]): void {
  app.addHook('onRequest', async (request) => {
    const { host = '', origin, 'sec-fetch-site': site } = request.headers;
    const name = hostName(host);
    if (!isIP(withoutZone(name)) && name !== 'localhost' && !names().some((own) => matches(own, name))) {
      throw new NetxfwError('FORBIDDEN', `${JSON.stringify(host.slice(0, 100))} is not a name of this host`, {
        hint: 'Use its address, localhost, its host name, or a name in the certificate of api.tls.',
      });
    }
    if ((origin !== undefined && origin !== originOf(request)) || site === 'cross-site') {
      throw new NetxfwError('FORBIDDEN', 'the request comes from a page of another site', {
        hint: 'Open the page at the address of netxfw itself.',
      });
    }
  });
}

function originOf({ protocol, headers }: FastifyRequest): string {
  const url = `${protocol}://${headers.host}`;
  return URL.canParse(url) ? new URL(url).origin : '';
}

/** A name, or a wildcard of one label as certificates have it (RFC 6125, section 6.4.3). */
function matches(own: string, name: string): boolean {
  return own === name || (own.startsWith('*.') && name.includes('.') && name.slice(name.indexOf('.')) === own.slice(1));
}

/** `[::1]:80` -> `::1`, `Example.org.:80` -> `example.org`. */
function hostName(host: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d*)?$/.exec(host);
  if (bracketed !== null) return bracketed[1]!;
  return host.replace(/:\d*$/, '').replace(/\.$/, '').toLowerCase();
}
