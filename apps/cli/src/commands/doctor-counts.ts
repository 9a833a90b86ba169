import {
  createDataSource,
  mendTally,
  readMigrationState,
  tallyDifferences,
  type TallyDifference,
} from '@qingnang/database';
import { migrations } from '../../../../migrations/index.js';

/** Asks the doctor to set wrong counts right. */
export const MEND = '--mend-counts';
/** Differences named one by one. */
const NAMED = 20;

/** Counts everything anew; what differs is thrown as one sentence a difference, or mended where that was asked. */
export async function checkCounts(url: string, { mend }: { mend: boolean }): Promise<string> {
  const { pending } = await readMigrationState(url, migrations);
  if (pending.length > 0) return 'not looked at: the database is to be brought up to this version first';
  const source = await createDataSource({ url, poolSize: 1, applicationName: 'qingnang-doctor' }).initialize();
  try {
    const differences = await tallyDifferences(source.manager);
    if (differences.length === 0) return 'kept counts are what there is';
    if (mend) return `${await mendTally(source)} kept counts were wrong and are mended`;
    throw new Error(describe(differences));
  } finally {
    await source.destroy();
  }
}

function describe(differences: readonly TallyDifference[]): string {
  const lines = differences.slice(0, NAMED).map(({ topic, projectId, scope, key, hour, kept, counted }) => {
    const place = scope === projectId ? `project ${projectId}` : `${scope} of project ${projectId}`;
    const labels = Object.keys(key).length > 0 ? ` ${JSON.stringify(key)}` : '';
    return `  ${topic}${labels} in ${place}${hour ? `, hour ${hour.toISOString()}` : ''}: kept ${kept}, there are ${counted}`;
  });
  const more = differences.length > NAMED ? [`  and ${differences.length - NAMED} more`] : [];
  const heading = `${differences.length} kept counts differ from what there is; qingnang doctor ${MEND} sets them right`;
  return [heading, ...lines, ...more].join('\n');
}
