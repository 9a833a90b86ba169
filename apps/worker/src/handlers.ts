import type { Type } from '@nestjs/common';

/** Every job handler of the worker; the start fails on a job with two. */
export const handlers: readonly Type<object>[] = [];
