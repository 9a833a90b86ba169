/** Counts physical lines over a stream of text: `\n`, `\r\n` and a lone `\r` end a line, also across chunks. */
export class LineCounter {
  line = 1;
  private afterReturn = false;

  /** To be called for each character in turn, with its code unit. */
  pass(code: number): void {
    if (code === 10) {
      if (!this.afterReturn) this.line++;
      this.afterReturn = false;
    } else if (code === 13) {
      this.line++;
      this.afterReturn = true;
    } else this.afterReturn = false;
  }
}
