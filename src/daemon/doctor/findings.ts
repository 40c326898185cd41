import type { Diagnosis } from '../../model/diagnosis.ts';

export const ok = (name: string, message: string): Diagnosis => ({ name, state: 'ok', message, remedy: null });

export const note = (name: string, message: string, remedy: string | null = null): Diagnosis => ({
  name,
  state: 'note',
  message,
  remedy,
});

export const problem = (name: string, message: string, remedy: string): Diagnosis => ({
  name,
  state: 'problem',
  message,
  remedy,
});
