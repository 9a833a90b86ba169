import { corpusEntities } from '@qingnang/corpus';
import type { EntityClass } from '@qingnang/database';

/** Every entity of every library: each exports its own list, named here once. */
export const entities: EntityClass[] = [...corpusEntities];
