/** Full-width ASCII (`１３８`, `％`) as plain ASCII, one for one, so that positions stay those of the given text. */
export function halfWidth(text: string): string {
  return text.replace(/[\uff01-\uff5e]/gu, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0));
}
