import type { EntityManager } from 'typeorm';
import { sha256 } from '@qingnang/kernel';
import {
  fence,
  type FollowUp,
  itemIdSql,
  type LlmAnswer,
  type LlmItemEntity,
  type LlmJobEntity,
  plainAnswer,
  type Stored,
} from '@qingnang/llm';
import { z } from 'zod';
import { keepRecord } from '../keep-record.js';
import { requestOf, seedOf } from '../request.js';
import type { DistilPlan, Recipe, RolePrompts } from '../recipe.js';
import { type Triplet, triplet, tripletForm, tripletKey } from './triplet-form.js';

/** Tasks asked for in one call. */
const PER_CALL = 10;
/** Calls for tasks, as a multiple of what is needed when none is repeated: then the shortfall is named instead. */
const MOST_CALLS = 3;
const INSTRUCT_TOKENS = { input: 700, output: 80 };
const ANSWER_TOKENS = { input: 500, output: 350 };

const answerParams = triplet.extend({ key: z.string(), callId: z.string(), rehearsal: z.boolean(), model: z.string() });

const callsFor = (count: number): number => Math.ceil(count / PER_CALL);

/** Self-instruct: one model sets tasks in a department, each is answered by a model in the role it names. */
export const tripletRecipe: Recipe = {
  estimate({ count }) {
    const calls = callsFor(count);
    return [
      {
        role: 'instruct',
        calls,
        inputTokens: calls * INSTRUCT_TOKENS.input,
        outputTokens: count * INSTRUCT_TOKENS.output,
      },
      {
        role: 'answer',
        calls: count,
        inputTokens: count * ANSWER_TOKENS.input,
        outputTokens: count * ANSWER_TOKENS.output,
      },
    ];
  },

  writeItems: (tx, job, plan, prompts) => askForTasks(tx, job, prompts, 0, callsFor(plan.count)),

  request(item, plan, prompt, houseStyle) {
    const asking = { houseStyle, language: plan.language, seed: seedOf(item) };
    if (item.role === 'instruct') {
      const material = { department: plan.department || null, language: plan.language, count: PER_CALL };
      return requestOf(prompt, { ...asking, values: { count: String(PER_CALL), material: fence(material) } });
    }
    const { role, instruction, input } = answerParams.parse(item.params);
    return requestOf(prompt, { ...asking, values: { role, instruction, input } });
  },

  form: (item) => (item.role === 'instruct' ? tripletForm : plainAnswer),

  async store(tx, job, item, answer, { plan, prompts }) {
    if (item.role === 'instruct') return storeTasks(tx, job, item, answer as LlmAnswer<Triplet[]>, { plan, prompts });
    const { instruction, input, callId, rehearsal, model } = answerParams.parse(item.params);
    const question = input === '' ? instruction : `${instruction}\n${input}`;
    const result = await keepRecord(tx, {
      projectId: job.projectId,
      dataSet: 'distilled_instruction',
      plan,
      department: plan.department || null,
      model: model === answer.model ? model : `${model} + ${answer.model}`,
      item,
      turns: [
        { role: 'patient', text: question, callId, rehearsal },
        { role: 'doctor', text: answer.text.trim(), callId: answer.callId, rehearsal: answer.rehearsal },
      ],
    });
    return { result, followUps: [] };
  },
};

/** New tasks go on to be answered, as many as are still wanted; where too few came, more are asked for. */
async function storeTasks(
  tx: EntityManager,
  job: LlmJobEntity,
  item: LlmItemEntity,
  answer: LlmAnswer<Triplet[]>,
  { plan, prompts }: { plan: DistilPlan; prompts: RolePrompts },
): Promise<Stored> {
  // Two answers at once must not both count the same place as free.
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`distil:${job.id}`]);
  const known = await tx.query<{ key: string }[]>(
    `select params ->> 'key' as key from llm_item where job_id = $1 and role = 'answer'`,
    [job.id],
  );
  const keys = new Set(known.map(({ key }) => key));
  const followUps: FollowUp[] = [];
  for (const task of answer.read) {
    const key = sha256(tripletKey(task)).slice(0, 32);
    if (keys.has(key) || keys.size >= plan.count) continue;
    keys.add(key);
    const { callId, rehearsal, model } = answer;
    followUps.push({
      role: 'answer',
      promptVersionId: prompts.answer!.id,
      params: { ...task, key, callId, rehearsal, model },
    });
  }
  await askForMore(tx, job, item, plan, prompts, keys.size);
  // Every task was known already, or more than wanted: said as that, and nothing follows.
  const result = followUps.length === 0 ? { type: 'nothing_new', id: item.id } : null;
  return { result, followUps };
}

async function askForMore(
  tx: EntityManager,
  job: LlmJobEntity,
  item: LlmItemEntity,
  plan: DistilPlan,
  prompts: RolePrompts,
  have: number,
): Promise<void> {
  const [asked] = await tx.query<{ total: number; open: number }[]>(
    `select count(*)::int as total, count(*) filter (where id <> $2
       and state in ('waiting', 'in_flight', 'in_doubt', 'answered'))::int as open
     from llm_item where job_id = $1 and role = 'instruct'`,
    [job.id, item.id],
  );
  const wanted = callsFor(plan.count - have);
  const left = MOST_CALLS * callsFor(plan.count) - asked!.total;
  if (have >= plan.count || asked!.open > 0 || left <= 0) return;
  await askForTasks(tx, job, prompts, asked!.total, Math.min(wanted, left));
  await tx.query('update llm_job set total = total + $2 where id = $1', [job.id, Math.min(wanted, left)]);
}

async function askForTasks(
  tx: EntityManager,
  job: LlmJobEntity,
  prompts: RolePrompts,
  from: number,
  calls: number,
): Promise<void> {
  await tx.query(
    `insert into llm_item (id, project_id, job_id, subject_type, subject_id, sample_index, role, prompt_version_id, idempotency_key)
     select i.id, $1, $2, 'llm_job', $2, i.n, 'instruct', $3, i.id::text || '.1'
     from (select ${itemIdSql('n')} as id, n from generate_series($4::int, $4::int + $5::int - 1) n) i`,
    [job.projectId, job.id, prompts.instruct!.id, from, calls],
  );
}
