import { lazy } from 'react';
import type { ConsoleResource } from '../resource';

export const imports: ConsoleResource = {
  name: 'imports',
  group: 'data',
  list: lazy(() => import('./ImportList')),
  create: lazy(() => import('./ImportWizard')),
  show: lazy(() => import('./ImportPage')),
  recordRepresentation: 'fileName',
};
