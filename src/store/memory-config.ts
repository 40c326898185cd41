import type { ConfigSource } from './config-source.ts';

/** For tests and the mock. */
export class MemoryConfig implements ConfigSource {
  readonly file = 'config.yaml';
  text: string | null;
  aside: string | null = null;
  readonly warning = null;
  #applied: string | null | undefined;

  constructor(text: string | null = null) {
    this.text = text;
  }

  read(): string | null {
    return this.text;
  }

  write(text: string | null): void {
    this.text = text;
  }

  setAside(text: string): string {
    this.aside = text;
    return `${this.file}.rolled-back`;
  }

  readApplied(): string | null | undefined {
    return this.#applied;
  }

  writeApplied(text: string | null): void {
    this.#applied = text;
  }
}
