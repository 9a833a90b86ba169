import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { JobAttempt } from '@qingnang/queue';
import { withdrawAdjudications } from '../adjudication/open-adjudication.js';

/** What was to be decided about the old words is to be decided no more. */
const DECIDING = 'select k.id from task k where k.record_id = $2 and k.decides_task_id is not null';

/** What review does when a record's source brings other words: open tasks on it no longer make sense as they are. */
@Injectable()
export class ReopenChangedRecords {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Unanswered and answered slots alike go back to the queue; what people wrote stays in their answers and drafts. A
   * review shows the new words, or a polish of them where there is one already.
   */
  async run(projectId: string, recordId: string, attempt: JobAttempt): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      await attempt.hold(tx);
      await withdrawAdjudications(tx, projectId, { recordId });
      await tx.query(
        `update slot set state = 'open', holder_id = null, lease_until = null, round = round + 1,
           fencing_token = fencing_token + 1,
           shown_version_id = case when shown_version_id is not null then (
             select coalesce((select v.id from version v
                 where v.record_id = r.id and v.kind = 'polish' and v.parent_id = r.import_version_id
                 order by v.created_at desc, v.id desc limit 1), r.import_version_id)
             from record r where r.id = slot.record_id) end
         where project_id = $1 and record_id = $2 and task_id not in (${DECIDING})`,
        [projectId, recordId],
      );
      await tx.query(
        `update assignment set outcome = 'released', to_at = coalesce(to_at, now())
         where project_id = $1 and record_id = $2 and outcome in ('open', 'answered')
           and slot_id not in (select s.id from slot s where s.task_id in (${DECIDING}))`,
        [projectId, recordId],
      );
      await tx.query(
        `update task set state = 'open', updated_at = now()
         where project_id = $1 and record_id = $2 and decides_task_id is null`,
        [projectId, recordId],
      );
      await tx.query(
        `update record set state = 'in_work' where project_id = $1 and id = $2 and state = 'imported'
           and exists (select from task t where t.record_id = record.id)`,
        [projectId, recordId],
      );
    });
  }
}
