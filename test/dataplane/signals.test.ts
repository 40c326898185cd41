import { spawn } from 'node:child_process';
import { afterEach, expect, it } from 'vitest';
import { failOnLeaks } from '../ebpf/leaks.ts';
import { configOf, Planes } from './planes.ts';

failOnLeaks();

const planes = new Planes();
const ignore = () => {};
afterEach(() => {
  process.off('SIGUSR2', ignore);
  planes.dispose();
});

it('a storm of signals does not keep the programs from being loaded', async () => {
  process.on('SIGUSR2', ignore);
  const storm = spawn('sh', ['-c', `echo; while kill -USR2 ${process.pid}; do :; done`]);
  await new Promise((resolve) => storm.stdout.once('data', resolve));
  try {
    for (let i = 0; i < 5; i++) expect(planes.load(planes.path(), { config: configOf({}) }).attachments()).toEqual([]);
  } finally {
    storm.kill('SIGKILL');
  }
});
