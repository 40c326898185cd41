import type { Diagnosis } from '../../model/diagnosis.ts';
import { NetxfwError } from '../../model/errors.ts';
import { say } from '../../model/messages.ts';
import type { Listener } from '../../model/status.ts';
import { connect } from '../../sdk/connect.ts';
import { TokensFile } from '../../store/tokens-file.ts';
import { defaultInterface } from '../default-interface.ts';
import { salvageSettings } from '../settings.ts';
import { note, ok, problem } from './findings.ts';
import { interfaceFindings } from './interfaces.ts';
import { kernelFindings } from './kernel.ts';
import { readKernel, readResources } from './read-host.ts';
import { readInterface } from './read-interface.ts';
import { readListeners } from './read-listeners.ts';
import { listenerFindings, resourceFindings } from './resources.ts';

export interface DoctorOptions {
  readonly config?: string | undefined;
  readonly tryNative: boolean;
  /** Where the daemon that asks listens; left out = look for one that runs. */
  readonly served?: readonly Listener[];
}

/** Everything that the filter needs of this host, each with its remedy. Changes nothing. */
export async function doctor(options: DoctorOptions): Promise<Diagnosis[]> {
  const { config: path, tryNative } = options;
  const { config, paths, configFile, problem: broken } = salvageSettings(path);
  const served = options.served ?? (await askDaemon(path));
  const listeners = await readListeners(config, tokenCount(paths.tokensFile), served);
  const kernel = await readKernel();
  const facts = { pinPath: paths.pinPath, tryNative: tryNative && kernel.root };
  const interfaces = await Promise.all(
    interfacesOf(config.base.interfaces).map(async (found) =>
      typeof found === 'string' ? interfaceFindings(await readInterface(found, facts)) : [found],
    ),
  );
  return [
    broken === null ? ok('config', configFile) : problem('config', broken.message, broken.hint),
    ...kernelFindings(kernel),
    ...resourceFindings(readResources(config, paths)),
    ...interfaces.flat(),
    ...listenerFindings(listeners),
    served === null
      ? note('daemon', say('doctor.noDaemon'), 'netxfw system daemon')
      : ok('daemon', say('doctor.daemon')),
  ];
}

/** Names of interfaces, or why there is none. */
function interfacesOf(configured: readonly string[]): (string | Diagnosis)[] {
  if (configured.length > 0) return [...configured];
  try {
    return [defaultInterface()];
  } catch (error) {
    const { message, hint } = NetxfwError.from(error);
    return [problem('interface', message, hint)];
  }
}

/** The listeners of the daemon of this configuration; null without one. */
async function askDaemon(config: string | undefined) {
  try {
    await using netxfw = await connect({ mode: 'remote', ...(config === undefined ? {} : { config }) });
    return (await netxfw.system.status()).listeners;
  } catch {
    return null;
  }
}

function tokenCount(file: string): number {
  try {
    return new TokensFile(file).load().length;
  } catch {
    return 0;
  }
}
