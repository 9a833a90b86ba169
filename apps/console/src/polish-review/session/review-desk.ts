import type { PolishedAgain, PolishTask, SubmitPolishReply } from '@qingnang/contracts';
import { api } from '../../providers/http';
import { projectPath } from '../../session/project';
import { Sitting } from '../../sitting/sitting';
import { editedTurns, type PolishVerdict, type PolishWords, type Tally } from './polish-kind';

export type ReviewDesk = Sitting<PolishTask, PolishWords, PolishVerdict, Tally, SubmitPolishReply>;

export function writeTurn(desk: ReviewDesk, n: number, text: string): void {
  desk.write({ texts: { ...desk.getState().words?.texts, [n]: text } });
}

/** One key says that a changed fact is right. */
export function confirmFact(desk: ReviewDesk, name: string): void {
  const confirmed = desk.getState().words?.confirmed ?? [];
  if (!confirmed.includes(name)) desk.write({ confirmed: [...confirmed, name] });
}

/** Accepts, or hands in the edit where words were changed. */
export async function submitAsItReads(desk: ReviewDesk): Promise<void> {
  const edited = editedTurns(desk.getState());
  if (edited.some((turn) => turn.text.trim() === '')) desk.refuse('answer.text_missing');
  else await desk.submit({ verdict: edited.length > 0 ? 'edit' : 'accept' });
}

const askModel = async (slotId: string, fencingToken: number, n: number): Promise<PolishedAgain> =>
  (await api.post<PolishedAgain>(projectPath(`/work/slots/${slotId}/polish-again`), { fencingToken, n })).data;

/** Asks the model for this turn once more; its words come into the editor, where one may go back by undo. */
export async function polishAgain(desk: ReviewDesk, n: number, ask = askModel): Promise<string | null> {
  const made = await desk.ask(({ id, fencingToken }) => ask(id, fencingToken, n));
  const words = desk.getState().words;
  if (!made || !words) return null;
  const { callId, ...suggestion } = made;
  desk.note({ again: { ...words.again, [n]: suggestion }, callIds: [...words.callIds, callId] });
  return made.text;
}
