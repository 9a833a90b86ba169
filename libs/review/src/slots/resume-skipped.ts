import type { EntityManager } from 'typeorm';
import type { Actor } from '@qingnang/contracts';
import { DomainError, notFound } from '@qingnang/kernel';

/**
 * Takes a skip back: the task lies in one's hands again, with what was written. Only until somebody else has it.
 * @throws `slot.skip_used` (409)
 */
export async function resumeSkipped(
  tx: EntityManager,
  actor: Actor,
  slotId: string,
  leaseSeconds: number,
): Promise<void> {
  const [skipped]: { id: string; free: boolean; mine: boolean }[] = await tx.query(
    `select a.id, s.state = 'open' and ts.state = 'open' as free,
       s.holder_id = $3 and s.state = 'leased' as mine
     from slot s join task_set ts on ts.id = s.task_set_id
       join assignment a on a.slot_id = s.id and a.person_id = $3
     where s.project_id = $1 and s.id = $2 order by a.from_at desc limit 1 for update of s`,
    [actor.projectId, slotId, actor.personId],
  );
  if (!skipped) throw notFound('slot', slotId);
  // Asked twice, it is done once.
  if (skipped.mine) return;
  const [back]: [unknown[], number] = skipped.free
    ? await tx.query(
        `update assignment set outcome = 'open', to_at = null where id = $1 and outcome = 'skipped' returning id`,
        [skipped.id],
      )
    : [[], 0];
  if (back.length === 0) throw skipUsed();
  await tx.query(
    `update slot set state = 'leased', holder_id = $2, lease_until = now() + make_interval(secs => $3),
       fencing_token = fencing_token + 1 where id = $1`,
    [slotId, actor.personId, leaseSeconds],
  );
}

function skipUsed(): DomainError {
  return new DomainError({
    code: 'slot.skip_used',
    status: 409,
    detail: 'Somebody else has it by now, or its set is closed: it cannot be taken up again.',
  });
}
