import { lazy } from 'react';
import type { ConsoleResource } from '../resource';

export const prompts: ConsoleResource = {
  name: 'prompts',
  group: 'preference',
  list: lazy(() => import('./PromptList')),
  show: lazy(() => import('./PromptShow')),
};
