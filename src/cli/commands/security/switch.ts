import { CHANGE_OPTIONS, change } from '../../change.ts';
import { type Command, command } from '../../command.ts';
import type { SecurityDocument } from '../../documents.ts';
import { wholeNumber } from '../../input.ts';
import { printReload } from '../../output/reload.ts';
import { describeSwitch } from '../../output/security.ts';
import { type SecuritySwitch, SWITCHES, type SwitchName, settingOf, stateOf } from '../../security.ts';

const BUDGET_OPTIONS = {
  rate: { value: 'PACKETS', help: 'packets a second' },
  burst: { value: 'PACKETS', help: 'packets that may come at once' },
} as const;

/** The command that shows and sets one switch. */
export function switchCommand(name: SwitchName): Command {
  const spec: SecuritySwitch = SWITCHES.find((candidate) => candidate.name === name)!;
  const words = Object.keys(spec.words ?? {});
  const example = words[0] ?? '10m';
  return command({
    summary: `Show or set ${name}: ${words.join(', ') || 'a duration'}`,
    description: `${words.includes('on') ? 'On: ' : ''}${spec.about}. It is ${spec.key} in config.yaml, which is changed
      with its comments kept; the change is in force at once. Without a value the present one is shown.`,
    args: { value: { help: 'the new value', optional: true, ...(words.length > 0 ? { choices: words } : {}) } },
    options: { ...(spec.budget === undefined ? {} : BUDGET_OPTIONS), ...CHANGE_OPTIONS },
    examples: [
      { run: `netxfw security ${name}`, note: 'how is it set?' },
      { run: `netxfw security ${name} ${example}`, note: `set ${spec.key}` },
    ],
    async run(context, { value, ...input }) {
      const values = { ...(value === undefined ? {} : { [spec.key]: settingOf(spec, value) }), ...budget(spec, input) };
      if (Object.keys(values).length === 0) {
        const state = stateOf(spec, (await (await context.sdk()).config.get()).config);
        if (context.json) return context.out.json<SecurityDocument>({ switches: [state] });
        return context.out.line(describeSwitch(state));
      }
      const result = await change(context, input, (sdk, options) => sdk.config.set(values, options));
      await printReload(context, result);
    },
  });
}

function budget({ budget: keys }: SecuritySwitch, input: object): Record<string, number> {
  if (keys === undefined) return {};
  const { rate, burst } = input as { readonly rate?: string; readonly burst?: string };
  const figures = { [keys.rate]: wholeNumber('--rate', rate, 1), [keys.burst]: wholeNumber('--burst', burst, 1) };
  const given = Object.entries(figures).filter((entry): entry is [string, number] => entry[1] !== undefined);
  return Object.fromEntries(given);
}
