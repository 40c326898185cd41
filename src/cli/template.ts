import { readFile } from 'node:fs/promises';
import { NetxfwError } from '../model/errors.ts';

/** The documented configuration that is part of every package. */
export async function configTemplate(): Promise<Uint8Array> {
  // Source and bundle lie equally deep below the root.
  const file = new URL('../../configs/config.yaml', import.meta.url);
  return readFile(file).catch((cause) => {
    throw new NetxfwError('FILE_NOT_FOUND', `${file.pathname}, which is part of netxfw, is missing`, {
      hint: 'Install netxfw again.',
      cause,
    });
  });
}
