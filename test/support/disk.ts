import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** Every commit waits for the disk; what these tests are about does not depend on it. */
export const quickDisk = (): string => (existsSync('/dev/shm') ? '/dev/shm' : tmpdir());
