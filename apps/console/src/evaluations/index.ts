import { lazy } from 'react';
import type { ConsoleResource } from '../resource';

export const evaluations: ConsoleResource = {
  name: 'evaluations',
  group: 'model',
  list: lazy(() => import('./EvaluationList')),
  create: lazy(() => import('./EvaluationCreate')),
  show: lazy(() => import('./EvaluationShow')),
  recordRepresentation: 'name',
};
