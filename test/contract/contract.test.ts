import { afterEach, beforeEach, describe } from 'vitest';
import type { Netxfw } from '../../src/sdk/types.ts';
import { configContract } from './cases/config.ts';
import { lockoutContract } from './cases/lockout.ts';
import { observeContract } from './cases/observe.ts';
import { operateContract } from './cases/operate.ts';
import { policyContract } from './cases/policy.ts';
import { queriesContract } from './cases/queries.ts';
import { rulesContract } from './cases/rules.ts';
import { sourcesContract } from './cases/sources.ts';
import { stateContract } from './cases/state.ts';
import type { Implementation, Subject } from './cases/support.ts';
import { transferContract } from './cases/transfer.ts';
import { local } from './implementations/local.ts';
import { mock } from './implementations/mock.ts';
import { remote } from './implementations/remote.ts';

/** What everybody who holds a Netxfw may rely on, wherever its engine runs. */
function contract({ name, open }: Implementation): void {
  describe(name, () => {
    let subject: Subject;
    const use = (): Netxfw => subject.netxfw;
    beforeEach(async () => {
      subject = await open();
    });
    afterEach(() => subject.dispose());
    rulesContract(use);
    queriesContract(use);
    transferContract(use);
    sourcesContract(use);
    stateContract(use);
    policyContract(use);
    configContract(use);
    lockoutContract(use);
    observeContract(() => subject);
    operateContract(() => subject);
  });
}

for (const implementation of [mock, local, remote]) contract(implementation);
