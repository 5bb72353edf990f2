import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../../../../errors/classify.js';

export interface FileSystem {
  /** `undefined` for a kind that is not known. */
  readonly name: string | undefined;
  readonly trouble?: 'network' | 'short-lived';
}

/** Numbers of Linux (`man 2 statfs`); other systems have others, and are not judged. */
const KINDS: ReadonlyMap<number, FileSystem> = new Map<number, FileSystem>([
  [0x6969, { name: 'NFS', trouble: 'network' }],
  [0x517b, { name: 'SMB', trouble: 'network' }],
  [0xff534d42, { name: 'CIFS', trouble: 'network' }],
  [0xfe534d42, { name: 'SMB', trouble: 'network' }],
  [0x01021997, { name: '9p', trouble: 'network' }],
  [0x5346414f, { name: 'AFS', trouble: 'network' }],
  [0x00c36400, { name: 'Ceph', trouble: 'network' }],
  [0x47504653, { name: 'GPFS', trouble: 'network' }],
  [0x0bd00bd0, { name: 'Lustre', trouble: 'network' }],
  [0x01021994, { name: 'tmpfs', trouble: 'short-lived' }],
  [0x858458f6, { name: 'ramfs', trouble: 'short-lived' }],
  [0x794c7630, { name: 'overlayfs', trouble: 'short-lived' }],
  [0xef53, { name: 'ext4' }],
  [0x58465342, { name: 'XFS' }],
  [0x9123683e, { name: 'Btrfs' }],
  [0x2fc12fc1, { name: 'ZFS' }],
]);

/** Returns the kind of the file system of a folder, or of the nearest folder above it that exists. */
export async function fileSystemOf(folder: string): Promise<FileSystem> {
  try {
    const { type } = await statfs(folder);
    return process.platform === 'linux' ? kindOf(type) : { name: undefined };
  } catch (error) {
    const above = dirname(folder);
    if (errorCode(error) !== 'ENOENT' || above === folder) throw error;
    return fileSystemOf(above);
  }
}

/** Returns what a number of Linux stands for. */
export function kindOf(type: number): FileSystem {
  return KINDS.get(type) ?? { name: undefined };
}
