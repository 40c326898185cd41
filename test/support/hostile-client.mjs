// A client that means no good, to run inside a namespace: node hostile-client.mjs garbage|slow|pipeline HOST PORT COUNT [SEED]
// Prints JSON: how many connections were answered, by HTTP status, and how many were hung up on without an answer.
import { connect } from 'node:net';

const [mode, host, port, count, seed = '1'] = process.argv.slice(2);
const PARALLEL = 50;
const PATIENCE = 15_000;

let state = Number(seed) >>> 0;
/** 0 <= x < 1, the same for the same seed (a linear congruential generator is random enough to make a mess). */
function random() {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 4294967296;
}
const below = (limit) => Math.floor(random() * limit);
const bytes = (most) => Buffer.from(Array.from({ length: below(most) }, () => below(256)));

const GARBAGE = [
  () => bytes(2000),
  () => 'GET / HTTP/9.9\r\n\r\n',
  () => 'POST /api/rules HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999999999999999\r\n\r\n',
  () => 'POST /api/rules HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n',
  () => 'POST /api/rules HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello',
  () => 'POST /api/rules HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\n',
  () => 'POST /api/rules HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n',
  () => `GET /${'a'.repeat(below(100_000))} HTTP/1.1\r\nhost: x\r\n\r\n`,
  () => `GET / HTTP/1.1\r\n${'x: y\r\n'.repeat(below(5000))}\r\n`,
  () => 'GET http://evil.example/ HTTP/1.1\r\nhost: evil.example\r\n\r\n',
  () => 'CONNECT evil.example:443 HTTP/1.1\r\nhost: evil.example\r\n\r\n',
  () => 'GET / HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n',
  () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  () => 'GET /%00%ff%2e%2e/ HTTP/1.1\r\nhost: x\r\n\r\n',
  () => 'GET /api/stats HTTP/1.1\nhost: x\n\n',
  () => `GET /api/stats HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${'A'.repeat(below(20_000))}\r\n\r\n`,
];

const statuses = {};
let silent = 0;
const note = (answer) => {
  const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1];
  if (status === undefined) silent++;
  else statuses[status] = (statuses[status] ?? 0) + 1;
};

/** One connection, until the other side hangs up or patience ends. */
function talk(send, patience = 1000) {
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) });
    let answer = '';
    const timer = setTimeout(() => socket.destroy(), patience);
    socket.on('connect', () => send(socket));
    socket.on('data', (data) => {
      if (answer.length < 100) answer += data.toString('latin1');
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      note(answer);
      resolve();
    });
  });
}

async function parallel(work) {
  let left = Number(count);
  const lane = async () => {
    while (left-- > 0) await work();
  };
  await Promise.all(Array.from({ length: PARALLEL }, lane));
}

const modes = {
  garbage: () => parallel(() => talk((socket) => socket.end(GARBAGE[below(GARBAGE.length)]()))),
  /** All at once; each sends the head of a request so slowly that it never ends. */
  slow: () =>
    Promise.all(
      Array.from({ length: Number(count) }, () =>
        talk((socket) => {
          socket.write('GET /healthz HTTP/1.1\r\nhost: localhost\r\nx-slow: ');
          const timer = setInterval(() => socket.write('a'), 300 + below(300));
          socket.on('close', () => clearInterval(timer));
        }, PATIENCE),
      ),
    ),
  /** Many requests in one piece, without waiting for answers. */
  pipeline: () =>
    parallel(() =>
      talk((socket) => {
        const one = 'GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n';
        socket.end(one.repeat(99) + one.replace('\r\n\r\n', '\r\nconnection: close\r\n\r\n'));
      }, PATIENCE),
    ),
};
await modes[mode]();
console.log(JSON.stringify({ statuses, silent }));
