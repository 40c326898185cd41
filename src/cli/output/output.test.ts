import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Output } from './output.ts';

function failing(code: string): Writable {
  return new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error(`write ${code}`), { code }));
    },
  });
}

const silent = () => new Writable({ write: (_chunk, _encoding, done) => done() });

describe('output', () => {
  it('stops quietly when the reader leaves', async () => {
    const out = new Output({ stdout: failing('EPIPE'), stderr: silent(), variables: {} }, {});
    expect(out.closed).toBe(false);
    await out.line('one');
    expect(out.closed).toBe(true);
    await out.line('two');
    out.assertWritten();
  });

  it('reports a full disk', async () => {
    const out = new Output({ stdout: failing('ENOSPC'), stderr: silent(), variables: {} }, {});
    await out.line('one');
    expect(() => out.assertWritten()).toThrow(expect.objectContaining({ code: 'STORE_WRITE_FAILED' }));
  });

  it('goes on when nobody reads stderr', async () => {
    const out = new Output({ stdout: silent(), stderr: failing('EPIPE'), variables: {} }, {});
    out.notice('unheard');
    out.complain('unheard');
    await out.line('data');
    out.assertWritten();
  });

  it.each([
    [{}, {}, true],
    [{ NO_COLOR: '1' }, {}, false],
    [{ NO_COLOR: '' }, {}, true],
    [{ TERM: 'dumb' }, {}, false],
    [{}, { 'no-color': true }, false],
  ])('with %j and %j colours are %s', (variables, switches, coloured) => {
    const stdout = Object.assign(silent(), { isTTY: true, columns: 80 });
    const out = new Output({ stdout, stderr: silent(), variables }, switches);
    expect(out.style.red('x') !== 'x').toBe(coloured);
  });

  it('has no colours in a file or pipe', () => {
    const out = new Output({ stdout: silent(), stderr: silent(), variables: {} }, {});
    expect(out.style.red('x')).toBe('x');
    expect(out.width).toBeUndefined();
  });
});
