import { EXIT } from '../../../model/errors.ts';
import { command } from '../../command.ts';
import type { DoctorDocument } from '../../documents.ts';
import { printDiagnoses } from '../../output/diagnoses.ts';

export default command({
  summary: 'Look for what keeps the filter from running well',
  description: `Kernel and its features, libbpf, BTF, bpffs, memory limits, disk, ports, and for each interface the
    driver, what is in the way of native XDP and other XDP programs on it; each finding with its remedy. Nothing is
    changed. The exit code is ${EXIT.failed} when there is a problem.`,
  options: { 'try-native': { help: 'attach an empty program for a moment; some drivers reset the card then' } },
  examples: [
    { run: 'netxfw system doctor', note: 'before the first start, or when one fails' },
    { run: 'netxfw system doctor --try-native', note: 'does the driver take it?' },
  ],
  async run(context, { 'try-native': tryNative }) {
    const host = await context.environment.host();
    const diagnoses = await host.doctor({ ...context.configOption(), tryNative });
    if (diagnoses.some(({ state }) => state === 'problem')) context.exit = EXIT.failed;
    if (context.json) return context.out.json<DoctorDocument>({ diagnoses });
    await printDiagnoses(context.out, diagnoses);
  },
});
