import { Injectable } from '@nestjs/common';
import {
  type Actor,
  can,
  type Dashboard,
  loopFlows,
  loopStops,
  type Resource,
  type RunMethod,
  type RunMetrics,
  type RunningWork,
} from '@qingnang/contracts';
import { MetricsService } from '@qingnang/runs';
import { DataSource } from 'typeorm';
import { FAILED_SCHEDULES, FAILURES, LEAD_NEEDS, RUNNING, SPEND, WORK_NEEDS } from './lists-sql.js';
import { flowSql, stopsSql } from './stops-sql.js';

type Stop = Dashboard['stops'][number];
type Need = Dashboard['needsMe'][number];
interface StopFigures {
  count: number;
  waiting: number;
  today: number;
  week: number;
}

/** What a person does at their own desk, in the order of the list. */
const workNeeds: readonly Need['kind'][] = [
  'returned_slots',
  'review_slots',
  'reference_slots',
  'ranking_slots',
  'adjudication_slots',
];

type LeadNeed = 'to_adjudicate' | 'draft_jobs' | 'imports_to_confirm' | 'in_doubt_items';
/** Where a lead sees to it, and who may. */
const leadNeeds: Record<LeadNeed, { href: string; right: Resource }> = {
  to_adjudicate: { href: '/adjudications', right: 'adjudications' },
  draft_jobs: { href: '/llm-jobs', right: 'llm-jobs' },
  imports_to_confirm: { href: '/imports/create', right: 'imports' },
  in_doubt_items: { href: '/llm-jobs', right: 'llm-jobs' },
};

/** The curves that say most for a method. */
const telling: Record<RunMethod, readonly string[]> = {
  sft: ['train/loss', 'eval/loss', 'tokens_per_second'],
  reward: ['train/loss', 'reward/accuracy', 'reward/accuracy_like_length'],
  ppo: ['ppo/score', 'ppo/kl', 'ppo/entropy'],
  dpo: ['train/loss', 'dpo/accuracy', 'dpo/margin'],
};
const CURVE_POINTS = 200;

/** Where a project stands, composed from the tables of all its libraries. */
@Injectable()
export class DashboardDesk {
  constructor(
    private readonly dataSource: DataSource,
    private readonly metrics: MetricsService,
  ) {}

  async get(actor: Actor): Promise<Dashboard> {
    const { projectId } = actor;
    const [figures, week] = await Promise.all([this.stopFigures(projectId), this.flows(projectId)]);
    const stops = loopStops.map((key): Stop => {
      const { href, waitingHref } = stopsSql[key];
      const { count, waiting, today } = figures.get(key)!;
      return { key, count, waiting, today, href, waitingHref };
    });
    const [spend] = await this.dataSource.query<Dashboard['spend'][]>(SPEND, [projectId]);
    return {
      stops,
      flows: loopFlows.map(([from, to]) => ({ from, to, week: week.get(`${from}>${to}`) ?? figures.get(to)!.week })),
      nextStep: stops.find(({ count }) => count === 0)?.key ?? null,
      needsMe: await this.needsOf(actor),
      spend: spend!,
      lastRun: await this.lastRun(actor),
      failures: await this.dataSource.query<Dashboard['failures']>(FAILURES, [projectId]),
      running: await this.dataSource.query<RunningWork[]>(RUNNING, [projectId]),
    };
  }

  private async stopFigures(projectId: string): Promise<Map<string, StopFigures>> {
    const selects = loopStops.map((key) => {
      const { count, waiting, today, week } = stopsSql[key];
      return `select '${key}' as key, ${count} as count, ${waiting} as waiting, ${today} as today, ${week} as week`;
    });
    const rows = await this.dataSource.query<(StopFigures & { key: string })[]>(selects.join(' union all '), [
      projectId,
    ]);
    return new Map(rows.map((row) => [row.key, row]));
  }

  private async flows(projectId: string): Promise<Map<string, number>> {
    const selects = Object.entries(flowSql).map(([flow, sql]) => `select '${flow}' as flow, ${sql} as week`);
    const rows = await this.dataSource.query<{ flow: string; week: number }[]>(selects.join(' union all '), [
      projectId,
    ]);
    return new Map(rows.map(({ flow, week }) => [flow, week]));
  }

  private async needsOf({ projectId, personId, roles, installationAdmin }: Actor): Promise<Need[]> {
    const [work, [counts], [schedules]] = await Promise.all([
      this.dataSource.query<Need[]>(WORK_NEEDS, [projectId, personId, roles]),
      this.dataSource.query<Record<LeadNeed, number>[]>(LEAD_NEEDS, [projectId]),
      this.dataSource.query<{ count: number; href: string | null }[]>(FAILED_SCHEDULES, [projectId, personId]),
    ]);
    const may = (right: Resource): boolean => can(roles, right, 'read', { installationAdmin });
    return [
      ...workNeeds.flatMap((kind) => work.filter((need) => need.kind === kind && may('work'))),
      ...(Object.keys(leadNeeds) as LeadNeed[])
        .filter((kind) => counts![kind] > 0 && may(leadNeeds[kind].right))
        .map((kind) => ({ kind, count: counts![kind], href: leadNeeds[kind].href })),
      ...(schedules!.href !== null && may('schedules')
        ? [{ kind: 'failed_schedules' as const, count: schedules!.count, href: schedules!.href }]
        : []),
    ];
  }

  private async lastRun(actor: Actor): Promise<Dashboard['lastRun']> {
    const [run] = await this.dataSource.query<
      { id: string; name: string; method: RunMethod; state: string; at: string }[]
    >(
      `select id, name, method, state, coalesce(started_at, created_at) as at from run where project_id = $1
       order by coalesce(started_at, created_at) desc limit 1`,
      [actor.projectId],
    );
    if (!run) return null;
    const keys = telling[run.method];
    const { series } = await this.metrics.read(actor, run.id, { keys: keys.join(','), points: CURVE_POINTS });
    const found = keys.flatMap((key): RunMetrics['series'] => series.filter((each) => each.key === key));
    return { ...run, href: `/runs/${run.id}/show`, curves: found };
  }
}
