import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { NetxfwError } from '../model/errors.ts';
import { chooseInterface } from './remembered-interface.ts';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'nxt-interface-'));
  file = join(directory, 'state', 'default-interface');
});
afterEach(() => rmSync(directory, { recursive: true }));

const noRoute = (): never => {
  throw new NetxfwError('INTERFACE_UNKNOWN', 'there is no default route');
};
const exists = () => true;

it('takes the interface of the default route, and knows it later without a route', () => {
  expect(chooseInterface(file, () => 'eth1', exists)).toEqual({ interface: 'eth1', remembered: false });
  expect(chooseInterface(file, noRoute, exists)).toEqual({ interface: 'eth1', remembered: true });
});

it('follows a default route that has moved', () => {
  chooseInterface(file, () => 'eth0', exists);
  chooseInterface(file, () => 'eth1', exists);
  expect(chooseInterface(file, noRoute, exists).interface).toBe('eth1');
});

it('does not take an interface that is gone, or a file that names none', () => {
  expect(() => chooseInterface(file, noRoute, exists)).toThrow('no default route');
  chooseInterface(file, () => 'eth1', exists);
  expect(() => chooseInterface(file, noRoute, () => false)).toThrow('no default route');
});

it('never takes a damaged name for the right one: eth1 is one bit away from eth0', () => {
  chooseInterface(file, () => 'eth0', exists);
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('eth0', 'eth1'));
  expect(() => chooseInterface(file, noRoute, exists)).toThrow(
    /no default route.*default-interface is damaged.*a copy/,
  );
  expect(chooseInterface(file, () => 'eth0', exists).interface).toBe('eth0');
  expect(readFileSync(file, 'utf8')).toBe(text);
});

it('comes up where nothing can be written', () => {
  writeFileSync(join(directory, 'state'), '');
  expect(chooseInterface(file, () => 'eth0', exists).interface).toBe('eth0');
  expect(existsSync(file)).toBe(false);
});
