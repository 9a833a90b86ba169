import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelDetail, RunDetail, RunMethod } from '@qingnang/contracts';
import { createRandom } from '@qingnang/kernel';
import { writeModel } from '../../training/checkpoint/model-folder.js';
import { drawParameters, exportParameters, loadParameters } from '../../training/model/parameters.js';
import { selectBackend } from '../../training/backend/select-backend.js';
import { tinyConfig } from '../../training/testing/tiny-model.js';
import { loadTokenizer } from '../../training/tokenizer/tokenizer.js';
import { handInModel } from '../../training/upload/hand-in-model.js';
import { systemClock } from '../../training/upload/platform-client.js';
import { startApi, type TestApi } from '../support/api.js';
import { makeSnapshot } from '../support/runs.js';

let api: TestApi;
let root: string;
let platform: string;
const snapshots: Record<string, string> = {};

beforeAll(async () => {
  await selectBackend('cpu');
  api = await startApi();
  await api.app.listen(0, '127.0.0.1');
  platform = `http://127.0.0.1:${(api.app.getHttpServer().address() as AddressInfo).port}`;
  root = await mkdtemp(join(tmpdir(), 'qingnang-hand-in-'));
  for (const kind of ['sft', 'preference'] as const) {
    const id = await makeSnapshot(api.dataSource, api.settings.dataDir, api.project.id, kind);
    const [row] = await api.dataSource.query<{ name: string }[]>('select name from snapshot where id = $1', [id]);
    snapshots[kind] = `${row!.name}@1`;
  }
});
afterAll(async () => {
  await api?.close();
  await rm(root, { recursive: true, force: true });
});

/** A model folder as other trainers leave it, with files of theirs beside the model. */
async function trained(name: string, head: 'none' | 'reward' = 'none', seed = 4): Promise<string> {
  const folder = join(root, name);
  await mkdir(folder, { recursive: true });
  const tokenizer = await loadTokenizer(
    fileURLToPath(new URL('../../training/testing/golden/tokenizer', import.meta.url)),
  );
  const config = { ...tinyConfig, vocabSize: tokenizer.vocabularySize, eosTokenId: tokenizer.endId };
  const bare = exportParameters(drawParameters(config, createRandom(seed)));
  const weights = head === 'none' ? bare : exportParameters(loadParameters(config, bare, head, createRandom(seed)));
  const note = { rehearsal: false, sequence_length: null, score_normalisation: null };
  await writeModel(folder, { kind: head === 'reward' ? 'reward' : 'causal-lm', config, note, weights }, tokenizer);
  for (const other of ['training_args.bin', 'optimizer.pt', 'trainer_state.json', '.gitattributes', 'README.md'])
    await writeFile(join(folder, other), 'not of the model');
  await mkdir(join(folder, 'checkpoint-100'));
  return folder;
}

interface Wish {
  method?: RunMethod;
  name: string;
  policy?: string;
  base?: string | null;
  project?: string;
}

const handIn = (folder: string, { method = 'sft', name, policy, base = 'Qwen/Qwen2.5-7B', project }: Wish) =>
  handInModel(
    { platform, project: project ?? api.project.slug, token: api.people.data_lead.token },
    { clock: systemClock, patienceMs: 0, requestMs: 60_000, log: () => undefined },
    {
      method,
      name,
      policy,
      snapshot: snapshots[method === 'sft' ? 'sft' : 'preference']!,
      config: {},
      trainedElsewhere: { trainer: 'TRL 0.25', baseModel: base },
    },
    { folder, steps: 1200 },
  );

const modelOf = async (id: string | null) => (await api.as('data_lead').get(`/models/${id}`)).body as ModelDetail;

