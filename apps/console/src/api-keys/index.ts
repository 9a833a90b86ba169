import { lazy } from 'react';
import type { ConsoleResource } from '../resource';

export const apiKeys: ConsoleResource = {
  name: 'api-keys',
  group: 'people',
  list: lazy(() => import('./ApiKeyList')),
  create: lazy(() => import('./ApiKeyCreate')),
  recordRepresentation: 'name',
};
