import type { NamedFact } from '@qingnang/contracts';

/** A fact under one name, as stops of the walk have it. */
const factName = ({ n, id }: NamedFact): string => `${n}:${id}`;

export const factOf = (name: string): NamedFact => {
  const at = name.indexOf(':');
  return { n: Number(name.slice(0, at)), id: name.slice(at + 1) };
};

/** What was confirmed before, and what a draft says of it. */
export function confirmedIn(body: unknown, task: { confirmed: readonly NamedFact[] }): string[] {
  const known = (body as { confirmed?: unknown } | null)?.confirmed;
  const drafted = Array.isArray(known) ? (known as NamedFact[]) : [];
  return [...new Set([...task.confirmed, ...drafted].map(factName))];
}
