import type { Test } from 'supertest';
import type { ApprovalRuleDetail, CreateApprovalRule, PolishTask } from '@qingnang/contracts';
import type { TestApi } from './api.js';
import { makeAnswers, runBulk } from './bulk.js';

type Who = Parameters<TestApi['as']>[0];
export type Reader = (task: PolishTask, n: number) => 'accept' | 'edit' | 'reject' | 'ask_doctor';

/** The polished texts of one import, which a filter can name: many at once, by SQL. */
export async function polished(api: TestApi, n: number, about: string) {
  const ids = await makeAnswers(api.dataSource, api.project.id, n, about);
  await api.dataSource.query(
    `with made as (
       insert into version (id, project_id, record_id, parent_id, kind, turns, made_by_kind, made_by_id)
       select gen_random_uuid(), r.project_id, r.id, v.id, 'polish', (
         select jsonb_agg(case when t ->> 'role' = 'doctor'
           then t || jsonb_build_object('text', '您好，' || (t ->> 'text') || '祝您早日康复。') else t end order by i)
         from jsonb_array_elements(v.turns) with ordinality x (t, i)), 'llm', 'test'
       from record r join version v on v.id = r.import_version_id where r.id = any($1::uuid[]) returning id, record_id)
     update record set latest_version_id = made.id from made where record.id = made.record_id`,
    [ids],
  );
  return { ids, filter: await filterOf(api, ids) };
}

export async function filterOf(api: TestApi, ids: readonly string[]): Promise<{ importId: string }> {
  const [row] = await api.dataSource.query('select import_id from occurrence where record_id = $1', [ids[0]]);
  return { importId: row.import_id as string };
}

/** A rule whose sample is drawn. One bad text in five may pass, so that few have to be read: 14 without a fault. */
export async function drawnRule(
  api: TestApi,
  wish: Partial<CreateApprovalRule> & Pick<CreateApprovalRule, 'filter'>,
): Promise<ApprovalRuleDetail> {
  const body = { name: '抽样', bar: 0.2, size: 14, seed: 5, checkSize: 5, ...wish };
  const made = (await api.as('data_lead').post('/approval-rules', body).expect(202)).body as ApprovalRuleDetail;
  await runJobsAbout(api, made.sampleTaskSetId);
  return ruleOf(api, made.id);
}

export async function ruleOf(api: TestApi, id: string): Promise<ApprovalRuleDetail> {
  return (await api.as('data_lead').get(`/approval-rules/${id}`).expect(200)).body as ApprovalRuleDetail;
}

export async function runJobsAbout(api: TestApi, aboutId: string): Promise<void> {
  const jobs: { id: string }[] = await api.dataSource.query('select id from bulk_job where about_id = $1', [aboutId]);
  for (const { id } of jobs) await runBulk(api.dataSource, { projectId: api.project.id, jobId: id });
}

/** Reads tasks of a set until none is left, or as many as are wanted. */
export async function read(api: TestApi, who: Who, taskSetId: string, reader: Reader, most = Infinity) {
  const verdicts: string[] = [];
  while (verdicts.length < most) {
    const { slot } = (await api.as(who).post('/work/claim', { taskSetId }).expect(200)).body as {
      slot: { id: string; fencingToken: number } | null;
    };
    if (!slot) break;
    const task = (await api.as(who).get(`/work/slots/${slot.id}/polish`).expect(200)).body as PolishTask;
    verdicts.push(await submit(api, who, task, reader(task, verdicts.length)));
  }
  return verdicts;
}

async function submit(api: TestApi, who: Who, task: PolishTask, verdict: ReturnType<Reader>): Promise<string> {
  const doctor = task.turns.find(({ suggestion }) => suggestion.role === 'doctor')!;
  const request: Test = api.as(who).post(`/work/slots/${task.slot.id}/polish`, {
    fencingToken: task.slot.fencingToken,
    baseVersionId: task.slot.shownVersionId,
    verdict,
    turns: verdict === 'edit' ? [{ n: doctor.n, text: `${doctor.suggestion.text}请按时复诊。` }] : [],
    ...(verdict === 'reject' ? { reasonCode: 'unsafe_advice' } : {}),
    seconds: 3,
  });
  await request.expect(200);
  return verdict;
}
