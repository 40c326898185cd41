import { writeSync } from 'node:fs';
import { type DestinationStream, destination, type Logger, pino } from 'pino';
import type { Config } from '../model/config.ts';
import { NetxfwError } from '../model/errors.ts';

const STDERR = 2;
/** pino's level numbers as priorities of syslog(3), which journald reads from the beginning of a line. */
const PRIORITY: Record<number, number> = { 10: 7, 20: 7, 30: 6, 40: 4, 50: 3, 60: 2 };
const HIDDEN = new Set(['level', 'time', 'msg', 'pid', 'hostname']);

export type { Logger } from 'pino';

/**
 * The daemon's log: JSON lines in the configured file, else text lines on stderr.
 * @throws NetxfwError FILE_UNREADABLE when the file cannot be opened
 */
export function createLogger({ level, path }: Config['logging']): Logger {
  if (path === null) return pino({ level }, textLines());
  try {
    return pino({ level }, destination({ dest: path, mkdir: true, sync: true, mode: 0o640 }));
  } catch (error) {
    throw new NetxfwError('FILE_UNREADABLE', `the log file ${path} cannot be opened: ${(error as Error).message}`, {
      hint: 'Check logging.path in config.yaml.',
      cause: error,
    });
  }
}

/** The same log for a library that says more than an operator wants to read: warnings and worse. */
export function quiet(log: Logger): Logger {
  return log.child({}, { level: log.isLevelEnabled('info') ? 'warn' : log.level });
}

function textLines(): DestinationStream {
  const journal = process.env.JOURNAL_STREAM !== undefined;
  return {
    write(json: string) {
      try {
        writeSync(STDERR, formatLine(json, journal));
      } catch {
        // The reader of stderr went away; the firewall goes on.
      }
    },
  };
}

/** @param journal put the priority in front instead of the time, which the journal knows */
export function formatLine(json: string, journal: boolean): string {
  const entry = JSON.parse(json) as { level: number; time: number; msg?: string; [key: string]: unknown };
  const head = journal ? `<${PRIORITY[entry.level] ?? 6}>` : `${new Date(entry.time).toISOString()} `;
  const name = pino.levels.labels[entry.level] ?? 'info';
  const rest = Object.entries(entry)
    .filter(([key]) => !HIDDEN.has(key))
    .map(([key, value]) => ` ${key}=${key === 'err' ? stackOf(value) : JSON.stringify(value)}`)
    .join('');
  return `${head}${name}: ${entry.msg ?? ''}${rest}\n`;
}

function stackOf(error: unknown): string {
  const { stack, message } = error as { stack?: string; message?: string };
  return JSON.stringify(stack ?? message ?? error);
}
