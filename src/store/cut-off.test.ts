import { expect, it } from 'vitest';
import { refuseCutOff } from './cut-off.ts';

const APPLIED = '# mine\nbase:\n  default_deny: true\nmode: monitor\n';

it.each([
  ['nothing', '', true],
  ['zeros', '\0\0\0', true],
  ['the beginning of a line', APPLIED.slice(0, 20), true],
  ['all but the last letter', APPLIED.slice(0, -2), true],
  ['all but the end of the last line', APPLIED.slice(0, -1), false],
  ['fewer whole lines', '# mine\nbase:\n  default_deny: true\n', false],
  ['fewer whole lines without the end of the last one', '# mine\nbase:\n  default_deny: true', false],
  ['something else', 'mode: mon', false],
  ['nothing on purpose', '# all defaults\n', false],
  ['the same', APPLIED, false],
])('of the text in force: %s', (_, text, refused) => {
  const check = () => refuseCutOff(text, APPLIED, '/etc/c.yaml');
  if (refused) expect(check).toThrowError(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  else expect(check).not.toThrow();
});

it('takes anything while nobody knows what was in force', () => {
  for (const applied of [null, undefined]) refuseCutOff('', applied, '/etc/c.yaml');
  refuseCutOff(null, APPLIED, '/etc/c.yaml');
  refuseCutOff('', ' \n', '/etc/c.yaml');
});
