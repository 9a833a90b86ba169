import type { SubmitPolish, Turn } from '@qingnang/contracts';
import { DomainError } from '@qingnang/kernel';

/** Rules a shape cannot say. */
export function checkSubmission(input: SubmitPolish): void {
  if (input.verdict === 'reject' && !input.reasonCode) {
    throw new DomainError({
      code: 'answer.reason_missing',
      status: 422,
      field: 'reasonCode',
      detail: 'Say why the suggestion cannot be used; choose one of the reasons.',
    });
  }
  if (input.verdict === 'edit' && input.turns.length === 0) {
    throw new DomainError({
      code: 'answer.text_missing',
      status: 422,
      field: 'turns',
      detail: 'An edit needs the text of at least one doctor turn; to leave it as it is, accept it.',
    });
  }
}

/** The dialogue with the doctor's turns replaced. What the patient said is not ours to change. */
export function editedTurns(shown: readonly Turn[], edits: SubmitPolish['turns']): Pick<Turn, 'n' | 'role' | 'text'>[] {
  const texts = new Map(edits.map((edit) => [edit.n, edit.text]));
  for (const n of texts.keys()) {
    if (shown.find((turn) => turn.n === n)?.role === 'doctor') continue;
    throw new DomainError({
      code: 'answer.not_a_doctor_turn',
      status: 422,
      field: 'turns',
      detail: `Turn ${n} is not a doctor's turn of this record; only what the doctor says is edited.`,
    });
  }
  return shown.map(({ n, role, text }) => ({ n, role, text: texts.get(n) ?? text }));
}
