import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { NetxfwError } from '../../model/errors.ts';
import { networksOf } from './ranges.ts';

/** CC0, from the registries' and routing data. */
const DATA = ['asn-country-ipv4.csv', 'asn-country-ipv6.csv'].map((name) => `@ip-location-db/asn-country/${name}`);

/** The files that come with netxfw; fails when the package was left out at installation. */
function shippedFiles(): string[] {
  try {
    const { resolve } = createRequire(import.meta.url);
    return DATA.map((name) => resolve(name));
  } catch (error) {
    throw new NetxfwError(
      'FILE_NOT_FOUND',
      'the package @ip-location-db/asn-country with the countries is not installed',
      {
        hint: 'Install it, or name CSV files under feeds.countries.data.',
        cause: error,
      },
    );
  }
}

/** The networks of countries, by lower-case code. @throws NetxfwError FILE_NOT_FOUND, INVALID_INPUT naming a code without any */
export function countryNetworks(codes: readonly string[], data: readonly string[]): Map<string, string[]> {
  const wanted = new Map(codes.map((code) => [code.toLowerCase(), [] as string[]]));
  for (const file of data.length > 0 ? data : shippedFiles()) {
    for (const line of read(file).split('\n')) {
      const cells = line.trim().split(',');
      const code = (cells.length === 3 ? cells[2]! : (cells[0] ?? '')).toLowerCase();
      const networks = wanted.get(code);
      if (networks === undefined) continue;
      if (cells.length === 3) networks.push(...networksOf(cells[0]!, cells[1]!));
      else networks.push(cells[1]!);
    }
  }
  for (const [code, networks] of wanted) {
    if (networks.length === 0) throw new NetxfwError('INVALID_INPUT', `there is no country with the code ${code}`);
  }
  return wanted;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new NetxfwError('FILE_NOT_FOUND', `${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
