import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import type { RunConfig, RunRequest, RunResult } from '@qingnang/contracts';
import { canonicalJson } from '@qingnang/kernel';
import { selectBackend } from '../backend/select-backend.js';
import { openModel } from '../checkpoint/model-folder.js';
import { hashWeights } from '../checkpoint/weight-files.js';
import { InputError } from '../data/input.errors.js';
import { loadSft, openTrainingSnapshot } from '../data/load-inputs.js';
import type { SnapshotFolder } from '../data/snapshot-folder.js';
import { parameterShapes } from '../model/parameter-shapes.js';
import { RunFolder } from '../run/run-folder.js';
import { resolveRequest } from '../run/run-start.js';
import { sequencesOf, withCountedSteps } from '../run/settings.js';
import { trainRun, type TrainRunOptions } from '../run/train-run.js';
import { loadTokenizer } from '../tokenizer/tokenizer.js';
import { armConfig, armDataSets, armNames, type ArmName } from './arms.js';
import { heldOutByDataSet, measureArm, type ArmMeasures, type HeldOutRows } from './measure.js';
import { reportHtml } from './report-html.js';
import { answerFigures, ablationReport, type AblationReport } from './report.js';
import { startModel } from './start-model.js';

type SftConfig = Extract<RunConfig, { method: 'sft' }>;

export interface AblationOptions extends Pick<TrainRunOptions, 'listen' | 'print' | 'progress'> {
  snapshot: string;
  /** Folder of the ablation: `start/` where no model is given, `arms/<name>/`, the report. */
  out: string;
  /** Model every arm starts from; by default one drawn from the seed. */
  policy: string | null;
  config: SftConfig;
  /** Held-out questions whose answers are compared. */
  samples: number;
}

/**
 * Trains the same model on real rows only, distilled rows only, and both, from the same weights with the same number of
 * updates, and compares held-out loss by data set and sampled answers. Arms that are done are not trained again.
 * @returns `null` when it was asked to stop in between
 * @throws NothingToDoError when an arm has no rows
 */
export async function ablate(options: AblationOptions): Promise<AblationReport | null> {
  const { out, config, print } = options;
  const snapshot = await openTrainingSnapshot(options.snapshot, 'sft', 'ablate');
  await selectBackend(config.backend);
  const start = options.policy ?? (await startModel(join(out, 'start'), snapshot, config));
  const rows = await trainingRows(snapshot, start, config);
  const results = new Map<ArmName, RunResult>();
  for (const arm of armNames) {
    print(`Arm ${arm}: ${rows.count[arm]} training rows, ${rows.steps} updates.`);
    const result = await trainArm(options, arm, { start, steps: rows.steps, digest: snapshot.digest });
    if (result.state !== 'succeeded') return null;
    results.set(arm, result);
    tf.disposeVariables(); // an arm's model is of no use to the next
  }
  const heldOut = await heldOutByDataSet(snapshot, await loadTokenizer(start, config.data.chat_format), config);
  const measures = new Map<ArmName, ArmMeasures>();
  for (const arm of armNames) {
    const folder = join(out, 'arms', arm, results.get(arm)!.checkpoint!);
    measures.set(arm, await measureArm(folder, heldOut, options.samples));
    tf.disposeVariables();
  }
  const report = await gather(options, snapshot, { start, rows, results, heldOut, measures });
  await writeFile(join(out, 'report.json'), JSON.stringify(ablationReport.parse(report), null, 2) + '\n');
  await writeFile(join(out, 'report.html'), reportHtml(report));
  return report;
}

interface TrainingRows {
  count: Record<ArmName, number>;
  /** Updates of every arm: as configured, or so many passes over the rows of both. */
  steps: number;
}

