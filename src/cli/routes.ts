import type { Command } from './command.ts';
import type { SwitchName } from './security.ts';

/** A command's place in the table. Its module is loaded only when it runs, or when help needs its texts. */
export interface Route {
  /** `rule import` */
  readonly path: string;
  /** Other paths to the same command. */
  readonly aliases?: readonly string[];
  load(): Promise<Command>;
}

interface CommandModule {
  readonly default: Command;
}

function route(path: string, load: () => Promise<CommandModule>, ...aliases: string[]): Route {
  return { path, aliases, load: async () => (await load()).default };
}

/** The switches of `netxfw security`; their texts are in security.ts, which only they load. */
const SWITCH_NAMES: readonly SwitchName[] = [
  'default-deny',
  'fragments',
  'strict-tcp',
  'bogon',
  'anti-spoof',
  'syn-limit',
  'icmp',
  'auto-block',
  'auto-block-expiry',
  'monitor',
];

function securityRoute(name: SwitchName): Route {
  let made: Promise<Command> | undefined;
  const load = () => {
    made ??= import('./commands/security/switch.ts').then(({ switchCommand }) => switchCommand(name));
    return made;
  };
  return { path: `security ${name}`, aliases: [], load };
}

/** Every command, in the order of the help. */
export const ROUTES: readonly Route[] = [
  route('status', () => import('./commands/system/status.ts')),
  route('allow', () => import('./commands/rule/allow.ts')),
  route('deny', () => import('./commands/rule/deny.ts'), 'block'),
  route('unblock', () => import('./commands/rule/unblock.ts')),
  route('del', () => import('./commands/rule/del.ts'), 'delete', 'remove'),
  route('list', () => import('./commands/rule/list.ts')),
  route('explain', () => import('./commands/explain/explain.ts')),
  route('match', () => import('./commands/rule/match.ts')),
  route('stats', () => import('./commands/stats/show.ts')),
  route('enable', () => import('./commands/system/on.ts')),
  route('disable', () => import('./commands/system/off.ts')),
  route('reload', () => import('./commands/config/reload.ts')),
  route('confirm', () => import('./commands/config/confirm.ts')),
  route('init', () => import('./commands/system/init.ts')),
  route('test', () => import('./commands/system/test.ts')),
  route('web', () => import('./commands/system/web.ts')),
  route('reset', () => import('./commands/system/reset.ts')),
  route('allow add', () => import('./commands/rule/allow.ts')),
  route('allow del', () => import('./commands/allow/del.ts'), 'allow delete', 'allow remove'),
  route('allow list', () => import('./commands/allow/list.ts')),
  route('allow port list', () => import('./commands/allow/ports.ts')),
  route('deny add', () => import('./commands/rule/deny.ts')),
  route('deny del', () => import('./commands/deny/del.ts'), 'deny delete', 'deny remove'),
  route('deny list', () => import('./commands/deny/list.ts')),
  route('deny port list', () => import('./commands/deny/ports.ts')),
  route('rule add', () => import('./commands/rule/add.ts')),
  route('rule del', () => import('./commands/rule/del.ts'), 'rule delete', 'rule remove'),
  route('rule list', () => import('./commands/rule/list.ts')),
  route('rule clear', () => import('./commands/rule/clear.ts')),
  route('rule import', () => import('./commands/rule/import.ts')),
  route('rule export', () => import('./commands/rule/export.ts')),
  route('dynamic add', () => import('./commands/dynamic/add.ts'), 'dyn add'),
  route(
    'dynamic del',
    () => import('./commands/dynamic/del.ts'),
    'dynamic delete',
    'dynamic remove',
    'dyn del',
    'dyn delete',
    'dyn remove',
  ),
  route('dynamic list', () => import('./commands/dynamic/list.ts'), 'dyn list'),
  route('dynamic clear', () => import('./commands/dynamic/clear.ts'), 'dyn clear'),
  route('limit add', () => import('./commands/limit/add.ts')),
  route('limit del', () => import('./commands/limit/del.ts'), 'limit delete', 'limit remove'),
  route('limit list', () => import('./commands/limit/list.ts')),
  route('port add', () => import('./commands/port/add.ts'), 'port open'),
  route('port del', () => import('./commands/port/del.ts'), 'port delete', 'port remove', 'port close'),
  route('port list', () => import('./commands/port/list.ts')),
  route('port suggest', () => import('./commands/port/suggest.ts')),
  route('security', () => import('./commands/security/show.ts')),
  ...SWITCH_NAMES.map(securityRoute),
  route('conntrack list', () => import('./commands/conntrack/list.ts')),
  route('conntrack count', () => import('./commands/conntrack/count.ts')),
  route('conntrack flush', () => import('./commands/conntrack/flush.ts')),
  route('perf show', () => import('./commands/perf/show.ts')),
  route('perf latency', () => import('./commands/perf/latency.ts')),
  route('perf cache', () => import('./commands/perf/cache.ts')),
  route('perf traffic', () => import('./commands/perf/traffic.ts')),
  route('perf reset', () => import('./commands/perf/reset.ts')),
  route('events tail', () => import('./commands/events/tail.ts')),
  route('events top', () => import('./commands/events/top.ts')),
  route('source add', () => import('./commands/source/add.ts')),
  route('source del', () => import('./commands/source/del.ts'), 'source delete', 'source remove'),
  route('source list', () => import('./commands/source/list.ts')),
  route('source clear', () => import('./commands/source/clear.ts')),
  route('log test', () => import('./commands/log/test.ts')),
  route('feeds list', () => import('./commands/feeds/list.ts')),
  route('feeds refresh', () => import('./commands/feeds/refresh.ts')),
  route('feeds overlap', () => import('./commands/feeds/overlap.ts')),
  route('plugin build', () => import('./commands/plugin/build.ts')),
  route('plugin load', () => import('./commands/plugin/load.ts')),
  route('plugin remove', () => import('./commands/plugin/remove.ts'), 'plugin del', 'plugin delete', 'plugin unload'),
  route('plugin list', () => import('./commands/plugin/list.ts')),
  route('system load', () => import('./commands/system/load.ts')),
  route('system on', () => import('./commands/system/on.ts')),
  route('system off', () => import('./commands/system/off.ts')),
  route('system unload', () => import('./commands/system/unload.ts')),
  route('system daemon', () => import('./commands/system/daemon.ts')),
  route('system init', () => import('./commands/system/init.ts')),
  route('system test', () => import('./commands/system/test.ts')),
  route('system audit', () => import('./commands/system/audit.ts')),
  route('system doctor', () => import('./commands/system/doctor.ts')),
  route('system reload', () => import('./commands/config/reload.ts')),
  route('system sync to-config', () => import('./commands/system/sync-to-config.ts')),
  route('system sync to-map', () => import('./commands/system/sync-to-map.ts')),
  route('system status', () => import('./commands/system/status.ts')),
  route('agent run', () => import('./commands/system/daemon.ts')),
  route('agent status', () => import('./commands/system/status.ts')),
  route('token create', () => import('./commands/token/create.ts'), 'token add'),
  route('token list', () => import('./commands/token/list.ts')),
  route('token remove', () => import('./commands/token/remove.ts'), 'token del', 'token delete'),
  route('version', () => import('./commands/system/version.ts')),
  route('completion', () => import('./commands/system/completion.ts')),
  route('help', () => import('./commands/system/help.ts')),
];

