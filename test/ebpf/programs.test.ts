import { afterAll, describe, expect, it } from 'vitest';
import {
  BpfError,
  BpfObject,
  type BpfProgram,
  PROG_TYPE,
  SK_BUFF_SIZE,
  TEST_FLAG,
  XDP_ACTION,
  XDP_MD_SIZE,
} from '../../src/ebpf/index.ts';
import { compileFixtures } from './fixtures.ts';
import { failOnLeaks } from './leaks.ts';

const fixtures = compileFixtures('basic');
afterAll(() => fixtures[Symbol.dispose]());
failOnLeaks();

const packet = Uint8Array.from({ length: 100 }, (_, i) => i);

function withProgram<Result>(name: string, use: (program: BpfProgram, object: BpfObject) => Result): Result {
  using object = BpfObject.open(fixtures.object('basic'));
  object.load();
  using program = object.program(name).open();
  return use(program, object);
}

/** struct xdp_md with the loopback interface, which every namespace has as number 1. */
function xdpMd(length: number): Uint8Array {
  const words = new Uint32Array(XDP_MD_SIZE / 4);
  words[1] = length;
  words[3] = 1;
  return new Uint8Array(words.buffer);
}

describe('program info', () => {
  it('tells type, tag, sizes, maps and verified instructions', () => {
    withProgram('give_verdict', ({ info }, object) => {
      expect(info).toMatchObject({ name: 'give_verdict', type: PROG_TYPE.XDP });
      expect(info.tag).toMatch(/^[0-9a-f]{16}$/);
      expect(info.xlatedSize).toBeGreaterThan(0);
      expect(info.verifiedInsns).toBeGreaterThan(5);
      using counters = object.map('counters').open();
      expect(info.mapIds).toContain(counters.info.id);
    });
  });
});

describe('a test run', () => {
  it('returns verdict and packet, changed or not', () => {
    withProgram('drop_all', (program) => {
      const { retval, data } = program.testRun({ data: packet });
      expect([retval, data]).toEqual([XDP_ACTION.DROP, packet]);
    });
  });

  it('passes a context in and out: XDP', () => {
    withProgram('prepend', (program) => {
      const { retval, data, context } = program.testRun({ data: packet, context: xdpMd(packet.length) });
      expect(retval).toBe(1);
      expect(data.length).toBe(104);
      expect(data.subarray(4)).toEqual(packet);
      expect(new Uint32Array(context.buffer)[1]).toBe(104);
    });
  });

  it('passes a context in and out: TC', () => {
    withProgram('mark', (program) => {
      const context = new Uint8Array(SK_BUFF_SIZE);
      context[8] = 7;
      const result = program.testRun({ data: packet, context });
      expect([result.retval, result.context[8]]).toEqual([0, 12]);
    });
  });

  it('repeats and measures', () => {
    withProgram('give_verdict', (program, object) => {
      expect(program.testRun({ data: packet, repeat: 5000 }).durationNs).toBeGreaterThan(0);
      using counters = object.map('counters').open();
      const perCpu = counters.lookupPerCpu(new Uint8Array(4))!;
      expect(
        perCpu.reduce((sum, value) => sum + new DataView(value.buffer, value.byteOffset).getUint32(0, true), 0),
      ).toBe(5000);
    });
  });

  it('sends live frames', () => {
    withProgram('drop_all', (program) => {
      const live = { flags: TEST_FLAG.XDP_LIVE_FRAMES, repeat: 256, batchSize: 64 };
      expect(program.testRun({ data: packet, context: xdpMd(packet.length), ...live }).data.length).toBe(0);
      expect(() => program.testRun({ data: packet, context: xdpMd(packet.length), ...live, batchSize: 1000 })).toThrow(
        BpfError,
      );
    });
  });

  it('refuses what the kernel refuses', () => {
    withProgram('drop_all', (program) => {
      expect(() => program.testRun({ data: new Uint8Array(13) })).toThrow(/test run: invalid argument/);
    });
  });
});

describe('a runner', () => {
  it('runs packet after packet with the same answers as single runs', () => {
    withProgram('report', (program, object) => {
      using cells = object.map('cells').open();
      using memory = cells.mmap();
      memory.words[0] = 0b1010;
      const runner = program.runner();
      const verdicts = [0, 1, 2, 3, 40].map((first) => {
        const data = packet.slice();
        data[0] = first;
        const single = program.testRun({ data }).retval;
        expect(runner.run(data)).toBe(single);
        return single;
      });
      const { PASS, DROP } = XDP_ACTION;
      expect(verdicts).toEqual([PASS, DROP, PASS, DROP, PASS]);
      for (const length of [14, 100, 60, 2000]) expect(runner.run(new Uint8Array(length).fill(2))).toBe(PASS);
      expect(() => runner.run(new Uint8Array(4096))).toThrow('more than 2048');
    });
  });

  it('gives packet and context back when asked to', () => {
    withProgram('prepend', (program) => {
      const runner = program.runner({ output: true, contextSize: XDP_MD_SIZE });
      for (const length of [60, 100, 80]) {
        runner.context.set(xdpMd(length));
        expect(runner.run(packet.subarray(0, length))).toBe(1);
        expect(runner.output.subarray(4)).toEqual(packet.subarray(0, length));
        expect(new DataView(runner.contextOutput.buffer).getUint32(4, true)).toBe(length + 4);
      }
    });
  });

  it('counts every one of a hundred thousand runs', () => {
    withProgram('give_verdict', (program, object) => {
      const runner = program.runner();
      runner.input.set(packet);
      for (let i = 0; i < 100_000; i++) runner.runInput(64);
      using bss = object.map('.bss').open();
      expect(new DataView(bss.lookup(new Uint8Array(4))!.buffer).getUint32(0, true)).toBe(100_000);
    });
  });
});
