import type { EntityManager } from 'typeorm';
import type { ProviderKind, ProviderModel } from '@qingnang/contracts';
import { DomainError, notFound } from '@qingnang/kernel';
import type { Reach } from '../outgoing/guarded-fetch.js';
import { decryptSecret } from './key-cipher.js';

/** What sending to a provider takes. Holds the key: never answered, never logged. */
export interface OpenProvider {
  id: string;
  name: string;
  kind: ProviderKind;
  baseUrl: string;
  apiKey: string;
  outside: boolean;
  reach: Reach;
  honoursKey: boolean;
  models: ProviderModel[];
}

interface ProviderRow {
  id: string;
  name: string;
  kind: ProviderKind;
  base_url: string;
  encrypted_key: string | null;
  outside: boolean;
  inside_address: boolean;
  honours_idempotency: boolean;
  models: ProviderModel[];
  state: string;
}

/** Settings of the installation that sending depends on. */
export interface ProviderSecrets {
  encryptionKey: Uint8Array;
  /** Where the rehearsal server listens today; its port may differ from start to start. */
  rehearsalUrl: string | undefined;
}

/** @throws DomainError 404, or `provider.retired` (409). */
export async function openProvider(
  tx: EntityManager,
  projectId: string,
  id: string,
  secrets: ProviderSecrets,
): Promise<OpenProvider> {
  const [row] = await tx.query<ProviderRow[]>(
    `select id, name, kind, base_url, encrypted_key, outside, inside_address, honours_idempotency, models, state from provider
     where project_id = $1 and id = $2`,
    [projectId, id],
  );
  if (!row) throw notFound('provider', id);
  if (row.state === 'retired') {
    throw new DomainError({
      code: 'provider.retired',
      status: 409,
      detail: `The provider ${row.name} is retired: choose another, or make it active again.`,
    });
  }
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    baseUrl: row.kind === 'rehearsal' ? (secrets.rehearsalUrl ?? row.base_url) : row.base_url,
    apiKey: row.encrypted_key === null ? '' : decryptSecret(row.encrypted_key, secrets.encryptionKey, row.id),
    outside: row.outside,
    // Our own servers listen on this machine.
    reach: row.kind !== 'external' || row.inside_address ? 'inside' : 'public',
    honoursKey: row.honours_idempotency,
    models: row.models,
  };
}

/** @throws DomainError `provider.unknown_model` (422) */
export function modelOf(provider: Pick<OpenProvider, 'name' | 'models'>, name: string): ProviderModel {
  const model = provider.models.find((candidate) => candidate.name === name);
  if (model) return model;
  throw new DomainError({
    code: 'provider.unknown_model',
    status: 422,
    field: 'model',
    detail: `${provider.name} lists no model ${name}: add it to the provider, or choose one of its models.`,
  });
}