/** First words that stand for several commands. */
export const GROUPS: Readonly<Record<string, string>> = {
  allow: 'sources that always pass',
  deny: 'sources that are dropped',
  rule: 'the allow and deny lists',
  dynamic: 'short-lived blocks (also: dyn)',
  limit: 'rate limits of sources',
  port: 'ports that are open under default deny',
  security: 'the switches of the filter',
  conntrack: 'tracked connections',
  perf: 'measurements',
  events: 'reported packets',
  plugin: 'packet plugins in the kernel',
  source: 'entries that programs own, such as feeds and bans',
  log: 'rules that read logs',
  feeds: 'lists that others keep',
  system: 'the filter and its daemon',
  agent: 'the daemon by its other name',
  token: 'tokens for the API and the web UI',
};

/** Other names of groups. */
export const GROUP_ALIASES: Readonly<Record<string, string>> = { dyn: 'dynamic' };

/** Words of the longest path. */
const LONGEST = 3;

/** The group's own name; undefined when the word names none. */
export function groupOf(word: string): string | undefined {
  const name = GROUP_ALIASES[word] ?? word;
  return Object.hasOwn(GROUPS, name) ? name : undefined;
}

/** The commands whose paths go on after these words. */
export function routesOf(words: string): readonly Route[] {
  return ROUTES.filter(({ path }) => path.startsWith(`${words} `));
}

/** The words that may follow these ones, by the paths of commands. */
export function nextWords(words: string): readonly string[] {
  const at = words.split(' ').length;
  return [...new Set(routesOf(words).map(({ path }) => path.split(' ')[at]!))];
}

/** The route that the longest run of leading words names, and how many words that took. */
export function findRoute(words: readonly string[]): { readonly route: Route; readonly used: number } | undefined {
  for (let used = Math.min(LONGEST, words.length); used > 0; used--) {
    const path = words.slice(0, used).join(' ');
    const route = ROUTES.find((candidate) => candidate.path === path || candidate.aliases?.includes(path));
    if (route !== undefined) return { route, used };
  }
  return undefined;
}
