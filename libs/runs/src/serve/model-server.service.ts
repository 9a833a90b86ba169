import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { writeAudit } from '@qingnang/audit';
import type { Actor, ModelDetail } from '@qingnang/contracts';
import { DomainError, notFound, uuidv7 } from '@qingnang/kernel';
import { notify } from '@qingnang/queue';
import { readModel } from '../models/model.views.js';

const LOOK_MS = 150;

/** Wishes for model servers; the keeper in a worker fulfils them. */
@Injectable()
export class ModelServerService {
  constructor(private readonly dataSource: DataSource) {}

  /** Starts the model's server, or keeps it for so long. @throws DomainError `model.does_not_speak` (422), 404, 409 */
  want(actor: Actor, modelId: string, minutes: number): Promise<ModelDetail> {
    return this.dataSource.transaction(async (tx) => {
      const model = await readModel(tx, actor.projectId, modelId);
      if (model.providerId === null) throw doesNotSpeak(model.name);
      if (model.state === 'withdrawn') throw withdrawn(model.name);
      const started = await wantServer(tx, { ...model, projectId: actor.projectId }, minutes);
      if (started) {
        await writeAudit(tx, actor, { action: 'model_server.start', subjectType: 'model', subjectId: modelId });
      }
      return readModel(tx, actor.projectId, modelId);
    });
  }

  /** Ends the server as soon as its keeper looks. */
  unwant(actor: Actor, modelId: string): Promise<ModelDetail> {
    return this.dataSource.transaction(async (tx) => {
      await readModel(tx, actor.projectId, modelId);
      await tx.query(
        `update model_server set wanted_until = now() where project_id = $1 and model_id = $2
           and state in ('starting', 'ready')`,
        [actor.projectId, modelId],
      );
      await writeAudit(tx, actor, { action: 'model_server.stop', subjectType: 'model', subjectId: modelId });
      return readModel(tx, actor.projectId, modelId);
    });
  }

  /** @throws DomainError `model.server_failed`, `model.server_slow` (503) */
  async untilReady(actor: Actor, modelId: string, limitMs: number, signal: AbortSignal): Promise<void> {
    const deadline = Date.now() + limitMs;
    while (!signal.aborted) {
      const [server] = await this.dataSource.query<{ state: string }[]>(
        `select state from model_server where project_id = $1 and model_id = $2 order by created_at desc, id desc limit 1`,
        [actor.projectId, modelId],
      );
      if (server?.state === 'ready') return;
      if (server?.state === 'failed') throw notServed('model.server_failed', 'The model could not be started');
      if (Date.now() > deadline) throw notServed('model.server_slow', 'The model is still being started');
      await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** The registered model behind a provider; null for providers that are not ours. */
  async modelOfProvider(actor: Actor, providerId: string): Promise<string | null> {
    const [row] = await this.dataSource.query<{ modelId: string | null }[]>(
      'select model_id as "modelId" from provider where project_id = $1 and id = $2',
      [actor.projectId, providerId],
    );
    if (!row) throw notFound('provider', providerId);
    return row.modelId;
  }
}

/** One living server a model: asked for twice, it is wanted for longer. @returns whether a new one was asked for */
export async function wantServer(
  tx: EntityManager,
  model: { id: string; projectId: string; providerId: string | null },
  minutes: number,
): Promise<boolean> {
  const [row] = await tx.query<{ id: string; fresh: boolean }[]>(
    `insert into model_server (id, project_id, model_id, provider_id, wanted_until)
     values ($1, $2, $3, $4, now() + make_interval(mins => $5))
     on conflict (model_id) where state in ('starting', 'ready')
       do update set wanted_until = greatest(model_server.wanted_until, excluded.wanted_until)
     returning id, id = $1 as fresh`,
    [uuidv7(), model.projectId, model.id, model.providerId, minutes],
  );
  if (row!.fresh) await notify(tx, model.projectId, 'models', model.id);
  return row!.fresh;
}

function notServed(code: string, what: string): DomainError {
  return new DomainError({
    code,
    status: 503,
    detail: `${what}: look at its page for the reason, then try again.`,
    retryable: true,
  });
}

function doesNotSpeak(name: string): DomainError {
  return new DomainError({
    code: 'model.does_not_speak',
    status: 422,
    detail: `${name} is a reward model: it scores and does not speak. Choose an SFT or PPO model.`,
  });
}

function withdrawn(name: string): DomainError {
  return new DomainError({
    code: 'model.withdrawn',
    status: 409,
    detail: `${name} has been withdrawn: choose another model.`,
  });
}
