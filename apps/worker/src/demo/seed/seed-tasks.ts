import type { Actor, CreateTaskSet, Role } from '@qingnang/contracts';
import { createTaskSet, systemActor } from '@qingnang/contracts';
import type { DemoStep } from './demo-step.js';

/** Reviews the invented annotator has done before you came. */
const DONE = 10;

const sets: readonly Partial<CreateTaskSet>[] = [
  // What no rule has approved, so that whoever claims what, the same texts are approved.
  {
    name: '润色审核',
    kind: 'polish_review',
    roles: ['annotator'],
    limit: 40,
    filter: { state: ['imported'], language: 'zh' },
  },
  { name: '参考答复', kind: 'reference', roles: ['doctor'], limit: 12 },
  { name: '候选排序', kind: 'ranking', roles: ['doctor'], limit: 10 },
  { name: '确认 AI 排序', kind: 'confirm_ranking', roles: ['doctor'], limit: 10 },
];

/** Task sets of every kind, with some of the reviews done through the services that people's answers go through. */
export async function seedTasks(step: DemoStep): Promise<void> {
  const { dataSource, taskSets } = step.services;
  const { projectId } = step.cast;
  for (const set of sets) {
    const [known]: unknown[] = await dataSource.query('select 1 from task_set where project_id = $1 and name = $2', [
      projectId,
      set.name,
    ]);
    if (known) continue;
    const made = await taskSets.create(systemActor(projectId, 'demo'), createTaskSet.parse(set));
    if (made.kind === 'polish_review') await reviewSome(step, made.id);
  }
}

async function reviewSome(step: DemoStep, taskSetId: string): Promise<void> {
  const { work, reviews } = step.services;
  const annotator = actorOf(step, step.cast.annotatorId, 'annotator');
  for (let i = 0; i < DONE; i++) {
    const slot = await work.claim(annotator, taskSetId);
    if (!slot) return;
    await reviews.submit(annotator, slot.id, {
      fencingToken: slot.fencingToken,
      baseVersionId: slot.shownVersionId!,
      verdict: 'accept',
      turns: [],
      comment: '',
      seconds: 20 + (i % 5) * 6,
      llmCallIds: [],
      confirmed: [],
      claimNext: false,
    });
  }
}

function actorOf(step: DemoStep, personId: string, role: Role): Actor {
  return { ...systemActor(step.cast.projectId), kind: 'person', id: personId, personId, roles: [role] };
}
