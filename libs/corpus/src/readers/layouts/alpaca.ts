import type { PlainTurn } from '@qingnang/contracts';
import {
  askedField,
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
  const prompt = [askedField(fields, 'instruction'), askedField(fields, 'input')].filter((part) => part.trim() !== '');
  return {
    outsideId: outsideIdOf(fields, mapping),
    department: departmentOf(fields, mapping),
    turns: [
      ...systemTurns(fields),
      ...historyTurns(fields),
      { role: 'patient', text: prompt.join('\n') },
      { role: 'doctor', text: textField(fields, mapping.answer ?? 'output') },
    ],
  };
};

function historyTurns(fields: Fields): PlainTurn[] {
  const history = fields['history'] ?? [];
  if (!Array.isArray(history)) throw badField('history', 'field_pairs');
  return history.flatMap((pair: unknown): PlainTurn[] => {
    if (!Array.isArray(pair) || pair.length !== 2) throw badField('history', 'field_pairs');
    const [patient, doctor] = pair as unknown[];
    if (typeof patient !== 'string' || typeof doctor !== 'string') throw badField('history', 'field_pairs');
    return [
      { role: 'patient', text: patient },
      { role: 'doctor', text: doctor },
    ];
  });
}
