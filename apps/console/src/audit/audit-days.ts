/** A day as a date field writes it (`2026-11-29`), as the moment at which it begins where the reader is. */
export function beginOf(day: string, daysLater = 0): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + daysLater).toISOString();
}

/** The day that begins at that moment, `daysLater` days before it. */
export function dayOf(moment: string, daysLater = 0): string {
  const at = new Date(moment);
  const day = new Date(at.getFullYear(), at.getMonth(), at.getDate() - daysLater);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}
