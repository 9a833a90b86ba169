import { commonSubsequenceLength } from './common-subsequence.js';

/**
 * Whether a text that descends from rehearsal texts still counts as rehearsal. It stops when it equals the doctor's
 * original (white space at the ends aside), or when its longest common subsequence with every rehearsal ancestor is under
 * half its characters: from then on it is mostly somebody's own writing.
 */
export function stillRehearsal(
  text: string,
  doctorsOriginal: string | null,
  rehearsalAncestors: readonly string[],
): boolean {
  const own = text.trim();
  if (rehearsalAncestors.length === 0) return false;
  if (doctorsOriginal !== null && own === doctorsOriginal.trim()) return false;
  const length = [...own].length;
  return rehearsalAncestors.some((ancestor) => commonSubsequenceLength(own, ancestor.trim()) * 2 >= length);
}
