import { type ArgumentMetadata, Injectable, StandardSchemaValidationPipe } from '@nestjs/common';
import { DomainError } from '@qingnang/kernel';

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

/** 422 with a pointer for each field at fault. */
export function invalidInput(issues: Issues): DomainError {
  const errors = issues.slice(0, MAX_ERRORS).map((issue) => ({ field: pointer(issue.path), detail: issue.message }));
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

/** Checks bodies and queries against their zod schema; a path parameter that does not fit names nothing: 404. */
@Injectable()
export class ValidationPipe extends StandardSchemaValidationPipe {
  constructor() {
    super({ exceptionFactory: invalidInput });
  }

  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    if (metadata.type === 'body' || metadata.type === 'query') {
      if (!isStorable(value)) throw notStorable();
      return super.transform(value, metadata);
    }
    if (metadata.type !== 'param') return super.transform(value, metadata);
    return super.transform(value, metadata).catch(() => {
      throw new DomainError({ code: 'not_found', status: 404, detail: 'There is nothing at this address.' });
    });
  }
}
