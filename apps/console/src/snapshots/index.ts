import { lazy } from 'react';
import type { ConsoleResource } from '../resource';

export const snapshots: ConsoleResource = {
  name: 'snapshots',
  group: 'model',
  list: lazy(() => import('./SnapshotList')),
  create: lazy(() => import('./SnapshotCreate')),
  show: lazy(() => import('./SnapshotShow')),
  recordRepresentation: 'name',
};
