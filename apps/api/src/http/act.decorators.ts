import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';

export const NOT_AUDITED = 'qingnang:not-audited';
export const SAFE_TO_REPEAT = 'qingnang:safe-to-repeat';

/**
 * This changing route writes no audit entry, for the reason given: heartbeats, drafts, claims, metrics, questions asked
 * by POST. Any other that succeeds without one is reported, and fails under test.
 */
export const NotAudited = (reason: string) =>
  applyDecorators(SetMetadata(NOT_AUDITED, reason), ApiExtension('x-not-audited', reason));

/**
 * Doing it twice is like doing it once, so a request repeated with its idempotency key runs again and is answered in
 * full, instead of with status and id of the first time.
 */
export const SafeToRepeat = () =>
  applyDecorators(SetMetadata(SAFE_TO_REPEAT, true), ApiExtension('x-safe-to-repeat', true));