async function trainingRows(snapshot: SnapshotFolder, start: string, config: SftConfig): Promise<TrainingRows> {
  const tokenizer = await loadTokenizer(start, config.data.chat_format);
  const rowsOf = async (arm: ArmName) =>
    (
      await loadSft(snapshot, tokenizer, config.sequence_length, {
        truncate: config.data.truncate,
        dataSets: armDataSets[arm],
      })
    ).train;
  const [real, distilled, both] = [await rowsOf('real'), await rowsOf('distilled'), await rowsOf('both')];
  const counted = withCountedSteps(config, sequencesOf(both, config), config.batch_size * config.sft.accumulation);
  return { count: { real: real.length, distilled: distilled.length, both: both.length }, steps: counted.steps };
}

/** An arm that is done counts only for what was asked for. @throws InputError where its settings or rows were others */
async function refuseOther(folder: RunFolder, request: RunRequest, digest: string): Promise<void> {
  const own = await folder.readConfig();
  const sameRows = own?.inputs.some((input) => input.role === 'data' && input.digest === digest);
  if (own && sameRows && canonicalJson(own.config) === canonicalJson(resolveRequest(request))) return;
  throw new InputError(
    'config_changed',
    `${folder.path} was trained with other ${sameRows ? 'settings' : 'rows'}; name another folder with --out.`,
  );
}

/** The run of one arm, from where it stands: new, cut off, or done. */
async function trainArm(
  options: AblationOptions,
  arm: ArmName,
  { start: policy, steps, digest }: { start: string; steps: number; digest: string },
): Promise<RunResult> {
  const run = join(options.out, 'arms', arm);
  const folder = new RunFolder(run);
  const request: RunRequest = armConfig(options.config, arm, steps);
  const before = await folder.readResult();
  if (before?.state === 'succeeded') {
    await refuseOther(folder, request, digest);
    return before;
  }
  const inputs = { snapshot: options.snapshot, policy, rewardModel: null, ptx: null };
  const resume = (await folder.readConfig()) !== null;
  const { listen, print, progress } = options;
  return trainRun({ request, inputs, run, resume, attempt: null, upload: null, listen, print, progress });
}

interface Gathered {
  start: string;
  rows: TrainingRows;
  results: ReadonlyMap<ArmName, RunResult>;
  heldOut: HeldOutRows[];
  measures: ReadonlyMap<ArmName, ArmMeasures>;
}

async function gather(
  { out, config, samples }: AblationOptions,
  snapshot: SnapshotFolder,
  { start, rows, results, heldOut, measures }: Gathered,
): Promise<AblationReport> {
  const { config: shape } = await openModel(start);
  const sizes = [...parameterShapes(shape, 'none').values()].map((dims) => dims.reduce((n, d) => n * d, 1));
  const perUpdate = config.batch_size * config.sft.accumulation;
  const asked = measures.get('both')!.answers.slice(0, samples);
  return {
    snapshot: snapshot.digest,
    rehearsal: results.get('both')!.rehearsal,
    model: {
      parameters: sizes.reduce((sum, n) => sum + n, 0),
      vocabulary: shape.vocabSize,
      start,
      start_hash: await hashWeights(start),
    },
    seed: config.seed,
    updates: rows.steps,
    rows_an_update: perUpdate,
    arms: await Promise.all(
      armNames.map(async (arm) => ({
        arm,
        data_sets: armDataSets[arm],
        rows: rows.count[arm],
        passes: (rows.steps * perUpdate) / rows.count[arm],
        weights_hash: results.get(arm)!.weights_hash!,
        cpu_seconds: results.get(arm)!.cpu_seconds,
        curve: (await new RunFolder(join(out, 'arms', arm)).readMetrics('eval/loss')).map(({ step, value }) => ({
          step,
          loss: value,
        })),
        held_out: measures.get(arm)!.figures,
        answers: answerFigures(measures.get(arm)!.answers.map(({ answer }) => answer)),
      })),
    ),
    held_out_rows: Object.fromEntries(heldOut.map(({ name, rows: own }) => [name, own.length])),
    samples: asked.map(({ row, dataSet, question, reference }, n) => ({
      row,
      data_set: dataSet,
      question,
      reference,
      answers: Object.fromEntries(armNames.map((arm) => [arm, measures.get(arm)!.answers[n]!.answer])) as Record<
        ArmName,
        string
      >,
    })),
  };
}
