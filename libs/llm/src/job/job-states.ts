import type { LlmJobState } from '@qingnang/contracts';
import { DomainError } from '@qingnang/kernel';

/** draft → estimated → running ⇄ paused → done │ cancelled │ failed (data-model.md). Retrying failed items runs a job again. */
const transitions: Record<LlmJobState, readonly LlmJobState[]> = {
  draft: ['estimated', 'cancelled'],
  estimated: ['running', 'cancelled'],
  running: ['paused', 'done', 'cancelled', 'failed'],
  paused: ['running', 'cancelled'],
  done: ['running'],
  cancelled: [],
  failed: [],
};

/** @throws DomainError `llm_job.wrong_state` (409) */
export function checkJobTransition(from: LlmJobState, to: LlmJobState): void {
  if (!transitions[from].includes(to)) throw wrongJobState(from, to);
}

export function wrongJobState(from: LlmJobState, to: LlmJobState): DomainError {
  const open = transitions[from];
  return new DomainError({
    code: 'llm_job.wrong_state',
    status: 409,
    detail: `This job is ${from} and cannot become ${to}${open.length > 0 ? `, only ${open.join(' or ')}` : '; start a new one'}.`,
    details: { from, to },
  });
}
