import { DomainError } from '@qingnang/kernel';
import type { z } from 'zod';

export function zodFault(error: z.ZodError): DomainError {
  const issue = error.issues[0];
  return new DomainError({
    code: 'polish.bad_choice',
    status: 422,
    field: issue?.path.join('.') ?? 'filter',
    detail: `The choice of records or the settings cannot be used: ${issue?.message ?? 'unknown field'}.`,
  });
}

/** A text-only model cannot write JSON; its template must ask for one turn in plain words. */
export function needsTextTemplate(model: string): DomainError {
  return new DomainError({
    code: 'polish.needs_text_template',
    status: 422,
    field: 'promptVersionIds',
    detail: `${model} answers in plain words only: choose a template whose answer is text, such as polish_text.`,
  });
}

export function lacksPlace(place: string): DomainError {
  return new DomainError({
    code: 'polish.template_lacks_place',
    status: 422,
    field: 'promptVersionIds',
    detail: `A polish template must hold {{${place}}}, where the doctor's words go: choose another version.`,
  });
}

export function wrongPurpose(): DomainError {
  return new DomainError({
    code: 'polish.not_a_polish_template',
    status: 422,
    field: 'promptVersionIds',
    detail: 'One of the prompt versions is no polish template: choose among those of that purpose.',
  });
}
