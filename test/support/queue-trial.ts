import type { PolishTask, SubmitPolishReply } from '@qingnang/contracts';
import { uuidv7 } from '@qingnang/kernel';
import type { Caller, LoadBench } from './load-bench.js';

export interface TrialPlan {
  setId: string;
  people: readonly Caller[];
  /** Pause between what was read and what is sent. */
  thinkMs: number;
  seconds: number;
}

export interface TrialResult {
  /** First claims of each person, and submits that brought the next, in ms. */
  claims: number[];
  submits: number[];
  /** By slot: who was handed it. */
  handed: Map<string, Set<string>>;
  accepted: string[];
  failures: Map<string, number>;
  seconds: number;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** People who take a task, read it, answer it and get the next with the answer, until the time or the queue is over. */
export async function runTrial(plan: TrialPlan): Promise<TrialResult> {
  const result: TrialResult = {
    ...{ claims: [], submits: [], handed: new Map(), accepted: [], failures: new Map() },
    seconds: 0,
  };
  const started = performance.now();
  const end = started + plan.seconds * 1_000;
  await Promise.all(plan.people.map((who) => work(who, plan, end, result)));
  result.seconds = (performance.now() - started) / 1_000;
  return result;
}

async function work(who: Caller, plan: TrialPlan, end: number, result: TrialResult): Promise<void> {
  // They do not all come in at the same moment.
  await pause(Math.random() * plan.thinkMs);
  let task = await firstTask(who, plan.setId, result);
  while (task && performance.now() < end) {
    await pause(plan.thinkMs);
    task = await answer(who, task, result);
  }
}

async function firstTask(who: Caller, setId: string, result: TrialResult): Promise<PolishTask | null> {
  const claim = await who.send<{ slot: { id: string } | null }>('POST', '/work/claim', { taskSetId: setId });
  note(result, claim.status);
  result.claims.push(claim.ms);
  if (!claim.body.slot) return null;
  const shown = await who.send<PolishTask>('GET', `/work/slots/${claim.body.slot.id}/polish`);
  note(result, shown.status);
  hand(result, who, shown.body);
  return shown.body;
}

async function answer(who: Caller, task: PolishTask, result: TrialResult): Promise<PolishTask | null> {
  const { slot, turns } = task;
  const doctor = turns.find((turn) => turn.suggestion.role === 'doctor')!;
  const body = {
    fencingToken: slot.fencingToken,
    baseVersionId: slot.shownVersionId,
    verdict: 'edit',
    turns: [{ n: doctor.n, text: `${doctor.suggestion.text}建议先到门诊就诊。` }],
    seconds: 3,
    claimNext: true,
  };
  const reply = await who.send<SubmitPolishReply>('POST', `/work/slots/${slot.id}/polish`, body, uuidv7());
  result.submits.push(reply.ms);
  note(result, reply.status);
  if (reply.status !== 200) return null;
  result.accepted.push(reply.body.answerId);
  if (reply.body.next) hand(result, who, reply.body.next);
  return reply.body.next;
}

function hand(result: TrialResult, who: Caller, task: PolishTask): void {
  const holders = result.handed.get(task.slot.id) ?? new Set();
  result.handed.set(task.slot.id, holders.add(who.personId));
}

function note(result: TrialResult, status: number): void {
  if (status < 300) return;
  result.failures.set(String(status), (result.failures.get(String(status)) ?? 0) + 1);
}

/** Slots that two people had. */
export const doubles = (result: TrialResult): number =>
  [...result.handed.values()].filter((holders) => holders.size > 1).length;

/** Answers that were acknowledged and are not there, or are there twice. */
export async function lost(bench: LoadBench, result: TrialResult): Promise<number> {
  const [row] = await bench.dataSource.query<{ n: number }[]>(
    'select count(distinct id)::int as n from answer where id = any ($1::uuid[])',
    [result.accepted],
  );
  return result.accepted.length - row!.n;
}

/** A set of polish reviews over records that nobody was asked about yet. */
export async function makeSet(lead: Caller, tasks: number): Promise<string> {
  const reply = await lead.send<{ id: string; tasks: number }>('POST', '/task-sets', {
    name: `bench ${tasks}`,
    kind: 'polish_review',
    filter: { polished: true, state: ['imported'] },
    roles: ['annotator'],
    limit: tasks,
  });
  if (reply.status !== 201 && reply.status !== 202) throw new Error(`set: ${JSON.stringify(reply.body)}`);
  // A large set is made by a job.
  const { id } = reply.body;
  for (const end = performance.now() + 300_000; ; await pause(200)) {
    const made = await lead.send<{ tasks: number }>('GET', `/task-sets/${id}`);
    if (made.body.tasks === tasks) return id;
    if (performance.now() > end) throw new Error(`set: ${JSON.stringify(made.body)}`);
  }
}

/** Open tasks behind the others, without a record: they are there to be passed over, not to be shown. */
export async function padSet(bench: LoadBench, setId: string, tasks: number): Promise<void> {
  await bench.dataSource.transaction(async (tx) => {
    // Keys rest while they come in; the counts are set right afterwards.
    await tx.query(`set local session_replication_role = 'replica'`);
    // Ids in order, so that the indexes are filled from one end.
    const id = (table: number) => `('f${String(table)}' || lpad(to_hex(n), 30, '0'))::uuid`;
    const rows = 'generate_series(1, $3::int) n';
    const [subject, task, slot] = [id(1), id(2), id(3)];
    for (const sql of [
      `insert into subject (id, project_id, kind)
         select ${subject}, $1, 'dialogue_pair' from ${rows} where $2::uuid is not null`,
      `insert into task (id, project_id, task_set_id, subject_id) select ${task}, $1, $2::uuid, ${subject} from ${rows}`,
      `insert into slot (id, project_id, task_set_id, task_id, subject_id, n, priority)
         select ${slot}, $1, $2::uuid, ${task}, ${subject}, 1, -1 from ${rows}`,
    ]) {
      await tx.query(sql, [bench.projectId, setId, tasks]);
    }
  });
}

/** Reads what is free, then takes it: what a hand-out must not be. @returns how many slots were given out twice */
export async function naiveDoubles(bench: LoadBench, setId: string, workers: number): Promise<number> {
  const given = new Map<string, number>();
  const one = async (): Promise<void> => {
    for (;;) {
      const [free] = await bench.dataSource.query<{ id: string }[]>(
        `select id from slot where task_set_id = $1 and state = 'open' order by priority desc, id limit 1`,
        [setId],
      );
      if (!free) return;
      given.set(free.id, (given.get(free.id) ?? 0) + 1);
      await bench.dataSource.query(`update slot set state = 'answered' where id = $1`, [free.id]);
    }
  };
  await Promise.all(Array.from({ length: workers }, one));
  return [...given.values()].filter((times) => times > 1).length;
}
