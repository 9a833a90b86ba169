import { DomainError } from '@qingnang/kernel';

/** A reference is worth something because no model had a hand in it. */
export function referenceExposed(recordId: string): DomainError {
  return new DomainError({
    code: 'reference.exposed',
    status: 409,
    field: 'afterExposure',
    detail:
      'You have seen a model’s reply on this record, so this is no answer written before it. Mark it as written after seeing one, or skip the task. Your text is kept as a draft.',
    details: { recordId },
  });
}

export function referenceTextMissing(): DomainError {
  return new DomainError({
    code: 'reference.text_missing',
    status: 422,
    field: 'text',
    detail:
      'Write the answer, or what you would ask the patient first; only “cannot be answered” may stay without words.',
  });
}
