import { auditEntities } from '@qingnang/audit';
import type { EntityClass } from '@qingnang/database';
import { identityEntities } from '@qingnang/identity';

/** Every table the programs read and write through TypeORM, one line a library. */
export const entities: readonly EntityClass[] = [...auditEntities, ...identityEntities];
