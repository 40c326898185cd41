/**
 * A binding to libbpf 1.1 and the bpf system call through koffi. It knows objects, maps, programs and links, and nothing
 * of what they are used for. Nothing is loaded until the first call, so importing it works on any machine.
 *
 * Every handle has one owner, who disposes of it (`using`, or [Symbol.dispose]()); what a handle was opened from need
 * not outlive it unless its documentation says so. Failures are BpfError. One thread of a process may use it.
 */
export { isBpffs, mountBpffs, requireBpffs } from './bpffs.ts';
export { Btf, type StructLayout, type StructMember, type Variable } from './btf.ts';
export { countBpfDescriptors } from './descriptors.ts';
export { BpfError, type BpfErrorCode, errnoName, VerifierError } from './errors.ts';
export { FEATURES, type Feature, type FeatureAnswer, probeFeature, probeFeatures } from './features.ts';
export { Globals, type GlobalValue } from './globals.ts';
export { awaitRunningPrograms } from './grace.ts';
export { hasEthernetHeader, interfaceIndex, interfaceName } from './interfaces.ts';
export { isAtLeast, type KernelVersion, kernelVersion, parseKernelVersion } from './kernel-version.ts';
export { BpfLink, type LinkInfo } from './link.ts';
export { FileLock } from './lock.ts';
export { BpfMap, type MapSpec } from './map.ts';
export type { MapContents } from './map-batch.ts';
export { isPerCpu, type MapInfo, possibleCpus } from './map-info.ts';
export { MapMemory } from './map-memory.ts';
export { inNetworkNamespace } from './netns.ts';
export { BpfObject } from './object.ts';
export type { ObjectMap } from './object-map.ts';
export type { ObjectProgram } from './object-program.ts';
export { unpin } from './pins.ts';
export { BpfProgram, type ProgramInfo } from './program.ts';
export { type OnRecord, RingBuffer } from './ring-buffer.ts';
export { attachTc, openTc, type TcAttachment, type TcBackend, type TcDirection, type TcOptions } from './tc.ts';
export {
  ProgramRunner,
  type RunnerOptions,
  SK_BUFF_SIZE,
  type TestRun,
  type TestRunResult,
  XDP_MD_SIZE,
} from './test-run.ts';
export { tryXdp } from './trial.ts';
export { trimHeap } from './trim.ts';
export { MAP_FLAG, MAP_TYPE, PROG_FLAG, PROG_TYPE, TEST_FLAG, UPDATE, XDP_ACTION } from './uapi.ts';
export { attachXdp, queryXdp, type XdpAttached, type XdpMode } from './xdp.ts';
