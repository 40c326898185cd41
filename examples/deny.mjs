// Denies a source for an hour, shows which entry decides about it, and takes it back: node deny.mjs [SOCKET]
import { connect, NetxfwError } from 'netxfw';

const [socket] = process.argv.slice(2);
const netxfw = await connect(socket === undefined ? {} : { socket });
try {
  const { change, notices } = await netxfw.rules.add({
    list: 'deny',
    prefix: '192.0.2.77',
    reason: 'ssh brute force',
    ttl: 3600,
  });
  console.log(`192.0.2.77: ${change}`, ...notices);

  const [deciding] = await netxfw.rules.match('192.0.2.77');
  console.log(`decided by ${deciding.rule.list} ${deciding.rule.prefix} (${deciding.rule.reason})`);

  const { removed } = await netxfw.rules.remove('192.0.2.77');
  console.log(`removed ${removed.length}`);

  await netxfw.rules.remove('192.0.2.77').catch((error) => {
    if (!(error instanceof NetxfwError)) throw error;
    console.log(`${error.code}: ${error.message}`);
  });
} finally {
  await netxfw.close();
}
