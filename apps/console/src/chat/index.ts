import { lazy } from 'react';
import type { ConsoleResource } from '../resource';

export const chat: ConsoleResource = {
  name: 'chat',
  group: 'model',
  list: lazy(() => import('./ChatPage')),
};
