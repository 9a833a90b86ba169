import { DomainError } from '@qingnang/kernel';

/** Something handed to the trainer cannot be used: the command ends with exit code 2. */
export class InputError extends DomainError {
  constructor(code: string, detail: string, details: Record<string, unknown> = {}) {
    super({ code: `training.${code}`, status: 422, detail, details });
  }
}

/** The input is sound but leaves nothing to learn from: the command ends with exit code 3. */
export class NothingToDoError extends DomainError {
  constructor(detail: string, details: Record<string, unknown> = {}) {
    super({ code: 'training.nothing_to_do', status: 422, detail, details });
  }
}
