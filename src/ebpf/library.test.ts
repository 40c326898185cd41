import { describe, expect, it } from 'vitest';
import { BpfError } from './errors.ts';
import { bindLibrary } from './library.ts';

describe('a library', () => {
  it('that is not there is LIBRARY_MISSING, with the command that installs it', () => {
    try {
      bindLibrary('libnone.so.9', {}, 'Install libnone.');
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(BpfError);
      expect(error).toMatchObject({ code: 'LIBRARY_MISSING', hint: 'Install libnone.' });
      expect((error as BpfError).message).toBe('load libnone.so.9: the library cannot be opened');
    }
  });

  it('that lacks one function still gives the others', () => {
    const table = { getpid: ['int', []], no_such_function: ['int', []] } as const;
    const bound = bindLibrary('libc.so.6', table, 'Install a newer one.');
    expect(bound.getpid()).toBe(process.pid);
    expect(() => bound.no_such_function()).toThrow('libc.so.6 no_such_function: the library is too old');
  });
});
