import { lazy } from 'react';
import type { ConsoleResource } from '../resource';

export const promptTemplates: ConsoleResource = {
  name: 'prompt-templates',
  group: 'work',
  list: lazy(() => import('./PromptTemplateList')),
  create: lazy(() => import('./PromptTemplateCreate')),
  show: lazy(() => import('./PromptTemplateShow')),
  recordRepresentation: 'name',
};
