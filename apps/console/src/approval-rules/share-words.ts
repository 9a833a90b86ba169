/** A share in per cent, as exact as small shares need. */
export function shareWords(share: number): string {
  const percent = share * 100;
  return `${percent.toLocaleString('en-US', { maximumFractionDigits: percent < 10 ? 2 : 1 })}%`;
}
