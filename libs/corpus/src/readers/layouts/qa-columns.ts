import { departmentOf, hasField, outsideIdOf, secondShape, textField, type Layout } from './fields.js';

/** One question and one answer a row, in columns that the person named. */
export const readQaColumns: Layout = (fields, mapping) => {
  const asked = [mapping.title, mapping.ask].filter((name) => name !== undefined);
  if (!asked.some((name) => hasField(fields, name))) throw secondShape(asked[0] ?? 'ask');
  return {
    outsideId: outsideIdOf(fields, mapping),
    department: departmentOf(fields, mapping),
    turns: [
      { role: 'patient', text: joinTitle(textField(fields, mapping.title), textField(fields, mapping.ask)) },
      { role: 'doctor', text: textField(fields, mapping.answer) },
    ],
  };
};

/** The title is the first line unless the body begins with it; a body of 无 or nothing leaves the title alone. */
export function joinTitle(title: string, body: string): string {
  const head = title.trim();
  const rest = body.trim();
  if (head === '') return rest;
  if (rest === '' || /^无[。.]?$/u.test(rest)) return head;
  return rest.startsWith(head) ? rest : `${head}\n${rest}`;
}
