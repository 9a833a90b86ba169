import { SnapshotEntity } from './snapshot.entity.js';

export const snapshotEntities = [SnapshotEntity];
