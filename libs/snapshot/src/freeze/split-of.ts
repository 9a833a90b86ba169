import { createHash } from 'node:crypto';
import type { SnapshotSelection, Split } from '@qingnang/contracts';

/**
 * The split of a group: its hash under the project's salt, as a number in [0, 1), cut at the shares. The same salt
 * serves every kind of snapshot, so one patient or cluster never stands in the train split of one and the test split
 * of another.
 */
export function splitOf(salt: string, groupId: string, shares: SnapshotSelection['splits']): Split {
  const at = createHash('sha256').update(`${salt}:${groupId}`).digest().readUIntBE(0, 6) / 2 ** 48;
  if (at < shares.train) return 'train';
  return at < shares.train + shares.validation ? 'validation' : 'test';
}
