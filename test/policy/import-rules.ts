/** Which part of the house a file belongs to, and what that part may import. The first part that matches counts. */
export interface Part {
  readonly name: string;
  readonly matches: RegExp;
  /** Files of the checkout that it may import besides its own. */
  readonly files: readonly RegExp[];
  /** Packages; `node:` stands for Node's own modules. */
  readonly packages: readonly (string | RegExp)[];
  /** Files that it may load with `import()` and in no other way. */
  readonly lazily?: readonly RegExp[];
  readonly why: string;
}

const model = /^src\/model\//;
const sdkTypes = /^src\/sdk\/(types|policy-types|observe-types)\.ts$/;
const restCalls = /^src\/sdk\/(transport|remote-(api|observe|policy|transfer))\.ts$/;
const anything = /^src\//;
const fastifyFamily = /^@?fastify/;

export const PARTS: readonly Part[] = [
  {
    name: 'model',
    matches: model,
    files: [],
    packages: ['zod'],
    why: 'nouns only: no I/O, so that a browser and every layer can use them',
  },
  {
    name: 'ebpf',
    matches: /^src\/ebpf\//,
    files: [],
    packages: ['koffi', 'node:'],
    why: 'a generic binding that knows no firewall, and the only place where a wrong pointer can be made',
  },
  {
    name: 'dataplane',
    matches: /^src\/dataplane\//,
    files: [model, /^src\/ebpf\//],
    packages: ['node:'],
    why: 'it gives the maps their meaning; disk, rules of the engine and JSON are above it',
  },
  {
    name: 'store',
    matches: /^src\/store\//,
    files: [model],
    packages: ['node:', 'yaml'],
    why: 'the disk, without the kernel: rules can be read and repaired where no eBPF exists',
  },
  {
    name: 'engine',
    matches: /^src\/engine\//,
    files: [model, /^src\/store\//, /^src\/dataplane\/(dataplane|policy-plane)\.ts$/],
    packages: ['node:'],
    why: 'it works on the DataPlane interface, so that the same engine runs on the kernel and on memory',
  },
  {
    name: 'sdk/types',
    matches: sdkTypes,
    files: [model, sdkTypes],
    packages: [],
    why: 'the interface must be importable in a browser',
  },
  {
    name: 'sdk/remote-api',
    matches: restCalls,
    files: [model, sdkTypes, restCalls],
    packages: [],
    why: 'the web UI uses the same calls over fetch: they must run in a browser',
  },
  {
    name: 'sdk/remote',
    matches: /^src\/sdk\/remote[^/]*\.ts$/,
    files: [model, sdkTypes, restCalls, /^src\/sdk\/remote[^/]*\.ts$/],
    packages: [/^node:(http|https|tls|stream|net|buffer)/],
    why: 'the CLI starts through it: it must stay light and know nothing of an engine',
  },
  {
    name: 'sdk/local',
    matches: /^src\/sdk\/local[^/]*\.ts$/,
    files: [model, sdkTypes, /^src\/sdk\/local/, /^src\/engine\//],
    packages: ['node:'],
    why: 'it is the engine seen through the SDK interface',
  },
  {
    name: 'sdk/mock',
    matches: /^src\/sdk\/mock[^/]*\.ts$/,
    files: [model, /^src\/sdk\//, /^src\/engine\//, /^src\/dataplane\/memory/, /^src\/store\/memory/],
    packages: ['node:'],
    why: 'the real engine on memory, so that it cannot drift',
  },
  {
    name: 'sdk',
    matches: /^src\/sdk\//,
    files: [model, /^src\/sdk\//],
    packages: ['node:'],
    lazily: [/^src\/daemon\/(compose|settings)\.ts$/],
    why: 'connect() chooses; the engine is loaded only when no daemon answers',
  },
  {
    name: 'api',
    matches: /^src\/api\//,
    files: [model, sdkTypes],
    packages: ['node:', 'zod', fastifyFamily],
    why: 'handlers call the SDK and never the kernel, the store or the engine',
  },
  {
    name: 'metrics',
    matches: /^src\/metrics\//,
    files: [model, sdkTypes],
    packages: ['node:', 'prom-client'],
    why: 'metrics read through the SDK like everybody else',
  },
  {
    name: 'plugins/worker',
    matches: /^src\/plugins\/worker\.ts$/,
    files: [model, sdkTypes, /^src\/sdk\/remote[^/]*\.ts$/, /^src\/plugins\//],
    packages: ['node:'],
    why: "a plugin's thread reaches the firewall as everybody else does, through the daemon's socket",
  },
  {
    name: 'plugins',
    matches: /^src\/plugins\//,
    files: [model, sdkTypes],
    packages: ['node:', 'zod', 'yaml', 're2js', '@bufbuild/cel', 'tinyglobby', 'fzstd'],
    why: 'a plugin gets the SDK and nothing behind it',
  },
  {
    name: 'cli',
    matches: /^src\/cli\//,
    files: [model, /^src\/sdk\//],
    packages: ['node:', 'cli-progress', '@hpcc-js/wasm-zstd', 'fzstd'],
    lazily: [/^src\/daemon\//, /^src\/plugins\/log-engine\/test-run\.ts$/],
    why: 'a command calls one SDK method and prints; only the daemon command loads the daemon',
  },
  {
    name: 'reference',
    matches: /^src\/reference\//,
    files: [model, /^src\/(sdk|api|metrics)\//, /^src\/cli\/reference\.ts$/],
    packages: [],
    why: 'pages of docs/reference made from tables and schemas; nothing at run time needs them',
  },
  { name: 'daemon', matches: /^src\/daemon\//, files: [anything], packages: [/./], why: 'it composes everything' },
  {
    name: 'web',
    matches: /^web\/src\//,
    files: [model, sdkTypes, restCalls],
    packages: [
      'react',
      'react-dom',
      'wouter',
      'uplot',
      'diff',
      'yaml',
      'zod',
      'get-nonce',
      /^@(mantine|tanstack|tabler)\//,
    ],
    why: 'a browser runs it: of the program it gets the nouns and the calls of the API',
  },
];
