import { readFileSync } from 'node:fs';
import { type CrowdsecConfig, crowdsecSchema } from '../../model/config-crowdsec.ts';
import { parseDuration } from '../../model/durations.ts';
import { NetxfwError } from '../../model/errors.ts';
import { parsePrefix } from '../../model/prefixes.ts';
import { SOURCE_NAME, type SourceEntry } from '../../model/sources.ts';
import { definePlugin, type PluginContext } from '../define.ts';
import { ProtectedAddresses } from '../protected.ts';
import { asked, wholeText } from '../web.ts';
import { type DecisionStream, Decisions, streamSchema } from './decisions.ts';

const TIMEOUT = 30_000;
/** Bytes of an answer: some hundred thousand decisions. */
const MAX_ANSWER = 128 * 2 ** 20;
const LIST = 'deny' as const;
const KIND = 'crowdsec:';

type BouncerContext = Pick<PluginContext<unknown>, 'sdk' | 'log' | 'health' | 'signal'>;

/** Makes the deny list follow the decisions of a CrowdSec local API: each origin is a source of its own. */
export class Bouncer {
  readonly #config: CrowdsecConfig;
  readonly #context: BouncerContext;
  readonly #protect: ProtectedAddresses;
  readonly #decisions = new Decisions();
  readonly #key: string;
  #synchronised = false;
  #spared = 0;
  #timer: NodeJS.Timeout | undefined;
  #work: Promise<void> = Promise.resolve();
  #problem: string | undefined;

  /** @throws NetxfwError CONFIG_INVALID without a key */
  constructor(config: CrowdsecConfig, context: BouncerContext, protect = new ProtectedAddresses()) {
    this.#config = config;
    this.#context = context;
    this.#protect = protect;
    this.#key = keyOf(config);
  }

  start(): void {
    this.#work = this.pull().finally(() => {
      if (this.#context.signal.aborted) return;
      this.#timer = setTimeout(() => this.start(), parseDuration(this.#config.interval) * 1000);
    });
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#work;
  }

  /** Asks once, and applies the answer. After any failure the next question is for everything. */
  async pull(): Promise<void> {
    const { health, log } = this.#context;
    try {
      const stream = await this.#ask(!this.#synchronised);
      if (this.#synchronised) await this.#applyDifference(stream);
      else await this.#applyAll(stream);
      this.#synchronised = true;
      this.#problem = undefined;
      const spared = this.#spared === 0 ? '' : `; ${this.#spared} not applied, because this host needs them`;
      health(true, `${this.#decisions.size} decisions${spared}`);
    } catch (error) {
      this.#synchronised = false;
      const { message } = NetxfwError.from(error);
      if (this.#context.signal.aborted) return;
      if (message !== this.#problem) log.warn(message);
      this.#problem = message;
      health(false, `${message}; blocks stay until they end`);
    }
  }

  async #ask(startup: boolean): Promise<DecisionStream> {
    const { url, headers: credentials, shown } = asked(this.#config.url);
    // Every decision, not only one for each address: which one ends first is not known yet.
    const target = `${url.replace(/\/+$/, '')}/v1/decisions/stream?startup=${startup}&dedup=false`;
    const signal = AbortSignal.any([this.#context.signal, AbortSignal.timeout(TIMEOUT)]);
    const headers = { ...credentials, 'x-api-key': this.#key, 'user-agent': 'netxfw-bouncer/v1' };
    const failure = (error: Error) => {
      const why = error.cause instanceof Error ? error.cause.message : error.message;
      return new NetxfwError('DAEMON_UNREACHABLE', `CrowdSec at ${shown} does not answer: ${why}`, { cause: error });
    };
    // The key is for this address and no other.
    const response = await fetch(target, { headers, signal, redirect: 'error' }).catch((error: Error) => {
      throw failure(error);
    });
    if (response.status !== 200) await response.body?.cancel();
    if (response.status === 403) throw new NetxfwError('FORBIDDEN', `CrowdSec at ${shown} refuses the key`);
    if (!response.ok) throw new NetxfwError('DAEMON_UNREACHABLE', `CrowdSec at ${shown} answers ${response.status}`);
    const body = (response.body ?? []) as unknown as AsyncIterable<Uint8Array>;
    const tooMuch = () =>
      new NetxfwError('PAYLOAD_TOO_LARGE', `CrowdSec at ${shown} answers with more than ${MAX_ANSWER / 2 ** 20} MiB`);
    const text = await wholeText(body, MAX_ANSWER, tooMuch).catch((error: Error) => {
      throw error instanceof NetxfwError ? error : failure(error);
    });
    const parsed = streamSchema.safeParse(parsedJson(text));
    if (!parsed.success) throw new NetxfwError('DAEMON_UNREACHABLE', `what answers at ${shown} is not CrowdSec`);
    return parsed.data;
  }

  async #applyAll(stream: DecisionStream): Promise<void> {
    const now = Date.now();
    const { rules } = this.#context.sdk;
    this.#spared = 0;
    this.#decisions.clear();
    this.#decisions.apply({ new: stream.new, deleted: null }, now);
    const wanted = this.#decisions.all(now);
    for (const [origin, entries] of wanted) {
      await rules.replaceSource({ source: sourceOf(origin), list: LIST, data: this.#allowed(entries) });
    }
    const known = new Set([...wanted.keys()].map(sourceOf));
    for (const { source, list } of await rules.sources()) {
      if (source.startsWith(KIND) && !known.has(source)) await rules.replaceSource({ source, list, data: [] });
    }
    this.#context.log.info('decisions taken over', { decisions: this.#decisions.size, origins: wanted.size });
  }

  async #applyDifference(stream: DecisionStream): Promise<void> {
    for (const { origin, add, remove } of this.#decisions.apply(stream, Date.now())) {
      const update = { source: sourceOf(origin), list: LIST, add: this.#allowed(add), remove };
      await this.#context.sdk.rules.updateSource(update);
    }
  }

  /** A decision about this host itself, its gateway or name servers would cut it off. */
  #allowed(entries: readonly SourceEntry[]): SourceEntry[] {
    return entries.filter(({ prefix }) => {
      const network = parsePrefix(prefix).prefix;
      const spared = this.#protect.inside(network) || this.#protect.reason(network) !== undefined;
      if (spared) this.#spared++;
      return !spared;
    });
  }
}

/** undefined when it is none, which is no answer of CrowdSec. */
function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `lists:firehol` -> `crowdsec:lists:firehol` */
function sourceOf(origin: string): string {
  const source = `${KIND}${origin.replace(/[^A-Za-z0-9._:/@-]/g, '-').slice(0, 64)}`;
  return SOURCE_NAME.test(source) ? source : `${KIND}unnamed`;
}

function keyOf({ api_key, api_key_file }: CrowdsecConfig): string {
  if (api_key !== null) return api_key;
  if (api_key_file === null) {
    throw new NetxfwError('CONFIG_INVALID', 'crowdsec needs api_key or api_key_file', {
      hint: 'Get a key with: cscli bouncers add netxfw',
    });
  }
  try {
    return readFileSync(api_key_file, 'utf8').trim();
  } catch (error) {
    throw new NetxfwError('CONFIG_INVALID', `${api_key_file} cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

export default definePlugin<CrowdsecConfig>({
  name: 'crowdsec',
  schema: crowdsecSchema,
  setup(context) {
    const bouncer = new Bouncer(context.config, context);
    bouncer.start();
    return { stop: () => bouncer.stop() };
  },
});
