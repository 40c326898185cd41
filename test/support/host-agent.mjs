// The applications of a test's host: opens and serves connections as told, one JSON request per line of standard input, one
// answer per line of standard output. It runs in the host's network namespace.
import { createSocket } from 'node:dgram';
import { connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';

const connections = new Map();
let number = 0;

/** Keeps what arrives until somebody reads it. */
function keep(socket) {
  const connection = { socket, received: '', ended: false, error: undefined, changed: () => {} };
  const note = (change) => {
    change();
    connection.changed();
  };
  socket.on('data', (chunk) =>
    note(() => {
      connection.received += chunk;
    }),
  );
  socket.on('end', () =>
    note(() => {
      connection.ended = true;
    }),
  );
  socket.on('error', (error) =>
    note(() => {
      connection.error = error.code;
    }),
  );
  socket.on('close', () =>
    note(() => {
      connection.ended = true;
    }),
  );
  number += 1;
  connections.set(number, connection);
  return number;
}

function within(ms, what, start) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`timeout: ${what}`)), ms);
    const settle = (act) => (value) => {
      clearTimeout(timer);
      act(value);
    };
    start(settle(resolve), settle(reject));
  });
}

/** Answers `until` asks for: enough bytes, or the end. */
function waitFor(connection, ms, what, done) {
  return within(ms, what, (resolve) => {
    connection.changed = () => done() && resolve();
    connection.changed();
  });
}

const operations = {
  /** Serves a port; `echo` sends back what comes, else connections wait to be accepted by `accept`. */
  listen: ({ port, host, echo }) =>
    new Promise((resolve, reject) => {
      const server = createServer({ allowHalfOpen: true }, (socket) => {
        socket.on('error', () => {});
        if (echo) socket.pipe(socket);
        else queue(port).accepted.push(keep(socket));
        queue(port).waiting.shift()?.();
      });
      server.on('error', reject);
      server.listen(port, host, () => resolve(true));
    }),
  accept: async ({ port, ms }) => {
    const { accepted, waiting } = queue(port);
    if (accepted.length === 0) await within(ms, 'a connection', (resolve) => waiting.push(resolve));
    return accepted.shift();
  },
  connect: ({ port, host, localPort, ms }) =>
    within(ms, `connecting to ${host} port ${port}`, (resolve, reject) => {
      const socket = connect({ port, host, localPort, allowHalfOpen: true });
      socket.once('connect', () => resolve(keep(socket)));
      socket.once('error', (error) => reject(error));
    }),
  write: ({ id, bytes, text }) => connections.get(id).socket.write(text ?? 'x'.repeat(bytes)) || true,
  /** @returns the text; fewer characters when the other side ended */
  read: async ({ id, length, ms }) => {
    const connection = connections.get(id);
    const enough = () => connection.received.length >= length || connection.ended || connection.error;
    await waitFor(connection, ms, `${length} characters`, enough);
    const text = connection.received.slice(0, length);
    connection.received = connection.received.slice(length);
    return length > 100 ? text.length : text;
  },
  /** Waits for the end. @returns the error that ended it, null for an orderly end */
  ended: async ({ id, ms }) => {
    const connection = connections.get(id);
    await waitFor(connection, ms, 'the end', () => connection.ended || connection.error);
    return connection.error ?? null;
  },
  end: ({ id }) => void connections.get(id).socket.end(),
  reset: ({ id }) => void connections.get(id).socket.resetAndDestroy(),
  /** Answers every datagram with so many bytes; from `host`, since a host with more addresses may choose another. */
  serveUdp: ({ port, host, size }) =>
    new Promise((resolve) => {
      const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
      socket.on('message', (_, from) => socket.send(Buffer.alloc(size, 1), from.port, from.address));
      socket.bind(port, host, () => resolve(true));
    }),
  /** @returns the bytes of the answer */
  askUdp: async ({ port, host, localPort, ms, size = 8 }) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    try {
      return await within(ms, `an answer from ${host} port ${port}`, (resolve, reject) => {
        socket.on('message', (message) => resolve(message.length));
        socket.on('error', reject);
        socket.bind(localPort ?? 0, () => socket.send(Buffer.alloc(size, 2), port, host));
      });
    } finally {
      socket.close();
    }
  },
};

const queues = new Map();

/** Connections to a port that nobody has asked for yet, and who waits for one. */
function queue(port) {
  if (!queues.has(port)) queues.set(port, { accepted: [], waiting: [] });
  return queues.get(port);
}

createInterface({ input: process.stdin }).on('line', async (line) => {
  const { request, operation, ...options } = JSON.parse(line);
  let answer;
  try {
    answer = { request, value: (await operations[operation](options)) ?? null };
  } catch (error) {
    answer = { request, error: error.code ?? error.message };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
});
process.stdin.on('end', () => process.exit(0));
