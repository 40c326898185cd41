import type { BtfPtr, CodePtr, MapPtr, Memory, MemoryPtr, ObjectPtr, ProgramPtr } from './pointers.ts';

/** The C types that occur in the tables below, with what they are in TypeScript. `?` marks what may be NULL. */
export interface CTypes {
  void: undefined;
  int: number;
  u32: number;
  s64: number | bigint;
  u64: number | bigint;
  size: number | bigint;
  bool: boolean;
  string: string;
  'string?': string | null;
  memory: Memory;
  'memory?': Memory | null;
  address: MemoryPtr;
  'address?': MemoryPtr | null;
  'code?': CodePtr | null;
  object: ObjectPtr;
  'object?': ObjectPtr | null;
  map: MapPtr;
  'map?': MapPtr | null;
  program: ProgramPtr;
  'program?': ProgramPtr | null;
  'btf?': BtfPtr | null;
  btf: BtfPtr;
}

export type CType = keyof CTypes;

/** Result type, then argument types. */
export type Signature = readonly [result: CType, args: readonly CType[]];

/** libbpf.so.1, as of version 1.1. Functions that return int return a negative errno, the others set errno. */
export const LIBBPF = {
  libbpf_major_version: ['u32', []],
  libbpf_minor_version: ['u32', []],
  libbpf_set_print: ['code?', ['code?']],
  libbpf_num_possible_cpus: ['int', []],

  bpf_object__open_file: ['object?', ['string', 'memory?']],
  bpf_object__open_mem: ['object?', ['memory', 'size', 'memory?']],
  bpf_object__load: ['int', ['object']],
  bpf_object__close: ['void', ['object']],
  bpf_object__name: ['string', ['object']],
  bpf_object__next_map: ['map?', ['object', 'map?']],
  bpf_object__next_program: ['program?', ['object', 'program?']],
  bpf_object__btf: ['btf?', ['object']],
  btf__raw_data: ['address?', ['btf', 'memory']],

  bpf_map__fd: ['int', ['map']],
  bpf_map__name: ['string', ['map']],
  bpf_map__type: ['u32', ['map']],
  bpf_map__set_type: ['int', ['map', 'u32']],
  bpf_map__key_size: ['u32', ['map']],
  bpf_map__value_size: ['u32', ['map']],
  bpf_map__map_flags: ['u32', ['map']],
  bpf_map__set_map_flags: ['int', ['map', 'u32']],
  bpf_map__max_entries: ['u32', ['map']],
  bpf_map__set_max_entries: ['int', ['map', 'u32']],
  bpf_map__autocreate: ['bool', ['map']],
  bpf_map__set_autocreate: ['int', ['map', 'bool']],
  bpf_map__is_internal: ['bool', ['map']],
  bpf_map__reuse_fd: ['int', ['map', 'int']],
  bpf_map__set_pin_path: ['int', ['map', 'string?']],
  bpf_map__pin_path: ['string?', ['map']],
  bpf_map__initial_value: ['address?', ['map', 'memory']],
  bpf_map__set_initial_value: ['int', ['map', 'memory', 'size']],

  bpf_program__fd: ['int', ['program']],
  bpf_program__name: ['string', ['program']],
  bpf_program__section_name: ['string', ['program']],
  bpf_program__insn_cnt: ['size', ['program']],
  bpf_program__type: ['u32', ['program']],
  bpf_program__set_type: ['int', ['program', 'u32']],
  bpf_program__expected_attach_type: ['u32', ['program']],
  bpf_program__set_expected_attach_type: ['int', ['program', 'u32']],
  bpf_program__autoload: ['bool', ['program']],
  bpf_program__set_autoload: ['int', ['program', 'bool']],
  bpf_program__flags: ['u32', ['program']],
  bpf_program__set_flags: ['int', ['program', 'u32']],
  bpf_program__set_ifindex: ['void', ['program', 'u32']],

  bpf_map_create: ['int', ['u32', 'string?', 'u32', 'u32', 'u32', 'memory?']],
  bpf_map_lookup_elem: ['int', ['int', 'memory', 'memory']],
  bpf_map_update_elem: ['int', ['int', 'memory', 'memory', 'u64']],
  bpf_map_delete_elem: ['int', ['int', 'memory']],
  bpf_map_get_next_key: ['int', ['int', 'memory?', 'memory']],
  bpf_map_lookup_batch: ['int', ['int', 'memory?', 'memory', 'memory', 'memory', 'memory', 'memory?']],
  bpf_map_update_batch: ['int', ['int', 'memory', 'memory', 'memory', 'memory?']],
  bpf_map_delete_batch: ['int', ['int', 'memory', 'memory', 'memory?']],
  bpf_map_get_fd_by_id: ['int', ['u32']],

  bpf_prog_load: ['int', ['u32', 'string?', 'string', 'memory', 'size', 'memory?']],
  bpf_prog_test_run_opts: ['int', ['int', 'memory']],
  bpf_prog_get_fd_by_id: ['int', ['u32']],
  bpf_btf_load: ['int', ['memory', 'size', 'memory?']],
  bpf_obj_get_info_by_fd: ['int', ['int', 'memory', 'memory']],
  bpf_obj_pin: ['int', ['int', 'string']],
  bpf_obj_get: ['int', ['string']],

  bpf_link_create: ['int', ['int', 'int', 'u32', 'memory?']],
  bpf_link_update: ['int', ['int', 'int', 'memory?']],
  bpf_link_detach: ['int', ['int']],
  bpf_xdp_attach: ['int', ['int', 'int', 'u32', 'memory?']],
  bpf_xdp_detach: ['int', ['int', 'u32', 'memory?']],
  bpf_xdp_query: ['int', ['int', 'int', 'memory']],
  bpf_tc_hook_create: ['int', ['memory']],
  bpf_tc_attach: ['int', ['memory', 'memory']],
  bpf_tc_detach: ['int', ['memory', 'memory']],
  bpf_tc_query: ['int', ['memory', 'memory']],
} as const satisfies Record<string, Signature>;

