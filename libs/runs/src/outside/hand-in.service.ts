import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { writeAudit } from '@qingnang/audit';
import { SETTINGS, type Settings } from '@qingnang/config';
import {
  type Actor,
  type HandedIn,
  asConfigured,
  type HandInResult,
  runConfig,
  runFolderConfig,
} from '@qingnang/contracts';
import { canonicalJson, DomainError } from '@qingnang/kernel';
import { hashWeights } from '../launch/file-hashes.js';
import { checkpointSteps, readJson } from '../launch/run-files.js';
import { recordCheckpoints } from '../launch/record-progress.js';
import { registerModel } from '../models/register-model.js';
import { endOutsideRun } from './end-outside-run.js';
import { findAnyOutsideRun, type OutsideRun, refuseOldAttempt, runEnded } from './find-outside-run.js';

/** The last word of a trainer elsewhere. */
@Injectable()
export class HandInService {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'dataDir'>,
  ) {}

  /**
   * Ends the run: its model is registered from the files sent, or its failure written down; either way its token ends.
   * A result that does not fit is refused, and the run stays open for another. The same result again is answered again:
   * the first answer may have been lost.
   * @throws DomainError `run.other_result` (409) where another result has ended the run; 422 `run.result_incomplete`,
   *   `run.weights_mismatch`, `run.inputs_mismatch`, `run.result_mismatch`; those of findOutsideRun and refuseOldAttempt
   */
  async handIn(actor: Actor, id: string, result: HandInResult): Promise<HandedIn> {
    await this.hashBefore(await findAnyOutsideRun(this.dataSource, actor, id), result);
    return this.dataSource.transaction(async (tx) => {
      const run = await findAnyOutsideRun(tx, actor, id);
      if (run.state !== 'running') return this.again(tx, actor, run, result);
      refuseOldAttempt(run, result.attempt);
      if (result.method !== run.config.method) {
        throw unfit(
          'run.result_mismatch',
          'method',
          `This run is ${run.config.method}, the result of ${result.method}.`,
        );
      }
      const model = result.state === 'succeeded' ? await this.enterModel(tx, run, result) : null;
      const failure = result.state === 'failed' ? { failure: result.error ?? 'The trainer said no more.' } : {};
      await endOutsideRun(tx, run, result.state, result.state, { result, ...failure });
      await writeAudit(tx, actor, {
        action: 'run.hand_in',
        subjectType: 'run',
        subjectId: id,
        after: {
          state: result.state,
          steps: result.steps,
          weightsHash: result.weights_hash,
          modelId: model?.id ?? null,
        },
      });
      return { id, state: result.state, modelId: model?.id ?? null, modelName: model?.name ?? null };
    });
  }

  /** So that the run is not held while gigabytes are read: in the transaction their hashes are only looked up. */
  private async hashBefore(run: OutsideRun, { checkpoint }: HandInResult): Promise<void> {
    if (run.state !== 'running') return;
    const folder = join(this.settings.dataDir, run.folder);
    const steps = (await checkpointSteps(folder)).map((step) => `checkpoints/step-${step}`);
    const models = new Set(isModelFolder(checkpoint) ? [...steps, checkpoint] : steps);
    // What cannot be hashed is said where it is needed.
    for (const each of models) await hashWeights(join(folder, each)).catch(() => null);
  }

  /** What was answered when the run ended, to whoever sends the result that ended it. */
  private async again(tx: EntityManager, actor: Actor, run: OutsideRun, result: HandInResult): Promise<HandedIn> {
    if (run.result === null) throw runEnded(run);
    if (canonicalJson(run.result) !== canonicalJson(result)) {
      throw new DomainError({
        code: 'run.other_result',
        status: 409,
        detail: 'This run has ended with another result, which stays: start a new run for this one.',
        details: { state: run.state },
      });
    }
    await writeAudit(tx, actor, {
      action: 'run.hand_in',
      subjectType: 'run',
      subjectId: run.id,
      after: { repeated: true },
    });
    const [model] = await tx.query<{ id: string; name: string }[]>('select id, name from model where run_id = $1', [
      run.id,
    ]);
    return { id: run.id, state: run.state, modelId: model?.id ?? null, modelName: model?.name ?? null };
  }

  private async enterModel(
    tx: EntityManager,
    run: OutsideRun,
    result: HandInResult,
  ): Promise<{ id: string; name: string }> {
    const { dataDir } = this.settings;
    if (!isModelFolder(result.checkpoint)) {
      throw unfit('run.result_incomplete', 'checkpoint', 'The result names no checkpoint of the run folder.');
    }
    await this.checkConfig(run);
    await recordCheckpoints(tx, run, dataDir);
    try {
      const id = await registerModel(tx, run, dataDir, result);
      const [model] = await tx.query<{ name: string }[]>('select name from model where id = $1', [id]);
      return { id, name: model!.name };
    } catch (error) {
      // What the platform's own trainer would be at fault for is here a fault of what was sent.
      if (!(error instanceof DomainError) || error.status !== 409) throw error;
      throw unfit(error.code, 'weights_hash', error.message);
    }
  }

  /** Where the trainer sent its `config.json`, it must be the configuration the run was made with. */
  private async checkConfig(run: OutsideRun): Promise<void> {
    const sent = runFolderConfig.safeParse(await readJson(join(this.settings.dataDir, run.folder, 'config.json')));
    // Parsed too: what a run of an earlier version was made with lacks the settings that came later.
    if (!sent.success) return;
    const [trained, asked] = [sent.data.config, runConfig.parse(run.config)].map(asConfigured);
    if (canonicalJson(trained) === canonicalJson(asked)) return;
    throw unfit('run.result_mismatch', 'config', 'What was trained is not the configuration this run was made with.');
  }
}

/** A checkpoint, or where a model of another type than float32 lies. */
function isModelFolder(path: string | null): path is string {
  return path !== null && /^(?:checkpoints\/step-\d+|model)$/.test(path);
}

function unfit(code: string, field: string, detail: string): DomainError {
  return new DomainError({ code, status: 422, field, detail });
}
