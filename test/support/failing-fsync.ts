import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A disk that takes writes and then cannot say that they are durable, as long as a file is there. */
export function failingFsync(directory: string): { readonly preload: string; readonly failing: string } {
  const failing = join(directory, 'fsync-fails');
  const source = join(directory, 'fsync.c');
  const preload = join(directory, 'fsync.so');
  const call = (name: string) => `
int ${name}(int fd)
{
	if (access("${failing}", F_OK) == 0) {
		errno = EIO;
		return -1;
	}
	return syscall(SYS_${name}, fd);
}
`;
  const includes = '#define _GNU_SOURCE\n#include <errno.h>\n#include <sys/syscall.h>\n#include <unistd.h>\n';
  writeFileSync(source, includes + call('fsync') + call('fdatasync'));
  execFileSync('clang', ['-shared', '-fPIC', '-O1', '-o', preload, source]);
  return { preload, failing };
}
