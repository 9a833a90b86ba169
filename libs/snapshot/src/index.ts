export { Freezer } from './freeze/freezer.js';
export { inSnapshotSql } from './in-snapshot-sql.js';
export { splitOf } from './freeze/split-of.js';
export { SnapshotEntity } from './snapshot.entity.js';
export { snapshotEntities } from './snapshot.entities.js';
export { freezeJob } from './snapshot.jobs.js';
export { SnapshotModule } from './snapshot.module.js';
export { SnapshotService } from './snapshot.service.js';
