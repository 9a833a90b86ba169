import { Injectable } from '@nestjs/common';
import { JobHandler } from '@qingnang/queue';
import { Freezer, freezeJob } from '@qingnang/snapshot';

@JobHandler(freezeJob)
@Injectable()
export class FreezeHandler {
  constructor(private readonly freezer: Freezer) {}

  run(payload: { projectId: string; snapshotId: string }): Promise<void> {
    return this.freezer.run(payload.projectId, payload.snapshotId);
  }

  gaveUp({ projectId, snapshotId }: { projectId: string; snapshotId: string }): Promise<void> {
    return this.freezer.giveUp(projectId, snapshotId);
  }
}
