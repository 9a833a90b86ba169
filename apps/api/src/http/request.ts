import type { Actor } from '@qingnang/contracts';
import type { SignedInPerson } from '@qingnang/identity';
import type { Request } from 'express';

export type Principal = SignedInPerson;

/** An Express request with what the guard found out. */
export interface ApiRequest extends Request {
  id: string;
  /** On routes of a project. */
  actor?: Actor;
  /** A person, on any route but public ones. */
  principal?: Principal;
}
