import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SETTINGS, type Settings } from '@qingnang/config';
import { type Actor, type RunLog, runSample, type RunSamples } from '@qingnang/contracts';
import { notFound } from '@qingnang/kernel';
import { readResult, tailLines } from '../launch/run-files.js';

/** What a run's folder says to people: its log and what the model says at each evaluation. */
@Injectable()
export class RunReadingService {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async log(actor: Actor, id: string, lines: number): Promise<RunLog> {
    const { folder } = await this.find(actor, id);
    return { lines: await tailLines(join(folder, 'log.txt'), lines) };
  }

  async samples(actor: Actor, id: string, limit: number): Promise<RunSamples> {
    const { folder, stamped } = await this.find(actor, id);
    const lines = await tailLines(join(folder, 'samples.jsonl'), limit);
    const items = lines.flatMap((line) => {
      try {
        return runSample.safeParse(JSON.parse(line)).data ?? [];
      } catch {
        return []; // half written
      }
    });
    const rehearsal = stamped || ((await readResult(folder))?.rehearsal ?? false);
    return { items: items.reverse(), rehearsal };
  }

  private async find(actor: Actor, id: string): Promise<{ folder: string; stamped: boolean }> {
    const [run] = await this.dataSource.query<{ folder: string; stamped: boolean }[]>(
      `select r.folder, exists (
         select from run_input i left join snapshot s on s.id = i.snapshot_id left join model m on m.id = i.model_id
         where i.run_id = r.id and ((s.manifest ->> 'rehearsal')::boolean or m.rehearsal)) as stamped
       from run r where r.project_id = $1 and r.id = $2`,
      [actor.projectId, id],
    );
    if (!run) throw notFound('run', id);
    return { folder: join(this.settings.dataDir, run.folder), stamped: run.stamped };
  }
}
