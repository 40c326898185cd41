import { describe, expect, it } from 'vitest';
import { configSections, type RowShape } from './fields.ts';
import { checkRow, inputOf } from './row-values.ts';

const fields = configSections().flatMap((section) => section.fields);

function shapeOf(key: string): RowShape {
  const kind = fields.find((field) => field.key === key)!.kind;
  if (kind.type !== 'rows' && kind.type !== 'items') throw new Error(`${key} is edited as ${kind.type}`);
  return kind.row;
}

describe('a row of the form', () => {
  const rules = shapeOf('port.ip_port_rules');

  it('stands in the file as short as it can, and ports as numbers', () => {
    const input = { ...inputOf(rules, undefined), ip: ' 192.0.2.0/24 ', port: '80', action: 'deny' };
    expect(checkRow(rules, input, undefined)).toEqual({
      row: { ip: '192.0.2.0/24', port: 80, action: 'deny' },
      errors: {},
    });
    expect(checkRow(rules, { ...input, port: '80-90' }, undefined)).toMatchObject({ row: { port: '80-90' } });
  });

  it('keeps what was written although it is the default', () => {
    const before = { ip: '192.0.2.1', port: 1, protocol: 'any', action: 'allow' };
    expect(checkRow(rules, inputOf(rules, before), before).row).toEqual(before);
  });

  it('is refused by the schema of the file, cell by cell', () => {
    const input = { ...inputOf(rules, undefined), ip: '192.0.2', port: '70000', action: '' };
    const { row, errors } = checkRow(rules, input, undefined);
    expect(row).toBeUndefined();
    expect(errors.ip).toMatch(/address or network/);
    expect(errors.port).toMatch(/port/);
    expect(errors.action).toMatch(/allow or deny/);
  });

  it.each([
    ['port.allowed_ports', '443/tcp', '443/tcp'],
    ['port.allowed_ports', '80', 80],
    ['whitelist', '2001:db8::/32', '2001:db8::/32'],
    ['base.interfaces', 'eth0', 'eth0'],
  ])('of %s may be %s', (key, given, row) => {
    expect(checkRow(shapeOf(key), { '': given }, undefined).row).toBe(row);
  });

  it.each([
    ['port.allowed_ports', '0'],
    ['whitelist', 'everybody'],
    ['whitelist', ''],
  ])('of %s may not be "%s"', (key, given) => {
    const { row, errors } = checkRow(shapeOf(key), { '': given }, undefined);
    expect(row).toBeUndefined();
    expect(errors['']).not.toBe('');
  });

  it('of limits needs all its numbers', () => {
    const limits = shapeOf('rate_limit.rules');
    expect(checkRow(limits, { ip: '0.0.0.0/0', rate: 1000, burst: '' }, undefined).errors).toHaveProperty('burst');
    expect(checkRow(limits, { ip: '0.0.0.0/0', rate: 1000, burst: 2000 }, undefined).row).toEqual({
      ip: '0.0.0.0/0',
      rate: 1000,
      burst: 2000,
    });
  });
});
