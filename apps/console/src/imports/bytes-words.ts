const units = ['B', 'kB', 'MB', 'GB', 'TB'];

/** 4.2 MB: decimal units, as file managers show them. */
export function bytesWords(bytes: number, locale: string): string {
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  const figure = value.toLocaleString(locale, { maximumFractionDigits: value < 10 && power > 0 ? 1 : 0 });
  return `${figure} ${units[power]}`;
}
