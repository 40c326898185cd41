import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Namespace } from './netns.ts';
import { type Background, mustSync, until } from './process.ts';

const CACHE = join(import.meta.dirname, '../../node_modules/.cache/netxfw/crowdsec');

/** Debian's crowdsec, unpacked and not installed: installing it would set up a service that talks to others. */
function binaries(): { readonly crowdsec: string; readonly cscli: string } {
  if (!existsSync(join(CACHE, 'usr/bin/crowdsec'))) {
    mkdirSync(join(CACHE, '..'), { recursive: true });
    const directory = mkdtempSync(`${CACHE}-`);
    mustSync(['sh', '-c', `cd ${directory} && apt-get download -qq -o APT::Sandbox::User=root crowdsec`]);
    const file = readdirSync(directory).find((name) => name.endsWith('.deb'))!;
    mustSync(['dpkg-deb', '-x', join(directory, file), directory]);
    rmSync(join(directory, file));
    rmSync(CACHE, { recursive: true, force: true });
    renameSync(directory, CACHE);
  }
  return { crowdsec: join(CACHE, 'usr/bin/crowdsec'), cscli: join(CACHE, 'usr/bin/cscli') };
}

const URL = 'http://127.0.0.1:8080';

/** A local API of CrowdSec in a network namespace, with a database of its own and without the central one. */
export class LocalApi {
  readonly key = 'a-key-for-tests';
  readonly #at: Namespace;
  readonly #config: string;
  readonly #binaries = binaries();
  #server: Background | undefined;

  constructor(at: Namespace, directory: string) {
    this.#at = at;
    this.#config = join(directory, 'config.yaml');
    const path = (name: string) => join(directory, name);
    mkdirSync(path('hub'), { recursive: true });
    mkdirSync(path('data'), { recursive: true });
    writeFileSync(path('hub/.index.json'), '{}');
    writeFileSync(path('simulation.yaml'), 'simulation: false\n');
    writeFileSync(
      path('profiles.yaml'),
      'name: ban\nfilters: [Alert.Remediation == true]\ndecisions: [{type: ban, duration: 4h}]\n',
    );
    writeFileSync(path('credentials.yaml'), '');
    writeFileSync(
      this.#config,
      `common: { daemonize: false, log_media: stdout, log_level: info }
config_paths:
  { config_dir: ${directory}, data_dir: ${path('data')}, simulation_path: ${path('simulation.yaml')}, hub_dir: ${path('hub')},
    index_path: ${path('hub/.index.json')}, notification_dir: ${directory}, plugin_dir: ${directory} }
cscli: { output: human }
db_config: { type: sqlite, db_path: ${path('data/crowdsec.db')}, use_wal: true }
api:
  client: { credentials_path: ${path('credentials.yaml')} }
  server: { listen_uri: "127.0.0.1:8080", profiles_path: ${path('profiles.yaml')} }
`,
    );
    this.cscliSync('machines', 'add', 'm1', '--password', 'secret', '-f', path('credentials.yaml'), '-u', URL);
    this.cscliSync('bouncers', 'add', 'netxfw', '-k', this.key);
  }

  cscliSync(...args: string[]): string {
    return mustSync([this.#binaries.cscli, '-c', this.#config, ...args], { netns: this.#at.name });
  }

  cscli(...args: string[]): Promise<string> {
    return this.#at.must([this.#binaries.cscli, '-c', this.#config, ...args]);
  }

  async start(): Promise<void> {
    const server = this.#at.start([this.#binaries.crowdsec, '-no-cs', '-c', this.#config]);
    this.#server = server;
    await until('the local API to answer', async () => {
      if (server.status !== undefined) throw new Error(`crowdsec ended: ${server.stdout}${server.stderr}`);
      return (await this.#at.run(['ss', '-Htln', 'sport = :8080'])).stdout !== '';
    });
  }

  async stop(): Promise<void> {
    await this.#server?.stop('SIGKILL');
  }
}
