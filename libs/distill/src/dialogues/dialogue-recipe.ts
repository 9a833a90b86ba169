import { plainTurn } from '@qingnang/contracts';
import { type AnswerForm, fence, type FollowUp, itemIdSql, plainAnswer, UnparsableAnswerError } from '@qingnang/llm';
import { z } from 'zod';
import { keepRecord, type MadeTurn } from '../keep-record.js';
import { requestOf, seedOf } from '../request.js';
import type { DistilPlan, Recipe, RolePrompts } from '../recipe.js';
import { type Background, drawBackgrounds } from './backgrounds.js';

/** A dialogue so far: what both know of, who said what, and through which call. */
const dialogueState = z.object({
  background: z.object({ department: z.string(), case: z.string(), diagnosis: z.string() }),
  turns: z.array(plainTurn.extend({ callId: z.string(), rehearsal: z.boolean() })),
  models: z.array(z.string()),
});
type DialogueState = z.infer<typeof dialogueState>;

const PATIENT_TOKENS = { input: 450, output: 50 };
const DOCTOR_TOKENS = { input: 1_000, output: 200 };

/** The words that end a dialogue of two models. */
const GOODBYE = /再见|\b(?:good)?bye\b/iu;
/** A model that speaks for the other side has lost its role. */
const OTHERS = { patient: /^\s*(?:医生|大夫|doctor)\s*[:：]/iu, doctor: /^\s*(?:患者|病人|patient)\s*[:：]/iu };
const OWN = { patient: /^\s*(?:患者|病人|patient)\s*[:：]\s*/iu, doctor: /^\s*(?:医生|大夫|doctor)\s*[:：]\s*/iu };

type Speaker = keyof typeof OWN;

/** Two models talk: the patient knows the case, the doctor the diagnosis as well; each turn is a question of its own. */
export const dialogueRecipe: Recipe = {
  estimate({ count, rounds }) {
    const calls = count * rounds;
    const sum = (tokens: typeof PATIENT_TOKENS) => ({
      calls,
      inputTokens: calls * tokens.input,
      outputTokens: calls * tokens.output,
    });
    return [
      { role: 'patient', ...sum(PATIENT_TOKENS) },
      { role: 'doctor', ...sum(DOCTOR_TOKENS) },
    ];
  },

  async writeItems(tx, job, plan, prompts) {
    const seed = Number.parseInt(job.id.replaceAll('-', '').slice(-7), 16);
    const backgrounds = drawBackgrounds(plan.count, plan.language, plan.department, seed);
    const params = backgrounds.map((background): DialogueState => ({ background, turns: [], models: [] }));
    await tx.query(
      `insert into llm_item (id, project_id, job_id, subject_type, subject_id, turn_n, sample_index, role, prompt_version_id,
         params, idempotency_key)
       select i.id, $1, $2, 'llm_job', $2, 0, i.n, 'patient', $3, i.params, i.id::text || '.1'
       from (select ${itemIdSql('(n - 1)')} as id, n - 1 as n, params
         from jsonb_array_elements($4::jsonb) with ordinality x (params, n)) i`,
      [job.projectId, job.id, prompts.patient!.id, JSON.stringify(params)],
    );
  },

  request(item, plan, prompt, houseStyle) {
    const { background, turns } = dialogueState.parse(item.params);
    const asking = { houseStyle, language: plan.language, seed: seedOf(item) };
    const material = fence(materialOf(item.role as Speaker, background, turns, plan));
    return requestOf(prompt, { ...asking, values: { material } });
  },

  form: (item) => spokenBy(item.role as Speaker),

  async store(tx, job, item, answer, { plan, prompts }) {
    const state = dialogueState.parse(item.params);
    const speaker = item.role as Speaker;
    const said = { role: speaker, text: String(answer.read), callId: answer.callId, rehearsal: answer.rehearsal };
    const goodbye = speaker === 'patient' && GOODBYE.test(said.text) && state.turns.length > 0;
    const turns = goodbye ? state.turns : [...state.turns, said];
    const models = [...new Set([...state.models, answer.model])];
    const replies = turns.filter(({ role }) => role === 'doctor').length;
    if (!goodbye && !(speaker === 'doctor' && replies >= plan.rounds)) {
      const next = nextTurn(speaker, prompts, { background: state.background, turns, models });
      return { result: null, followUps: [next] };
    }
    const { department } = state.background;
    const model = models.join(' + ');
    const made = {
      projectId: job.projectId,
      dataSet: 'distilled_conversation' as const,
      plan,
      department,
      model,
      item,
    };
    return { result: await keepRecord(tx, { ...made, turns }), followUps: [] };
  },
};

function materialOf(
  speaker: Speaker,
  background: Background,
  turns: readonly MadeTurn[],
  { rounds }: DistilPlan,
): object {
  const spoken = turns.map(({ role, text }) => ({ role, text }));
  // The patient is never told the diagnosis: what it does not know it cannot give away.
  return speaker === 'patient' ? { case: background.case, turns: spoken, rounds } : { ...background, turns: spoken };
}

function spokenBy(speaker: Speaker): AnswerForm<string> {
  return {
    read: (text) => {
      if (OTHERS[speaker].test(text))
        throw new UnparsableAnswerError(`The model spoke for the other side, not as ${speaker}.`);
      const words = plainAnswer.read(text.replace(OWN[speaker], ''));
      if (words === '') throw new UnparsableAnswerError('The turn is empty.');
      return words;
    },
    words: (text) => [{ text }],
  };
}

function nextTurn(speaker: Speaker, prompts: RolePrompts, state: DialogueState): FollowUp {
  const role = speaker === 'patient' ? 'doctor' : 'patient';
  return { role, promptVersionId: prompts[role]!.id, params: state, turnN: state.turns.length };
}
