import { lazy } from 'react';
import type { ConsoleResource } from '../resource';

export const models: ConsoleResource = {
  name: 'models',
  group: 'model',
  list: lazy(() => import('./ModelList')),
  show: lazy(() => import('./ModelShow')),
  recordRepresentation: 'name',
};
