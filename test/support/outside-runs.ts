import { createHash } from 'node:crypto';
import request, { type Test } from 'supertest';
import { expect } from 'vitest';
import type { HandInResult, StartedOutsideRun } from '@qingnang/contracts';
import { uuidv7 } from '@qingnang/kernel';
import type { Caller, TestApi } from './api.js';
import { tinyRunConfig } from './runs.js';

export type Started = StartedOutsideRun & { outcome: 'started' };

export const sha = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex');

/** What a trainer elsewhere does, request by request. */
export class OutsideTrainer {
  constructor(
    private readonly api: TestApi,
    /** Of what an SFT run reads. */
    private readonly snapshot: string,
  ) {}

  wish(changes: object = {}) {
    const inputs = { data: this.snapshot };
    return { name: `outside ${uuidv7()}`, method: 'sft', config: tinyRunConfig, inputs, ...changes };
  }

  async start(changes: object = {}): Promise<Started> {
    const made = await this.api.as('data_lead').post('/runs/outside', this.wish(changes));
    expect(made.status, made.text).toBe(201);
    expect(made.body).toMatchObject({ outcome: 'started' });
    return made.body as Started;
  }

  as(token: string): Caller {
    return this.api.as({ id: '', login: '', token });
  }

  send(started: Started, path: string, content: string, changes: Record<string, unknown> = {}): Test {
    const query = { path, sha256: sha(content), bytes: Buffer.byteLength(content), attempt: 1, ...changes };
    return request(this.api.app.getHttpServer())
      .post(`${this.api.project.path}/runs/${started.run.id}/artefacts`)
      .query(query)
      .set('Authorization', `Bearer ${started.token}`)
      .set('Content-Type', 'application/octet-stream')
      .send(content);
  }

  async sendModel(started: Started): Promise<void> {
    const sent = [
      await this.send(started, 'checkpoints/step-8/model.safetensors', 'weights'),
      await this.send(started, 'checkpoints/step-8/config.json', '{"max_position_embeddings":128}'),
    ];
    expect(sent.map(({ status }) => status)).toEqual([200, 200]);
  }

  handIn(started: Started, result: HandInResult = resultOf(started)): Test {
    return this.as(started.token).post(`/runs/${started.run.id}/result`, result);
  }
}

/** Of the model that `sendModel` sends. */
export const resultOf = ({ run }: Started, changes: Partial<HandInResult> = {}): HandInResult => ({
  method: 'sft',
  attempt: 1,
  state: 'succeeded',
  steps: 8,
  checkpoint: 'checkpoints/step-8',
  weights_hash: sha('weights'),
  figures: { 'eval/loss': 2 },
  inputs: run.inputs.map(({ role, digest }) => ({ role, digest, rows: {}, left_out: {} })),
  rehearsal: true,
  cpu_seconds: 1,
  error: null,
  ...changes,
});
