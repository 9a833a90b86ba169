import { createContext } from 'react';
import type { ConsoleResource } from '../resource';

/** What the app registered, for the menu. */
export const ResourcesContext = createContext<ConsoleResource[]>([]);
