import type { ChatMessage } from '@qingnang/contracts';
import type { ShownTurn } from '../dialogue/TurnList';

const roles = { system: 'system', user: 'patient', assistant: 'doctor' } as const;

/** A question in the words of a dialogue. */
export function questionTurns(messages: readonly ChatMessage[] | null): ShownTurn[] {
  return (messages ?? []).map(({ role, content }) => ({ role: roles[role], text: content }));
}
