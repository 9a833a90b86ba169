import type { PlainTurn } from '@qingnang/contracts';
import {
  badField,
  departmentOf,
  hasField,
  outsideIdOf,
  secondShape,
  systemTurns,
  textField,
  type Fields,
  type Layout,
} from './fields.js';

/**
 * `instruction`, `input`, `output`, with `history` = list of [patient, doctor] pairs before them (LLaMA-Factory, CMtMedQA)
 * and an optional `system`. The prompt is instruction and input on lines of their own.
 */
export const readAlpaca: Layout = (fields, mapping) => {
  if (!hasField(fields, 'instruction')) throw secondShape('instruction');
  const prompt = [textField(fields, 'instruction'), textField(fields, 'input')].filter((part) => part.trim() !== '');
  return {
    outsideId: outsideIdOf(fields, mapping),
    department: departmentOf(fields, mapping),
    turns: [
      ...systemTurns(fields),
      ...historyTurns(fields),
      { role: 'patient', text: prompt.join('\n') },
      { role: 'doctor', text: textField(fields, 'output') },
    ],
  };
};

function historyTurns(fields: Fields): PlainTurn[] {
  const history = fields['history'] ?? [];
  if (!Array.isArray(history)) throw badField('history', 'a list of [patient, doctor] pairs');
  return history.flatMap((pair: unknown): PlainTurn[] => {
    if (!Array.isArray(pair) || pair.length !== 2) throw badField('history', 'a list of [patient, doctor] pairs');
    const [patient, doctor] = pair as unknown[];
    if (typeof patient !== 'string' || typeof doctor !== 'string') throw badField('history', 'pairs of texts');
    return [
      { role: 'patient', text: patient },
      { role: 'doctor', text: doctor },
    ];
  });
}
