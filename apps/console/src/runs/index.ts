import { lazy } from 'react';
import type { ConsoleResource } from '../resource';

export const runs: ConsoleResource = {
  name: 'runs',
  group: 'model',
  list: lazy(() => import('./RunList')),
  create: lazy(() => import('./RunCreate')),
  show: lazy(() => import('./RunShow')),
  recordRepresentation: 'name',
};
