import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp } from '../../../src/api/app.ts';
import { listenOnSocket } from '../../../src/daemon/socket.ts';
import { createMock } from '../../../src/sdk/mock.ts';
import { createRemote } from '../../../src/sdk/remote.ts';
import type { Implementation } from '../cases/support.ts';

/** Through a real socket and the whole API, every answer checked against its schema. */
export const remote: Implementation = {
  name: 'remote',
  async open() {
    const directory = mkdtempSync(join(tmpdir(), 'nxt-contract-'));
    const engine = await createMock();
    const app = buildApp(engine, { checkAnswers: true });
    const socket = join(directory, 'netxfw.sock');
    await listenOnSocket(app, socket);
    const netxfw = createRemote({ socket });
    return {
      netxfw,
      dataplane: engine.dataplane,
      async dispose() {
        await netxfw.close();
        await app.close();
        await engine.close();
        rmSync(directory, { recursive: true, force: true });
      },
    };
  },
};
