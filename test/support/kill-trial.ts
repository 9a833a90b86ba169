import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '@qingnang/kernel';
import type { DataSource } from 'typeorm';
import { importDialogues, makeSource } from './corpus.js';
import { type LlmBench, openLlmBench, PRICES, shortDialogues } from './llm.js';
import { letSilencePass, startWorkerProcess } from './worker-process.js';

export interface KillTrialPlan {
  records: number;
  /** SIGKILLs at random times after the worker is ready. */
  kills: number;
  /** Further SIGKILLs, each at a moment when the server has charged calls whose answers are not written down. */
  killsBetweenSendAndAnswer: number;
  seed: number;
  /** How long the server thinks. */
  delayMs: number;
  /** Makes and starts a job of another kind than a polish of `records`. */
  start?: (bench: LlmBench) => Promise<string>;
}

export interface KillTrialFigures {
  kills: number;
  /** Kills that left calls written down as being sent. */
  killsWithCallsOut: number;
  /** Kills that left calls charged by the server and not answered in our ledger. */
  killsBetweenSendAndAnswer: number;
  items: number;
  stored: number;
  doubts: number;
  itemsInDoubt: number;
  calls: number;
  versions: number;
  recordsWithOneVersion: number;
  serverCharges: number;
  serverReplays: number;
  mostChargesOfOneKey: number;
  answeredCalls: number;
  serverCost: number;
  ledgerCost: number;
  itemCost: number;
  budgetSpent: number;
  budgetReserved: number;
  seconds: number;
}

/** Polishes records with a real worker process that is killed again and again, and counts what came of it. */
export async function runKillTrial(
  dataSource: DataSource,
  url: string,
  plan: KillTrialPlan,
): Promise<KillTrialFigures> {
  const bench = await openLlmBench(dataSource, plan.seed);
  const folder = await mkdtemp(join(tmpdir(), 'qingnang-kill-'));
  const started = Date.now();
  try {
    await bench.setFaults([{ kind: 'delay', delayMs: plan.delayMs }]);
    const jobId = await (plan.start ?? startPolish(plan.records))(bench);
    const killed = await new Killer(bench, jobId, url, folder).run(plan);
    return { ...killed, ...(await count(bench, jobId)), seconds: Math.round((Date.now() - started) / 1000) };
  } finally {
    await bench.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function startPolish(records: number): (bench: LlmBench) => Promise<string> {
  return async (bench) => {
    const source = await makeSource(bench.dataSource, bench.projectId);
    await importDialogues(bench.dataSource, source, shortDialogues(records));
    const job = await bench.createPolish({ budgetLimit: 1_000 });
    await bench.start(job.id);
    return job.id;
  };
}

class Killer {
  private readonly tally: Tally = { kills: 0, killsWithCallsOut: 0, killsBetweenSendAndAnswer: 0 };

  private readonly seen = new Set<string>();

  constructor(
    private readonly bench: LlmBench,
    private readonly jobId: string,
    private readonly url: string,
    private readonly folder: string,
  ) {}

  async run(plan: KillTrialPlan): Promise<Tally> {
    const random = createRandom(plan.seed);
    const targeted = Array.from({ length: plan.killsBetweenSendAndAnswer }, () => true);
    const anywhere = Array.from({ length: plan.kills }, () => false);
    for (const between of random.shuffle([...targeted, ...anywhere])) {
      const worker = await this.startWorker();
      await sleep(random.next() * 1_000);
      if (between) await this.untilChargedAndUnanswered();
      worker.kill('SIGKILL');
      await once(worker, 'exit');
      await this.lookAtTheBody();
    }
    const last = await this.startWorker();
    while ((await this.bench.detail(this.jobId)).state === 'running') await sleep(100);
    last.kill('SIGTERM');
    await once(last, 'exit');
    return this.tally;
  }

  private startWorker(): Promise<ChildProcess> {
    const { url: databaseUrl, folder: dataDir } = this;
    return startWorkerProcess({ databaseUrl, dataDir, llmLeaseSeconds: 5, llmConcurrency: 4 });
  }

  private async untilChargedAndUnanswered(): Promise<void> {
    while ((await this.callsOut()).charged === 0) await sleep(10);
  }

  /** Calls of this worker that are written down as being sent, and those of them that the server has charged. */
  private async callsOut(): Promise<{ out: string[]; charged: number }> {
    const rows = await this.bench.dataSource.query<{ id: string; key: string }[]>(
      `select id, idempotency_key as key from llm_call where job_id = $1 and state = 'sending'`,
      [this.jobId],
    );
    const out = rows.filter((row) => !this.seen.has(row.id));
    const { charges } = await this.bench.charges();
    return { out: out.map((row) => row.id), charged: out.filter((row) => row.key in charges).length };
  }

  private async lookAtTheBody(): Promise<void> {
    const { out, charged } = await this.callsOut();
    this.tally.kills += 1;
    if (out.length > 0) this.tally.killsWithCallsOut += 1;
    if (charged > 0) this.tally.killsBetweenSendAndAnswer += 1;
    // The next worker may die before it has looked at what this one left.
    for (const id of out) this.seen.add(id);
    await letSilencePass(this.bench.dataSource);
    // Items are noticed after their lease.
    await this.bench.dataSource.query(
      `update llm_item set lease_until = lease_until - interval '1 hour' where job_id = $1 and lease_until is not null`,
      [this.jobId],
    );
  }
}

type Tally = Pick<KillTrialFigures, 'kills' | 'killsWithCallsOut' | 'killsBetweenSendAndAnswer'>;

async function count(bench: LlmBench, jobId: string): Promise<Omit<KillTrialFigures, keyof Tally | 'seconds'>> {
  const [rows] = await bench.dataSource.query<Record<string, number>[]>(
    `select i.*, c.*, v.*, b.* from
       (select count(*)::int as items, count(*) filter (where state = 'stored')::int as stored,
          sum(in_doubt_count)::int as doubts, count(*) filter (where in_doubt_count > 0)::int as "itemsInDoubt",
          sum(cost)::float8 as "itemCost" from llm_item where job_id = $1) i,
       (select count(*)::int as calls, count(*) filter (where state = 'answered' and not second_charge
            and error_code is distinct from 'charged_before')::int as "answeredCalls",
          sum(cost)::float8 as "ledgerCost" from llm_call where job_id = $1) c,
       (select coalesce(sum(n), 0)::int as versions, count(*) filter (where n = 1)::int as "recordsWithOneVersion"
        from (select r.id, count(v.id) as n from llm_item x join record r on r.id = x.subject_id
          left join version v on v.record_id = r.id and v.kind = 'polish' where x.job_id = $1 group by r.id) each) v,
       (select spent::float8 as "budgetSpent", reserved::float8 as "budgetReserved" from budget where job_id = $1) b`,
    [jobId],
  );
  const charges = await bench.charges();
  return {
    ...(rows as unknown as KillTrialFigures),
    serverCharges: charges.calls,
    serverReplays: charges.replays,
    mostChargesOfOneKey: Math.max(...Object.values(charges.charges)),
    serverCost: (charges.prompt_tokens * PRICES.input + charges.completion_tokens * PRICES.output) / 1e6,
  };
}
