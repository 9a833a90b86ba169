import type { EntityManager } from 'typeorm';
import type { DataSet, PlainTurn } from '@qingnang/contracts';
import { createRecords, lockSource, prepareDialogue } from '@qingnang/corpus';
import { type LlmItemEntity, type LlmResult, SubjectGoneError } from '@qingnang/llm';
import { notify } from '@qingnang/queue';
import type { DistilPlan } from './recipe.js';

/** A turn and the call whose model said it. */
export interface MadeTurn extends PlainTurn {
  callId: string;
  rehearsal: boolean;
}

export interface Made {
  projectId: string;
  dataSet: DataSet;
  plan: DistilPlan;
  department: string | null;
  turns: readonly MadeTurn[];
  /** Everybody who wrote in it, in the order of the roles. */
  model: string;
  item: LlmItemEntity;
}

/** Makes a record of what models said; every turn names its call, and through it model, prompt version and job. */
export async function keepRecord(tx: EntityManager, made: Made): Promise<LlmResult> {
  const { projectId, dataSet, plan, turns, item, model } = made;
  const last = turns.at(-1)!;
  const madeBy = { kind: 'llm' as const, id: last.callId };
  const prepared = prepareDialogue({
    turns: turns.map(({ role, text }) => ({ role, text })),
    madeBy,
    department: made.department,
    rehearsal: turns.some(({ rehearsal }) => rehearsal),
    llmItemId: item.id,
  });
  const named = prepared.turns.map((turn, n) => {
    const source = turns[n] ?? last;
    return { ...turn, made_by: { kind: 'llm' as const, id: source.callId }, rehearsal: source.rehearsal };
  });
  const origin = {
    projectId,
    dataSet,
    source: await lockSource(tx, projectId, plan.sourceId),
    kind: 'distil' as const,
    madeBy,
    promptVersionId: item.promptVersionId,
    model,
  };
  const [created] = await createRecords(tx, [{ ...prepared, turns: named }], origin);
  if (created!.outcome === 'withdrawn') {
    throw new SubjectGoneError('record_withdrawn', 'These words were withdrawn from this data set for good.');
  }
  await notify(tx, projectId, 'records', created!.recordId);
  return { type: created!.outcome === 'duplicate' ? 'duplicate_record' : 'record', id: created!.recordId };
}
