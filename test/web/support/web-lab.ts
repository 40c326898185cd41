import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { type ConfigInput, Instance } from '../../support/instance.ts';
import { FW4, Lab } from '../../support/lab.ts';
import type { Namespace } from '../../support/netns.ts';
import { runSync, until } from '../../support/process.ts';
import { Visitor, type VisitorOptions } from './visitor.ts';

const CHROMIUM = '/usr/bin/chromium';
/** In a namespace of its own every instance can have the usual port. */
const PORT = 11811;
export const BASE = `http://127.0.0.1:${PORT}`;
const REMOTE = { web: { listen: FW4, port: PORT }, api: { port: 0, insecure: true } };

export interface WebLabOptions {
  readonly config?: ConfigInput;
  /** The browser runs on the other host, and its packets go through the filter. */
  readonly remote?: boolean;
}

/** A real daemon between two hosts, and a browser on the firewall's host. */
export class WebLab {
  readonly lab: Lab;
  readonly nx: Instance;
  readonly browser: Browser;
  readonly admin: string;
  readonly reader: string;
  readonly #base: string;

  private constructor(
    lab: Lab,
    nx: Instance,
    browser: Browser,
    tokens: { admin: string; reader: string },
    base: string,
  ) {
    this.#base = base;
    this.lab = lab;
    this.nx = nx;
    this.browser = browser;
    this.admin = tokens.admin;
    this.reader = tokens.reader;
  }

  static async open({ config = {}, remote = false }: WebLabOptions = {}): Promise<WebLab> {
    const lab = Lab.create();
    const nx = new Instance(lab, 'web', { config: { ...config, ...(remote ? REMOTE : { web: { port: PORT } }) } });
    await nx.start();
    const token = async (name: string, role: string) =>
      (await nx.json<{ token: { token: string } }>(['token', 'create', name, '--role', role])).token.token;
    const tokens = { admin: await token('operator', 'admin'), reader: await token('viewer', 'read') };
    const host = remote ? FW4 : '127.0.0.1';
    await reachable(lab, host);
    // An address that is still being tried changes the network when it is done, and a browser then gives up all it loads.
    const tentative = ['ip', '-6', 'address', 'show', 'tentative'];
    await until('settled addresses', () =>
      [lab.fw, lab.peer].every((at) => at.runSync(tentative).stdout.trim() === ''),
    );
    const browser = await launch(lab, remote ? lab.peer : lab.fw);
    return new WebLab(lab, nx, browser, tokens, `http://${host}:${PORT}`);
  }

  /** Someone with a browser, logged in unless told otherwise. */
  async visit(options: Partial<VisitorOptions> & { readonly token?: string | null } = {}): Promise<Visitor> {
    const visitor = await Visitor.open(this.browser, { base: this.#base, ...options });
    const { token = this.admin } = options;
    if (token !== null) await visitor.logIn(token);
    return visitor;
  }

  /** Ends the daemon and starts it again. */
  async restart(): Promise<void> {
    await this.nx.stop();
    await this.nx.start();
    await reachable(this.lab, new URL(this.#base).hostname);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.nx.stop();
    this.lab.dispose();
  }
}

/** The socket of a daemon answers a moment before its ports do. */
async function reachable(lab: Lab, host: string): Promise<void> {
  await until('the web UI', () => lab.fw.runSync(['bash', '-c', `</dev/tcp/${host}/${PORT}`]).status === 0);
}

/** Chromium in a namespace: its own sandbox cannot be set up by root. */
async function launch(lab: Lab, at: Namespace): Promise<Browser> {
  if (runSync(['test', '-x', CHROMIUM]).status !== 0) throw new Error(`${CHROMIUM} is missing: scripts/setup.sh test`);
  const wrapper = join(lab.directory, 'chromium');
  writeFileSync(wrapper, `#!/bin/sh\nexec nsenter --net=/run/netns/${at.name} ${CHROMIUM} "$@"\n`);
  chmodSync(wrapper, 0o755);
  return chromium.launch({ executablePath: wrapper, args: ['--no-sandbox', '--disable-gpu'] });
}
