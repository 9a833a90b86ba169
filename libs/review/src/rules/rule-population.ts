import type { BulkReason, RecordFilter } from '@qingnang/contracts';
import { recordFilterSql } from '@qingnang/corpus';

/** Of `record r`: whether somebody is asked to read it now. */
export const IN_REVIEW = `exists (select from task t join task_set ts on ts.id = t.task_set_id
  where t.record_id = r.id and t.state <> 'decided' and ts.state = 'open')`;

const POLISHED = `v.kind in ('polish', 'edit', 'adjudication')`;

/** Why a rule leaves a text, in the order in which a person is told, as SQL over `record r` and its today's `version v`. */
export function ruleLeaves({ unpolished }: { unpolished: boolean }): (readonly [BulkReason, string])[] {
  return [
    ['withdrawn', `r.state = 'withdrawn'`],
    ['held_back', `r.state = 'held_back'`],
    ['approved', `r.state = 'approved'`],
    ['question_only', 'r.question_only'],
    ['erased', 'v.turns is null'],
    ['in_review', IN_REVIEW],
    ...(unpolished ? [] : [['not_polished', `not ${POLISHED}`] as const]),
  ];
}

/** FROM and WHERE of the texts that a rule speaks of: those of its filter that it would not leave. `$1` is the project. */
export function rulePopulation(rule: { filter: RecordFilter; unpolished: boolean }, params: unknown[]): string {
  const leaves = ruleLeaves(rule).map(([, sql]) => `not (${sql})`);
  return `record r join version v on v.id = r.latest_version_id
    where r.project_id = $1 and ${recordFilterSql(rule.filter, params)} and ${leaves.join(' and ')}`;
}

/** Orders rows by chance, the same chance for the same seed. */
export const drawnBy = (seed: string, id: string): string => `md5(${seed}::text || ${id}::text)`;
