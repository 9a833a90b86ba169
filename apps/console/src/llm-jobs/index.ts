import { lazy } from 'react';
import type { ConsoleResource } from '../resource';

export const llmJobs: ConsoleResource = {
  name: 'llm-jobs',
  group: 'work',
  list: lazy(() => import('./LlmJobList')),
  create: lazy(() => import('../polish-job/PolishJobCreate')),
  show: lazy(() => import('./LlmJobShow')),
  recordRepresentation: 'name',
  routes: [{ path: '/distil/new', Component: lazy(() => import('../distil-job/DistilJobCreate')) }],
};
