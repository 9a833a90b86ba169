import { AuditEntryEntity } from './audit-entry.entity.js';

export { AuditEntryEntity };
export const auditEntities = [AuditEntryEntity];
export { AuditModule } from './audit.module.js';
export { AuditService } from './audit.service.js';
export { currentAct, withAct, type CurrentAct, type RequestKey } from './current-act.js';
export { writeAudit, type AuditAct, type AuditActor } from './write-audit.js';
