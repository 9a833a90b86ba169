import { lazy } from 'react';
import type { ConsoleResource } from '../resource';

export const candidates: ConsoleResource = {
  name: 'candidates',
  group: 'preference',
  list: lazy(() => import('./CandidateList')),
  create: lazy(() => import('./CandidateJobCreate')),
};
