import type { DataSource } from 'typeorm';
import type { CreateSuite, SuiteQuestion, Turn } from '@qingnang/contracts';
import { createRandom, DomainError, notFound } from '@qingnang/kernel';

interface PromptRow {
  turns: Turn[] | null;
  turnN: number;
  reference: string | null;
  department: string | null;
  intent: string | null;
}

const roleOf = { system: 'system', patient: 'user', doctor: 'assistant' } as const;

/**
 * Questions for a suite from the prompts that a frozen snapshot holds back. The same seed draws the same ones.
 * @throws DomainError `suite.no_prompts` (422)
 */
export async function drawQuestions(
  dataSource: DataSource,
  projectId: string,
  from: NonNullable<CreateSuite['fromSnapshot']>,
): Promise<SuiteQuestion[]> {
  const known = await dataSource.query<unknown[]>(
    `select from snapshot where project_id = $1 and id = $2 and state in ('frozen', 'released')`,
    [projectId, from.snapshotId],
  );
  if (known.length === 0) throw notFound('snapshot', from.snapshotId);
  const rows = await dataSource.query<PromptRow[]>(
    `select distinct on (p.id) v.turns, p.turn_n as "turnN", ref.text as reference, r.department, r.intent
     from snapshot_item i join prompt p on p.id = i.prompt_id join version v on v.id = p.version_id
     join record r on r.id = p.record_id left join reference ref on ref.id = i.reference_id
     where i.snapshot_id = $1 and i.split = $2 and v.turns is not null and r.state <> 'withdrawn'
     order by p.id, i.ordinal`,
    [from.snapshotId, from.split],
  );
  if (rows.length === 0) {
    throw new DomainError({
      code: 'suite.no_prompts',
      status: 422,
      field: 'fromSnapshot.snapshotId',
      detail: `This snapshot holds no prompts in its ${from.split} part: choose a snapshot of prompts or of preferences.`,
    });
  }
  // Two records may ask the same to the letter; a suite asks it once.
  const questions = new Map<string, SuiteQuestion>();
  for (const row of createRandom(from.seed).shuffle(rows)) {
    const question = questionOf(row);
    const words = JSON.stringify(question.messages);
    if (!questions.has(words)) questions.set(words, question);
    if (questions.size === from.count) break;
  }
  return [...questions.values()];
}

function questionOf({ turns, turnN, reference, department, intent }: PromptRow): SuiteQuestion {
  return {
    messages: turns!
      .filter(({ n }) => n <= turnN)
      .sort((a, b) => a.n - b.n)
      .map(({ role, text }) => ({ role: roleOf[role], content: text })),
    reference,
    department,
    category: intent,
  };
}
