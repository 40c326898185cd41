import { expect, it } from 'vitest';
import { ConfigSchema, defaultConfig } from './config.ts';
import { withoutSecrets } from './config-secrets.ts';

it('hides keys, credentials of URLs and settings of plugins, and is a configuration still', () => {
  const config = ConfigSchema.parse({
    crowdsec: { api_key: 'S3cret', url: 'http://me:S3cret@127.0.0.1:8080' },
    feeds: { lists: [{ name: 'bad', from: 'https://lists.example/bad.txt?token=S3cret' }] },
    plugins: [{ module: './chat.ts', config: { webhook: 'https://chat.example/S3cret', deep: { key: 'S3cret' } } }],
  });
  const seen = withoutSecrets(config);
  expect(JSON.stringify(seen)).not.toContain('S3cret');
  expect(seen.feeds.lists[0]!.from).toBe('https://lists.example/bad.txt?token=hidden');
  expect(Object.keys(seen.plugins[0]!.config)).toEqual(['webhook', 'deep']);
  expect(ConfigSchema.parse(seen)).toEqual(seen);
});

it('leaves a configuration without secrets as it is', () => {
  const config = ConfigSchema.parse({ feeds: { lists: [{ name: 'bad', from: '/etc/bad.txt' }] } });
  expect(withoutSecrets(config)).toEqual(config);
  expect(withoutSecrets(defaultConfig())).toEqual(defaultConfig());
});
