import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** What review does when a record's source brings other words: open tasks on it no longer make sense as they are. */
@Injectable()
export class ReopenChangedRecords {
  constructor(private readonly dataSource: DataSource) {}

  /** Unanswered and answered slots alike go back to the queue; what people wrote stays in their answers and drafts. */
  async run(projectId: string, recordId: string): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      await tx.query(
        `update slot set state = 'open', holder_id = null, lease_until = null, round = round + 1,
           fencing_token = fencing_token + 1
         where project_id = $1 and record_id = $2`,
        [projectId, recordId],
      );
      await tx.query(
        `update assignment set outcome = 'released', to_at = coalesce(to_at, now())
         where project_id = $1 and record_id = $2 and outcome in ('open', 'answered')`,
        [projectId, recordId],
      );
      await tx.query(`update task set state = 'open', updated_at = now() where project_id = $1 and record_id = $2`, [
        projectId,
        recordId,
      ]);
    });
  }
}
