/** Chinese as soon as a tenth of the letters are Han characters: patients mix in drug names and units. */
export function isChinese(text: string): boolean {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  return letters === 0 || han / letters >= 0.1;
}