describe('a model that another program trained', () => {
  it('is registered with what it learnt from, sent once, without what is not of it', async () => {
    const folder = await trained('trl');
    const first = await handIn(folder, { name: 'from TRL' });
    expect(first).toMatchObject({ outcome: 'pushed', state: 'succeeded', modelName: 'from TRL' });
    const model = await modelOf(first.modelId);
    expect(model).toMatchObject({
      stage: 'sft',
      trainedElsewhere: { trainer: 'TRL 0.25', baseModel: 'Qwen/Qwen2.5-7B' },
      inputs: [{ role: 'data', name: snapshots['sft']!.replace('@1', ' v1') }],
      lineage: [{ depth: 1, kind: 'snapshot' }],
      rehearsal: true, // as its snapshot is
      providerId: expect.any(String) as string,
    });
    const run = (await api.as('data_lead').get(`/runs/${first.id}`)).body as RunDetail;
    expect(run).toMatchObject({ launcher: 'outside', step: 1200, trainedElsewhere: { trainer: 'TRL 0.25' } });
    const sent = await readdir(join(api.settings.dataDir, 'runs', first.id, 'model'));
    expect(sent.sort()).toEqual([
      ...['config.json', 'generation_config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'],
    ]);
    expect(await handIn(folder, { name: 'from TRL' })).toMatchObject({ outcome: 'already_pushed', id: first.id });
    await trained('trl-again', 'none', 5);
    await rename(join(root, 'trl-again', 'model.safetensors'), join(folder, 'model.safetensors'));
    await expect(handIn(folder, { name: 'from TRL' })).rejects.toMatchObject({ code: 'training.handed_in' });
    await expect(handIn(folder, { name: 'another' })).rejects.toMatchObject({ code: 'training.job_exists' });
  });

  it('goes on where it was cut off, as the same run', async () => {
    const folder = await trained('cut');
    const stopped = new Error('the network is gone');
    const fetched = globalThis.fetch;
    let requests = 0;
    globalThis.fetch = (...args: Parameters<typeof fetch>) => {
      if (++requests > 4) return Promise.reject(stopped);
      return fetched(...args);
    };
    await expect(handIn(folder, { name: 'cut off' })).rejects.toThrow();
    globalThis.fetch = fetched;
    const done = await handIn(folder, { name: 'cut off' });
    const runs = await api.dataSource.query<unknown[]>(`select id from run where name = 'cut off'`);
    expect(runs).toEqual([{ id: done.id }]);
  });

  it('may have a base that the platform does not know; one it knows is its parent, whose withdrawal reaches it', async () => {
    const reward = await handIn(await trained('reward', 'reward'), { method: 'reward', name: 'scores' });
    expect(await modelOf(reward.modelId)).toMatchObject({ stage: 'reward', providerId: null });
    const parent = await handIn(await trained('parent'), { name: 'parent' });
    const child = await handIn(await trained('child'), { method: 'dpo', name: 'child', policy: 'parent', base: null });
    expect((await modelOf(child.modelId)).lineage).toEqual(
      expect.arrayContaining([expect.objectContaining({ kind: 'model', name: 'parent' })]),
    );
    expect((await api.as('data_lead').post(`/models/${parent.modelId}/withdraw`)).status).toBe(200);
    expect(await modelOf(child.modelId)).toMatchObject({ state: 'withdrawn' });
  });

  it('is refused before anything is sent where the platform could not use it', async () => {
    await expect(handIn(await trained('words'), { method: 'reward', name: 'x' })).rejects.toMatchObject({
      code: 'training.model_kind',
    });
    const adapter = join(root, 'adapter');
    await mkdir(adapter);
    await writeFile(join(adapter, 'adapter_config.json'), '{}');
    await expect(handIn(adapter, { name: 'x' })).rejects.toThrow(/qingnang-train merge/);
    await expect(handIn(await trained('nowhere'), { name: 'x', project: 'none' })).rejects.toMatchObject({
      code: 'project.not_found',
    });
    const runs = await api.dataSource.query<unknown[]>(`select id from run where name = 'x'`);
    expect(runs).toEqual([]);
    // Without being told that it was trained elsewhere, the platform still wants the model a run starts from.
    const wish = { method: 'dpo', name: 'y', inputs: { data: snapshots['preference'] } };
    expect((await api.as('data_lead').post('/runs/outside', wish)).body).toMatchObject({ code: 'run.input_missing' });
    const nobody = { ...wish, trainedElsewhere: { trainer: '' } };
    expect((await api.as('data_lead').post('/runs/outside', nobody)).status).toBe(422);
    expect((await api.as('annotator').post('/runs/outside', wish)).status).toBe(403);
  });
});
