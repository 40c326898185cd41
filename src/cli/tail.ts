import { type FileHandle, open } from 'node:fs/promises';
import { NetxfwError } from '../model/errors.ts';
import type { VerdictEvent } from '../model/events.ts';
import { reasonDescription } from '../model/reasons.ts';
import { packageVersion } from '../sdk/version.ts';
import type { Context } from './context.ts';
import type { EventDocument } from './documents-observe.ts';
import { plural } from './output/format.ts';
import { formatVerdict } from './output/verdicts.ts';
import { type CapturedPacket, PcapngEncoder } from './pcapng.ts';

/** Where reported packets go. */
export interface EventSink {
  /** @returns false for a packet that cannot be kept */
  take(event: VerdictEvent): Promise<boolean>;
  end(): Promise<void>;
}

/** One line a packet: for people, or JSON. */
export function lineSink({ out, json }: Context): EventSink {
  return {
    async take(event) {
      await (json ? out.jsonLine<EventDocument>({ event }) : out.line(formatVerdict(event, out.style)));
      return true;
    },
    end: async () => {},
  };
}

/** A pcapng file, or standard output for `-`. @throws NetxfwError STORE_WRITE_FAILED */
export async function captureSink(context: Context, path: string): Promise<EventSink> {
  const { out } = context;
  const encoder = new PcapngEncoder();
  const file = path === '-' ? undefined : await create(path);
  const write = async (bytes: Buffer) => {
    if (file === undefined) return out.write(bytes);
    await file.appendFile(bytes).catch((error) => {
      throw unwritable(path, error);
    });
  };
  await write(encoder.header(`netxfw ${packageVersion()}`));
  let count = 0;
  let bare = 0;
  return {
    async take(event) {
      // Reported before the kernel began to keep bytes, or by a kernel that cannot.
      if (event.data === undefined) {
        bare++;
        return false;
      }
      await write(encoder.packet(capturedPacket(event, event.data)));
      count++;
      return true;
    },
    async end() {
      await write(encoder.end());
      await file?.close();
      if (bare > 0) await out.notice(`${plural(bare, 'packet')} left out, of which no bytes were kept`);
      if (file !== undefined) await out.result(`${plural(count, 'packet')} in ${path}`);
    },
  };
}

function capturedPacket(event: VerdictEvent, data: string): CapturedPacket {
  const { reason, monitored, length } = event;
  return {
    interface: event.interface,
    at: Date.parse(event.at),
    data: Buffer.from(data, 'base64'),
    length,
    comment: `${reason}: ${reasonDescription(reason)}${monitored ? ' (monitor mode: passed)' : ''}`,
  };
}

async function create(path: string): Promise<FileHandle> {
  return open(path, 'w', 0o600).catch((error) => {
    throw unwritable(path, error);
  });
}

function unwritable(path: string, error: unknown): NetxfwError {
  return new NetxfwError('STORE_WRITE_FAILED', `${path} cannot be written: ${(error as Error).message}`, {
    hint: 'Check the path, its permissions and the free space there.',
    cause: error,
  });
}
