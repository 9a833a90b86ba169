import { type ArgumentMetadata, Injectable, StandardSchemaValidationPipe } from '@nestjs/common';
import { DomainError } from '@qingnang/kernel';
import type { z } from 'zod';
import { strictly } from './strict-schema.js';

type Issues = Parameters<
  NonNullable<ConstructorParameters<typeof StandardSchemaValidationPipe>[0]>['exceptionFactory'] & object
>[0];

const MAX_ERRORS = 100;

function pointer(path: Issues[number]['path']): string {
  return (path ?? [])
    .map((part) => String(typeof part === 'object' ? part.key : part))
    .map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}

type Issue = Issues[number];
/** What zod says beyond the standard. */
type ZodIssue = Issue & { code?: string; keys?: string[]; errors?: Issue[][] };

/** One issue for each key that is not known; of a choice that failed, those of the one that nearly fits. */
function spelledOut(issue: ZodIssue): Issue[] {
  const path = issue.path ?? [];
  if (issue.code === 'unrecognized_keys') {
    const message = 'This key is not known here: check its spelling and its place, or take it out';
    return (issue.keys ?? []).map((key) => ({ path: [...path, key], message }));
  }
  const choices = (issue.code === 'invalid_union' ? (issue.errors ?? []) : []) as ZodIssue[][];
  const nearest = choices.find((errors) => errors.every((inner) => inner.code === 'unrecognized_keys'));
  if (!nearest) return [issue];
  return nearest.flatMap((inner) => spelledOut({ ...inner, path: [...path, ...(inner.path ?? [])] }));
}

/** 422 with a pointer for each field at fault. */
export function invalidInput(issues: Issues): DomainError {
  const errors = issues
    .flatMap(spelledOut)
    .slice(0, MAX_ERRORS)
    .map((issue) => ({ field: pointer(issue.path), detail: issue.message }));
  const [first] = errors;
  const options = { field: first?.field, details: { errors } };
  const where = first?.field ? ` at ${first.field}` : '';
  const detail = `The input is not as expected${where}: ${first?.detail ?? 'unknown fault'}.`.replace(/\.\.$/, '.');
  return new DomainError({ code: 'input.invalid', status: 422, detail, ...options });
}

/** NUL and half surrogate pairs cannot be stored as text, wherever in the body they stand. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !/[\0\p{Surrogate}]/u.test(value);
  if (value === null || typeof value !== 'object') return true;
  return Object.entries(value).every(([key, inner]) => isStorable(key) && isStorable(inner));
}

function notStorable(): DomainError {
  const detail = 'The input holds a character that cannot be stored (NUL, or half of a surrogate pair): take it out.';
  return new DomainError({ code: 'input.not_storable', status: 422, detail });
}

/** Checks bodies and queries against their zod schema, bodies also for keys it does not know; a path parameter that does not fit names nothing: 404. */
@Injectable()
export class ValidationPipe extends StandardSchemaValidationPipe {
  constructor() {
    super({ exceptionFactory: invalidInput });
  }

  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    if (metadata.type === 'body' || metadata.type === 'query') {
      if (!isStorable(value)) throw notStorable();
      const schema = metadata.schema as (ArgumentMetadata['schema'] & z.ZodType) | undefined;
      const isBody = metadata.type === 'body' && schema !== undefined;
      return super.transform(value, isBody ? { ...metadata, schema: strictly(schema) } : metadata);
    }
    if (metadata.type !== 'param') return super.transform(value, metadata);
    return super.transform(value, metadata).catch(() => {
      throw new DomainError({ code: 'not_found', status: 404, detail: 'There is nothing at this address.' });
    });
  }
}
