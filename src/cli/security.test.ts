import { expect, it } from 'vitest';
import { defaultConfig } from '../model/config.ts';
import { allKeys } from '../model/config-keys.ts';
import { ROUTES } from './routes.ts';
import { type SecuritySwitch, SWITCHES, settingOf, stateOf } from './security.ts';

it('has a command for each switch', () => {
  const routes = ROUTES.filter(({ path }) => path.startsWith('security ')).map(({ path }) => path.split(' ')[1]);
  expect(routes).toEqual(SWITCHES.map(({ name }) => name));
});

it.each(SWITCHES as readonly SecuritySwitch[])('$name names keys of config.yaml and their values', (spec) => {
  for (const key of [spec.key, ...Object.values(spec.budget ?? {})]) expect(allKeys()).toContain(key);
  const state = stateOf(spec, defaultConfig());
  expect(settingOf(spec, state.value)).toBe(
    spec.key.split('.').reduce<unknown>((section, part) => (section as Record<string, unknown>)[part], defaultConfig()),
  );
  expect(() => settingOf(spec, 'nonsense')).toThrow(/nonsense/);
});
