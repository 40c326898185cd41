/**
 * Addresses as koffi hands them out (bigint), branded so that a map's address cannot be passed where a program's is
 * expected. A wrong address ends the process, so nothing outside this folder sees one.
 */
declare const pointee: unique symbol;

export type Pointer<Pointee extends string> = bigint & { readonly [pointee]: Pointee };

export type ObjectPtr = Pointer<'struct bpf_object'>;
export type MapPtr = Pointer<'struct bpf_map'>;
export type ProgramPtr = Pointer<'struct bpf_program'>;
export type BtfPtr = Pointer<'struct btf'>;
export type CodePtr = Pointer<'code'>;
export type MemoryPtr = Pointer<'memory'>;

/** What a `void *` argument takes: JavaScript memory for the time of the call, or an address. */
export type Memory = NodeJS.ArrayBufferView | ArrayBuffer | MemoryPtr;
