import type { EntityManager } from 'typeorm';
import { notFound } from '@qingnang/kernel';
import { SourceEntity } from './source.entity.js';

/** A source as it is now, held to the end of the transaction, so that a change of what it allows reaches every record. */
export async function lockSource(tx: EntityManager, projectId: string, id: string): Promise<SourceEntity> {
  const source = await tx.findOne(SourceEntity, { where: { projectId, id }, lock: { mode: 'pessimistic_read' } });
  if (!source) throw notFound('source', id);
  return source;
}
