import { useEffect, useRef, useState } from 'react';
import type { ListName } from '../../../../src/model/entries.ts';
import { NetxfwError } from '../../../../src/model/errors.ts';
import type { ImportProgress, ImportResult } from '../../../../src/model/rules.ts';
import type { ImportRequest } from '../../../../src/sdk/types.ts';
import { useChanges } from '../../api/change.ts';
import { netxfw } from '../../api/netxfw.ts';

/** What is to be imported. */
export interface Source {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface Settings {
  readonly list: ListName;
  readonly reason: string;
  /** Seconds; undefined = for good. */
  readonly ttl: number | undefined;
}

export interface Import {
  /** What the server would do with the list; null while it has not said. */
  readonly preview: ImportResult | null;
  readonly checking: boolean;
  readonly progress: ImportProgress | null;
  readonly failure: NetxfwError | null;
  /** @returns what was done; undefined when it failed */
  run(): Promise<ImportResult | undefined>;
}

/** After the last change of the text or settings, milliseconds. */
const PAUSE = 300;

/** Has the server say what a list would do, again with each change of it, and then do it. */
export function useImport(source: Source | null, { list, reason, ttl }: Settings): Import {
  const { attempt } = useChanges();
  const [preview, setPreview] = useState<ImportResult | null>(null);
  const [checking, setChecking] = useState(false);
  const [progress, setProgress] = useState<ImportProgress | null>(null);
  const [failure, setFailure] = useState<NetxfwError | null>(null);
  const latest = useRef(0);

  useEffect(() => {
    const turn = ++latest.current;
    setPreview(null);
    setFailure(null);
    setChecking(source !== null);
    if (source === null) return;
    const timer = setTimeout(async () => {
      try {
        const said = await netxfw.rules.import({ ...requestOf(source, { list, reason, ttl }), preview: true });
        if (turn === latest.current) setPreview(said);
      } catch (thrown) {
        if (turn === latest.current) setFailure(NetxfwError.from(thrown));
      } finally {
        if (turn === latest.current) setChecking(false);
      }
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [source, list, reason, ttl]);

  const run = async () => {
    if (source === null) return undefined;
    const request = { ...requestOf(source, { list, reason, ttl }), skipInvalid: true, onProgress: setProgress };
    setProgress({ done: 0, total: preview?.read ?? 0, phase: 'read' });
    try {
      return await attempt((options) => netxfw.rules.import({ ...request, options }));
    } catch (thrown) {
      setFailure(NetxfwError.from(thrown));
      return undefined;
    } finally {
      setProgress(null);
    }
  };
  return { preview, checking, progress, failure, run };
}

function requestOf({ name, bytes }: Source, { list, reason, ttl }: Settings): ImportRequest {
  return {
    list,
    data: bytes,
    name,
    ...(reason === '' ? {} : { reason }),
    ...(ttl === undefined ? {} : { ttl }),
  };
}
