import { lazy } from 'react';
import type { ConsoleResource } from '../resource';

export const suites: ConsoleResource = {
  name: 'suites',
  group: 'model',
  list: lazy(() => import('./SuiteList')),
  create: lazy(() => import('./SuiteCreate')),
  show: lazy(() => import('./SuiteShow')),
  recordRepresentation: 'name',
};