/** The C library: what Node.js has no call for. These return -1 (or NULL, MAP_FAILED, 0) and set errno. */
export const LIBC = {
  mmap: ['address?', ['address?', 'size', 'int', 'int', 'int', 's64']],
  munmap: ['int', ['address', 'size']],
  memcpy: ['address?', ['memory', 'memory', 'size']],
  free: ['void', ['address?']],
  vasprintf: ['int', ['memory', 'address', 'address']],
  getpagesize: ['int', []],
  malloc_trim: ['int', ['size']],
  pthread_sigmask: ['int', ['int', 'memory', 'memory']],
  syscall: ['int', ['int', 'int', 'int', 'int']],
  setns: ['int', ['int', 'int']],
  flock: ['int', ['int', 'int']],
  mount: ['int', ['string', 'string', 'string', 'u64', 'string?']],
  if_nametoindex: ['u32', ['string']],
  socket: ['int', ['int', 'int', 'int']],
  if_indextoname: ['address?', ['u32', 'memory']],
} as const satisfies Record<string, Signature>;

/** Variadic in C; the last argument here is the one optional one, of the only type that this folder uses. */
export const LIBC_VARIADIC = {
  fcntl: ['int', ['int', 'int', 'int']],
  ioctl: ['int', ['int', 'u64', 'memory']],
} as const satisfies Record<string, Signature>;

type Values<Types extends readonly CType[]> = { -readonly [Index in keyof Types]: CTypes[Types[Index]] };

/** The callable functions of a table. */
export type Bound<Table extends Record<string, Signature>> = {
  readonly [Name in keyof Table]: (...args: Values<Table[Name][1]>) => CTypes[Table[Name][0]];
};
