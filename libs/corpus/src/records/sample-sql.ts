/**
 * True, as SQL, of about this share of the rows, always the same ones of a seed: chosen by the hash of an id, so that they
 * lie anywhere and what they were sorted by does not matter.
 */
export function sampleSql(id: string, share: number, seed = 0): string {
  if (share >= 1) return 'true';
  return `(hashtextextended((${id})::text, ${seed}) & 1048575) < ${Math.round(share * 1_048_576)}`;
}
