import type { Config } from './config.ts';

/** Stands where a secret was. */
export const HIDDEN = 'hidden';

/** A configuration as those may see it who may look and change nothing: keys, credentials of URLs and settings of plugins are hidden. */
export function withoutSecrets(config: Config): Config {
  const { crowdsec, feeds, plugins } = config;
  return {
    ...config,
    crowdsec: {
      ...crowdsec,
      url: withoutCredentials(crowdsec.url),
      api_key: crowdsec.api_key === null ? null : HIDDEN,
    },
    feeds: { ...feeds, lists: feeds.lists.map((feed) => ({ ...feed, from: withoutCredentials(feed.from) })) },
    plugins: plugins.map((plugin) => ({
      ...plugin,
      config: Object.fromEntries(Object.keys(plugin.config).map((key) => [key, HIDDEN])),
    })),
  };
}

/** User, password and the values of the query are hidden; a path of this host stays as it is. */
export function withoutCredentials(from: string): string {
  if (!URL.canParse(from)) return from;
  const url = new URL(from);
  if (url.username === '' && url.password === '' && url.search === '') return from;
  if (url.username !== '') url.username = HIDDEN;
  if (url.password !== '') url.password = HIDDEN;
  for (const key of new Set(url.searchParams.keys())) url.searchParams.set(key, HIDDEN);
  return url.href;
}
