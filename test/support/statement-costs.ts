import type { LoadBench } from './load-bench.js';

export interface StatementCost {
  statement: string;
  times: number;
  /** All of them together, parsing and planning included. */
  ms: number;
}

/** What the statements cost the server while `work` runs, dearest first, from its own log of durations. */
export async function statementCosts(bench: LoadBench, work: () => Promise<void>): Promise<StatementCost[]> {
  const set = async (value: string): Promise<void> => {
    await bench.dataSource.query(`alter system set log_min_duration_statement = ${value}`);
    await bench.dataSource.query('select pg_reload_conf()');
    await bench.dataSource.query('select pg_sleep(0.5)');
  };
  await set('0');
  const from = bench.log('postgres').length;
  await work();
  const text = bench.log('postgres').slice(from);
  await set('-1');
  return summed(text);
}

const LINE =
  /duration: ([\d.]+) ms +(?:(?:parse|bind|execute) [^:]*|statement): ([^]*?)(?=\n\S*\d{4}-\d\d-\d\d|\n\S*\[\d+\]|$)/g;

function summed(log: string): StatementCost[] {
  const costs = new Map<string, StatementCost>();
  for (const [whole, ms, sql] of log.matchAll(LINE)) {
    const statement = sql!.replace(/\s+/g, ' ').trim().slice(0, 90);
    const cost = costs.get(statement) ?? { statement, times: 0, ms: 0 };
    cost.ms += Number(ms);
    if (!/ (parse|bind) /.test(whole.slice(0, 60))) cost.times += 1;
    costs.set(statement, cost);
  }
  return [...costs.values()].sort((a, b) => b.ms - a.ms);
}
