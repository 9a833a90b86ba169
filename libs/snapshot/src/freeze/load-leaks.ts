import type { EntityManager } from 'typeorm';
import type { ChatMessage, Turn } from '@qingnang/contracts';
import { questionHash } from '@qingnang/text';
import { firstQuestion } from './candidate.js';
import { LeakIndex } from './leak-index.js';

/**
 * Every question of the project's frozen suites, and of every record that may be evaluated with but not trained on,
 * whichever data set it stands in and in all the words its sources said, also those it has left behind. Evaluation sets are thousands of questions, not millions, so they are held in memory.
 */
export async function loadLeaks(tx: EntityManager, projectId: string): Promise<LeakIndex> {
  const index = new LeakIndex();
  const items: { messages: ChatMessage[]; question_hash: string }[] = await tx.query(
    `select i.messages, encode(i.question_hash, 'hex') as question_hash from suite_item i join suite s on s.id = i.suite_id
     where i.project_id = $1 and s.state = 'frozen' and i.messages is not null`,
    [projectId],
  );
  for (const item of items) {
    const question = item.messages.filter((message) => message.role === 'user').map((message) => message.content);
    index.add(question.join('\n'), item.question_hash);
  }
  const records: { turns: Turn[] }[] = await tx.query(
    `select v.turns from source_set w join record r on r.project_id = w.project_id and r.source_set_id = w.id
       join version v on v.record_id = r.id and v.kind in ('import', 'distil')
     where w.project_id = $1 and 'evaluate' = any(w.allowed_use) and not 'train' = any(w.allowed_use)
       and v.turns is not null`,
    [projectId],
  );
  for (const { turns } of records) index.add(firstQuestion(turns), questionHash(turns));
  return index;
}
