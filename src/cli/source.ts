import { LISTS } from '../model/entries.ts';

/** Arguments that name what a program owns. */
export const SOURCE_ARGUMENTS = {
  source: { help: 'a kind and a name, such as fail2ban:sshd' },
  list: { help: 'allow or deny', choices: LISTS },
} as const;
