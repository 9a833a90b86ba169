import { createSnapshot, systemActor } from '@qingnang/contracts';
import { SnapshotService } from '@qingnang/snapshot';
import type { DemoStep } from './demo-step.js';

/** What a first training reads: frozen by the worker right after. The demo asks for rehearsal text, and says so. */
export async function seedSnapshots(step: DemoStep): Promise<void> {
  const { dataSource } = step.services;
  const { projectId } = step.cast;
  const snapshots = new SnapshotService(dataSource, { dataDir: '' });
  for (const kind of ['sft', 'preference', 'prompts'] as const) {
    const name = `demo-${kind}`;
    const [known]: unknown[] = await dataSource.query('select 1 from snapshot where project_id = $1 and name = $2', [
      projectId,
      name,
    ]);
    if (known) continue;
    const selection = { filter: { language: 'zh' }, includeRehearsal: true };
    await snapshots.create(systemActor(projectId, 'demo'), createSnapshot.parse({ name, kind, selection }));
  }
}
