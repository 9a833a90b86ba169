import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { InputError } from '../data/input.errors.js';
import type { CheckpointState, WeightSource } from '../interfaces.js';
import { openAdapter, writeAdapter } from '../lora/adapter-folder.js';
import { isValueName } from '../model/value-names.js';
import type { Tokenizer } from '../tokenizer/tokenizer.js';
import { settleFolders, writeFolder } from './atomic-folder.js';
import { readJson, writeJson } from './json-file.js';
import { ADAPTER, openModel, openModelFile, writeModel, writeModelFile } from './model-folder.js';
import { openSafetensors, writeSafetensors } from './safetensors.js';

const OPTIMISER = 'optimizer.safetensors';
const VALUE_HEAD = 'value_head.safetensors';
const STATE = 'training_state.json';

/** What a run needs beside the model to go on as if nothing had happened. */
const stateFile = z.object({
  step: z.int().min(0),
  position: z.record(z.string(), z.unknown()),
  random: z.int().min(0),
  optimiser_step: z.int().min(0),
  /** CPU time of the run so far, over all attempts. */
  cpu_seconds: z.number().min(0),
});

export interface CheckpointMeta {
  tokenizer: Tokenizer;
  rehearsal: boolean;
  sequenceLength: number;
  cpuSeconds: number;
  /** Of a LoRA run the model it adapts, as the run names it. */
  base?: string | null;
}

/**
 * Writes `step-N` whole or not at all: the model as Hugging Face lays it out, and beside it optimiser, place in the data and
 * generator. Value head or value network have a file of their own, so that the model file stays a plain language model. Of a LoRA run the
 * weights are those of the adapter, in PEFT's layout in `adapter/`.
 * @returns SHA-256 of model.safetensors, or of adapter_model.safetensors
 */
export async function writeCheckpoint(
  folder: string,
  step: number,
  state: CheckpointState,
  meta: CheckpointMeta,
): Promise<string> {
  const { kind, config } = state;
  const note = {
    rehearsal: meta.rehearsal,
    sequence_length: meta.sequenceLength,
    score_normalisation: state.scoreNormalisation,
  };
  let hash = '';
  await writeFolder(folder, async (target) => {
    const weights = only(state.weights, (name) => !isValueName(name));
    if (state.lora) {
      await writeModelFile(target, { kind, config, note }, meta.tokenizer);
      const adapter = { config, settings: state.lora, weights, base: meta.base ?? null };
      hash = await writeAdapter(join(target, ADAPTER), adapter);
    } else hash = await writeModel(target, { kind, config, note, weights }, meta.tokenizer);
    const head = only(state.weights, isValueName);
    if (head.names().length > 0) await writeSafetensors(join(target, VALUE_HEAD), head);
    await writeSafetensors(join(target, OPTIMISER), state.optimiser.moments);
    const written: z.infer<typeof stateFile> = {
      step,
      position: state.position,
      random: state.random,
      optimiser_step: state.optimiser.step,
      cpu_seconds: meta.cpuSeconds,
    };
    await writeJson(join(target, STATE), written);
  });
  return hash;
}

export interface ResumePoint {
  step: number;
  state: CheckpointState;
  cpuSeconds: number;
}

/** @throws InputError when a file is missing or damaged */
export async function readCheckpoint(folder: string): Promise<ResumePoint> {
  const file = await openModelFile(folder);
  const entries = await readdir(folder);
  const model = entries.includes(ADAPTER)
    ? await openAdapter(join(folder, ADAPTER), file.config)
    : await openModel(folder);
  const parsed = stateFile.safeParse(await readJson(join(folder, STATE)));
  if (!parsed.success)
    throw new InputError(
      'checkpoint',
      `${STATE} in ${folder} is malformed; remove that checkpoint to use an earlier one.`,
    );
  const { step, cpu_seconds: cpuSeconds, optimiser_step: optimiserStep, position, random } = parsed.data;
  const valueHead = entries.includes(VALUE_HEAD) ? openSafetensors(join(folder, VALUE_HEAD)) : null;
  return {
    step,
    cpuSeconds,
    state: {
      kind: file.kind,
      config: file.config,
      weights: valueHead ? joined(model.weights, valueHead) : model.weights,
      ...('settings' in model ? { lora: model.settings } : {}),
      optimiser: { step: optimiserStep, moments: openSafetensors(join(folder, OPTIMISER)) },
      position,
      random,
      scoreNormalisation: file.note.score_normalisation,
    },
  };
}

/** The newest complete checkpoint of a run folder, after tidying what a kill left half done. */
export async function latestCheckpoint(parent: string): Promise<string | null> {
  await settleFolders(parent);
  const names = await readdir(parent).catch((): string[] => []);
  const steps = names.flatMap((name) => /^step-(\d+)$/.exec(name)?.[1] ?? []).map(Number);
  return steps.length === 0 ? null : join(parent, `step-${Math.max(...steps)}`);
}

function only(source: WeightSource, wanted: (name: string) => boolean): WeightSource {
  const names = source.names().filter(wanted);
  return { ...source, names: () => names };
}

function joined(first: WeightSource, second: WeightSource): WeightSource {
  const own = new Set(second.names());
  return {
    names: () => [...first.names(), ...own],
    get: (name) => (own.has(name) ? second : first).get(name),
  };
}
