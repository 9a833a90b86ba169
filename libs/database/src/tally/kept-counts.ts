/** What is counted, as the migrations name it; money (`llm_call.cost`, `spend`) in millionths. */
export type TallyTopic =
  | 'record'
  | 'record.added'
  | 'record.sources'
  | 'polish'
  | 'polished'
  | 'approval'
  | 'task'
  | 'slot'
  | 'assignment'
  | 'answer'
  | 'reference'
  | 'candidate'
  | 'judgement'
  | 'llm_item'
  | 'llm_item.doubts'
  | 'llm_item.result'
  | 'llm_call'
  | 'llm_call.input'
  | 'llm_call.output'
  | 'llm_call.cost'
  | 'spend';

export interface KeptCount {
  /** SQL of the project's id. */
  project?: string;
  /** SQL of the task set or model job counted within. */
  scope?: string;
  /** A condition over `k.key`. */
  where?: string;
}

const conditions = (topic: TallyTopic, { project = '$1', scope, where }: KeptCount): string =>
  `k.project_id = ${project} and k.topic = '${topic}'${scope ? ` and k.scope = ${scope}` : ''}${where ? ` and (${where})` : ''}`;

/** SQL of a kept count, exact for the statement that asks, at a cost that does not grow with what is counted. */
export function keptCount(topic: TallyTopic, options: KeptCount = {}): string {
  return `(select coalesce(sum(k.n), 0)::int from tally_total k where ${conditions(topic, options)})`;
}

/** SQL of the part of a kept count that belongs to the hours since `since`, an SQL expression for a full hour. */
export function keptSince(topic: TallyTopic, since: string, options: KeptCount = {}): string {
  return `(select coalesce(sum(k.n), 0)::int from tally_hour k where ${conditions(topic, options)} and k.hour >= ${since})`;
}

/** A condition over a kept count's key: one of these states. */
export function inState(...states: readonly string[]): string {
  return `k.key ->> 'state' in (${states.map((state) => `'${state}'`).join(', ')})`;
}
