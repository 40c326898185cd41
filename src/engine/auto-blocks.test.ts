import { describe, expect, it } from 'vitest';
import type { VerdictRecord } from '../dataplane/dataplane.ts';
import { MemoryDataPlane } from '../dataplane/memory.ts';
import { type Config, defaultConfig } from '../model/config.ts';
import type { EngineEvent } from '../model/events.ts';
import { parseAddress, prefix4 } from '../model/prefixes.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { AutoBlocks } from './auto-blocks.ts';
import { EngineCore } from './core.ts';

const START = 1_700_000_000_000;

function told(auto_block: boolean, rate_limit: Partial<Config['rate_limit']> = {}) {
  const defaults = defaultConfig();
  const config = { ...defaults, rate_limit: { ...defaults.rate_limit, auto_block, ...rate_limit } };
  const core = new EngineCore(new MemoryDataPlane(), new MemoryStore(), config, Date.now);
  const seen: string[] = [];
  core.events.on((event: EngineEvent) => {
    if (event.type === 'dynamic') seen.push(`${event.action} ${event.prefix}`);
  });
  const blocks = new AutoBlocks(core);
  const over = (source: string, more: Partial<VerdictRecord> = {}) => {
    const prefix = parseAddress(source);
    const record = { at: START, reason: 'DROP_RATE_LIMIT', family: prefix.family, source: prefix, ...more };
    blocks.notice(record as VerdictRecord);
  };
  return { seen, over, blocks };
}

describe('blocks that the kernel makes by itself', () => {
  it('are told of once, until they have ended', () => {
    const { seen, over } = told(true, { auto_block_expiry: '5m' });
    for (let second = 0; second < 300; second++) over('192.0.2.1', { at: START + second * 1000 });
    expect(seen).toEqual(['auto-blocked 192.0.2.1']);
    over('192.0.2.1', { at: START + 300_000 });
    expect(seen).toHaveLength(2);
  });

  it('are those of limits, and of nothing else', () => {
    const { seen, over } = told(true);
    over('192.0.2.1', { reason: 'DROP_SYN_LIMIT' });
    over('192.0.2.2', { reason: 'DROP_ICMP_LIMIT' });
    over('192.0.2.3', { reason: 'DROP_DENIED_HOST' });
    expect(seen).toEqual(['auto-blocked 192.0.2.1']);
  });

  it('are as wide as the kernel makes them', () => {
    const wide = told(true);
    wide.over('2001:db8::1');
    wide.over('2001:db8::2');
    expect(wide.seen).toEqual(['auto-blocked 2001:db8::/64']);
    const narrow = told(true, { v6_prefix: 128 });
    narrow.over('2001:db8::1');
    expect(narrow.seen).toEqual(['auto-blocked 2001:db8::1']);
  });

  it('are not made without auto_block', () => {
    const { seen, over } = told(false);
    over('192.0.2.1');
    expect(seen).toEqual([]);
  });

  it('do not make a flood of events', () => {
    const { seen, blocks } = told(true);
    for (let i = 0; i < 100_000; i++) {
      const at = START + Math.floor(i / 1000);
      blocks.notice({ at, reason: 'DROP_RATE_LIMIT', family: 4, source: prefix4(i + 1) } as VerdictRecord);
    }
    expect(seen.length).toBeLessThanOrEqual(40);
  });
});
