import { Agent, type RequestOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { NetxfwError } from '../model/errors.ts';

/** How the other side proves who it is; without any, by a certificate that this system trusts. */
export interface Trust {
  /** PEM of the certificate, or of the authority that signed it. */
  readonly ca?: string;
  /** SHA-256 fingerprint of the very certificate, in hexadecimal, with or without colons: nothing else is asked then. */
  readonly fingerprint?: string;
}

/** Connections over TLS. */
export function tlsAgent({ ca, fingerprint }: Trust): Agent {
  if (fingerprint === undefined) return new Agent({ keepAlive: true, ...(ca === undefined ? {} : { ca }) });
  return new PinningAgent(normal(fingerprint));
}

/** Hands a connection out, and with it the token, only after the certificate has proved to be the expected one. */
class PinningAgent extends Agent {
  readonly #fingerprint: string;

  constructor(fingerprint: string) {
    super({ keepAlive: true });
    this.#fingerprint = fingerprint;
  }

  override createConnection(
    options: RequestOptions,
    done?: (error: Error | null, socket: Duplex) => void,
  ): Duplex | null | undefined {
    const socket = connectTls({ ...(options as ConnectionOptions), rejectUnauthorized: false });
    const fail = (error: Error) => {
      socket.destroy();
      done?.(error, socket);
    };
    socket.once('error', fail);
    socket.once('secureConnect', () => {
      socket.off('error', fail);
      const found = normal(socket.getPeerCertificate().fingerprint256 ?? '');
      if (found === this.#fingerprint) done?.(null, socket);
      else fail(new NetxfwError('DAEMON_UNREACHABLE', `the certificate has another fingerprint: ${found}`));
    });
    // The agent waits for `done`.
    return undefined;
  }
}

function normal(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toLowerCase();
}
