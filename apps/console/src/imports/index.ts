import type { ImportJob } from '@qingnang/contracts';
import { lazy } from 'react';
import type { ConsoleResource } from '../resource';
import { fileNames } from './page/file-names';

export const imports: ConsoleResource = {
  name: 'imports',
  group: 'data',
  list: lazy(() => import('./ImportList')),
  create: lazy(() => import('./ImportWizard')),
  show: lazy(() => import('./ImportPage')),
  recordRepresentation: (row) => fileNames(row as ImportJob),
};
