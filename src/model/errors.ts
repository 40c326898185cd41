/**
 * The error table: one code, one HTTP status, one exit code, one next step. The same class crosses the wire in both
 * directions, so a caller of the SDK sees the same error with and without a daemon.
 */

export interface ErrorKind {
  readonly status: number;
  readonly exit: number;
  /** What the reader should do next; a thrown error may give a more precise one. */
  readonly hint: string;
}

/** Exit codes of the CLI. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  denied: 4,
  unavailable: 5,
  conflict: 6,
  full: 7,
  storage: 8,
} as const;

const kind = (status: number, exit: number, hint: string): ErrorKind => ({ status, exit, hint });

export const ERRORS = {
  USAGE: kind(400, EXIT.usage, 'See `netxfw help` for the command and its options.'),
  INVALID_INPUT: kind(400, EXIT.usage, 'Correct the named field and try again.'),
  INVALID_ADDRESS: kind(
    400,
    EXIT.usage,
    'Give an IPv4 or IPv6 address, or a network such as 192.0.2.0/24 or 2001:db8::/32.',
  ),
  INVALID_DURATION: kind(400, EXIT.usage, 'Give a duration such as 30s, 10m, 1h or 7d.'),
  INVALID_PORT: kind(
    400,
    EXIT.usage,
    'Give a port from 1 to 65535, or a range such as 8080-8090, optionally with /tcp or /udp.',
  ),
  INVALID_FILE_LINES: kind(400, EXIT.usage, 'Correct the lines, or add --skip-invalid to import the others.'),
  FILE_NOT_FOUND: kind(404, EXIT.notFound, 'Check the path.'),
  FILE_UNREADABLE: kind(400, EXIT.failed, 'Check the file and its permissions.'),
  CONFIG_NOT_FOUND: kind(404, EXIT.notFound, 'Create one with `netxfw system init`, or name another with -c FILE.'),
  CONFIG_INVALID: kind(400, EXIT.usage, 'Correct the file, then check it with `netxfw system test`.'),
  INTERFACE_UNKNOWN: kind(
    400,
    EXIT.usage,
    'List the interfaces with `ip link`, then name one with -i or base.interfaces.',
  ),
  RULE_NOT_FOUND: kind(404, EXIT.notFound, 'List what exists with `netxfw list`.'),
  NOT_FOUND: kind(404, EXIT.notFound, 'Check the name.'),
  NOT_ROOT: kind(403, EXIT.denied, 'Run the command as root, for example with sudo.'),
  UNAUTHORIZED: kind(401, EXIT.denied, 'Send a valid token: Authorization: Bearer TOKEN.'),
  FORBIDDEN: kind(403, EXIT.denied, 'This needs a token that may change things.'),
  NO_BPFFS: kind(503, EXIT.unavailable, 'Mount it: mount -t bpf bpf /sys/fs/bpf'),
  KERNEL_UNSUPPORTED: kind(503, EXIT.unavailable, 'Run a newer kernel, or switch off the feature that needs it.'),
  LIBRARY_MISSING: kind(503, EXIT.unavailable, 'Install libbpf: apt-get install libbpf1'),
  OBJECT_MISSING: kind(503, EXIT.unavailable, 'Build the BPF object: npm run build'),
  NOT_LOADED: kind(503, EXIT.unavailable, 'Load the firewall: netxfw system load'),
  DAEMON_UNREACHABLE: kind(503, EXIT.unavailable, 'Start it: netxfw system daemon'),
  LOCKED: kind(409, EXIT.conflict, 'Wait until the other netxfw process has finished, or use its socket.'),
  CONFLICT: kind(409, EXIT.conflict, 'Read the current state and try again.'),
  LOCKOUT_RISK: kind(409, EXIT.conflict, 'If you are sure, add --accept-risk=lockout.'),
  LAYOUT_MISMATCH: kind(409, EXIT.conflict, 'Unload the older version first: netxfw system unload'),
  TOO_MANY_REQUESTS: kind(429, EXIT.unavailable, 'Slow down and try again.'),
  PAYLOAD_TOO_LARGE: kind(413, EXIT.usage, 'Send less at once, or use the import endpoint.'),
  MAP_FULL: kind(507, EXIT.full, 'Raise the named capacity in config.yaml and run `netxfw reload`.'),
  STORE_DAMAGED: kind(500, EXIT.storage, 'Restore the file from the backup that is named.'),
  STORE_WRITE_FAILED: kind(507, EXIT.storage, 'Check free space and permissions of the state directory.'),
  PORT_IN_USE: kind(503, EXIT.unavailable, 'Free the port, or choose another in config.yaml.'),
  ATTACH_FAILED: kind(503, EXIT.unavailable, 'See `netxfw system status` for the driver and mode.'),
  KERNEL_FAILED: kind(500, EXIT.failed, 'Check `dmesg` and `netxfw system status`.'),
  VERIFIER_REJECTED: kind(422, EXIT.failed, 'Read the verifier log that is named.'),
  INTERNAL: kind(500, EXIT.failed, 'This is a bug in netxfw; please report it with the message above.'),
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERRORS;

/** The error as it travels in an API answer and in `--json` output. */
export interface ErrorBody {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  readonly details?: unknown;
}

export interface ErrorOptions {
  readonly hint?: string;
  readonly details?: unknown;
  readonly cause?: unknown;
}

/** Every expected failure of netxfw, on both sides of the wire. */
export class NetxfwError extends Error {
  override readonly name = 'NetxfwError';
  readonly code: ErrorCode;
  readonly hint: string;
  readonly details: unknown;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint ?? ERRORS[code].hint;
    this.details = options.details;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }

  get exit(): number {
    return ERRORS[this.code].exit;
  }

  toBody(): ErrorBody {
    const body = { code: this.code, message: this.message, hint: this.hint };
    return this.details === undefined ? body : { ...body, details: this.details };
  }

  static fromBody(body: ErrorBody): NetxfwError {
    const code = body.code in ERRORS ? body.code : 'INTERNAL';
    return new NetxfwError(code, body.message, { hint: body.hint, details: body.details });
  }

  /** Wraps anything thrown; an unexpected error becomes INTERNAL with the original as its cause. */
  static from(error: unknown): NetxfwError {
    if (error instanceof NetxfwError) return error;
    const message = error instanceof Error ? error.message : String(error);
    return new NetxfwError('INTERNAL', message, { cause: error });
  }
}
