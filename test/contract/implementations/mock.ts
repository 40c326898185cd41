import { createMock } from '../../../src/sdk/mock.ts';
import type { Implementation } from '../cases/support.ts';

export const mock: Implementation = {
  name: 'mock',
  async open() {
    const netxfw = await createMock();
    return { netxfw, dataplane: netxfw.dataplane, dispose: () => netxfw.close() };
  },
};
