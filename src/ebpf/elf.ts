import { BpfError } from './errors.ts';

const HEADER = 64;
const SECTION_HEADER = 64;

/**
 * Finds a section of a 64-bit ELF file by name, in the file's own memory.
 * @throws BpfError OBJECT_INVALID
 */
export function readSection(file: Uint8Array, name: string): Uint8Array | undefined {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const is64BitElf = file.length >= HEADER && view.getUint32(0, false) === 0x7f454c46 && file[4] === 2;
  if (!is64BitElf) {
    throw new BpfError('open', 0, { code: 'OBJECT_INVALID', reason: 'the file is not a 64-bit ELF object' });
  }
  const little = file[5] === 1;
  const offsetOfSections = Number(view.getBigUint64(40, little));
  const count = view.getUint16(60, little);
  const namesIndex = view.getUint16(62, little);

  const section = (index: number): Uint8Array => {
    const at = offsetOfSections + index * SECTION_HEADER;
    const start = Number(view.getBigUint64(at + 24, little));
    return file.subarray(start, start + Number(view.getBigUint64(at + 32, little)));
  };
  if (offsetOfSections + count * SECTION_HEADER > file.length) {
    throw new BpfError('open', 0, { code: 'OBJECT_INVALID', reason: 'the ELF file is cut off' });
  }
  const names = Buffer.from(section(namesIndex));
  for (let index = 0; index < count; index++) {
    const start = view.getUint32(offsetOfSections + index * SECTION_HEADER, little);
    if (names.toString('latin1', start, names.indexOf(0, start)) === name) return section(index);
  }
  return undefined;
}
