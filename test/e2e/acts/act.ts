import type { Response } from 'supertest';
import type { TestApi } from '../../support/api.js';

/** What acts before have made, by a name of their own. */
export type World = Map<string, string>;

/** One changing route, called so that it succeeds. Acts of a list run in order. */
export interface Act {
  /** As in the OpenAPI document: `POST /api/v1/projects/{project}/sources`. */
  route: string;
  call(api: TestApi, world: World): PromiseLike<Response>;
  /** Keeps ids of the answer for later acts. */
  keep?(body: Record<string, unknown>, world: World): void;
}

export const inProject = (method: string, path: string): string => `${method} /api/v1/projects/{project}${path}`;
