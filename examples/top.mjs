// Prints what is dropped and why, every few seconds until Ctrl-C: node top.mjs [SOCKET [ROUNDS]]
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'netxfw';

const [socket, rounds = 'Infinity'] = process.argv.slice(2);
const netxfw = await connect(socket === undefined ? {} : { socket });
try {
  for (let round = 1; round <= Number(rounds); round++) {
    const { passed, dropped, reasons } = await netxfw.stats.get();
    console.log(`${passed.packets} passed, ${dropped.packets} dropped`);
    for (const { verdict, description, packets } of reasons) {
      if (verdict === 'drop') console.log(`  ${packets} ${description}`);
    }
    if (round < Number(rounds)) await sleep(2000);
  }
} finally {
  await netxfw.close();
}
