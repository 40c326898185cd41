// Exits 0 when node_modules holds exactly what package-lock.json asks for.
import { readFileSync } from 'node:fs';

const packagesOf = (file) => JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')).packages;

try {
  const wanted = packagesOf('package-lock.json');
  const present = packagesOf('node_modules/.package-lock.json');
  const lacking = Object.entries(wanted).filter(
    ([path, entry]) =>
      path.startsWith('node_modules/') && !entry.optional && present[path]?.version !== entry.version && !entry.link,
  );
  process.exit(lacking.length === 0 ? 0 : 1);
} catch {
  process.exit(1);
}
