// Imports a list file as one change and tells how far it is: node import-list.mjs FILE [SOCKET]
import { createReadStream } from 'node:fs';
import { connect } from 'netxfw';

const [file, socket] = process.argv.slice(2);
if (file === undefined) {
  console.error('usage: node import-list.mjs FILE [SOCKET]');
  process.exit(2);
}
const netxfw = await connect(socket === undefined ? {} : { socket });
try {
  const result = await netxfw.rules.import({
    list: 'deny',
    data: createReadStream(file),
    name: file,
    reason: 'feed',
    skipInvalid: true,
    onProgress: ({ done, total }) => console.error(`${done} of ${total}`),
  });
  console.log(`${result.added} added, ${result.unchanged} were there, ${result.invalid} invalid`);
} finally {
  await netxfw.close();
}
