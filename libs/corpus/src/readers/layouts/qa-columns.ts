import { askedField, departmentOf, hasField, outsideIdOf, secondShape, textField, type Layout } from './fields.js';

/** One question and one answer a row, in columns that the person named. */
export const readQaColumns: Layout = (fields, mapping) => {
  const asked = [mapping.title, mapping.ask].filter((name) => name !== undefined);
  if (!asked.some((name) => hasField(fields, name))) throw secondShape(asked[0] ?? 'ask');
  const title = askedField(fields, mapping.title);
  const body = askedField(fields, mapping.ask);
  const isAlone = body.trim() === '';
  return {
    outsideId: outsideIdOf(fields, mapping),
    department: departmentOf(fields, mapping),
    title: isAlone ? '' : title,
    turns: [
      { role: 'patient', text: isAlone ? title : body },
      { role: 'doctor', text: textField(fields, mapping.answer) },
    ],
  };
};

/** The title is the first line unless the body begins with it; either alone where the other is empty. */
export function joinTitle(title: string, body: string): string {
  const head = title.trim();
  const rest = body.trim();
  if (head === '') return rest;
  if (rest === '') return head;
  return rest.startsWith(head) ? rest : `${head}\n${rest}`;
}
