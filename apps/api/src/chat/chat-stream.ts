import type { ChatEvent } from '@qingnang/contracts';
import type { Response } from 'express';

/** Server-sent events that begin with the first word, so that a refusal before it is an ordinary problem document. */
export class ChatStream {
  private begun = false;

  constructor(private readonly response: Response) {}

  get hasBegun(): boolean {
    return this.begun;
  }

  send(event: ChatEvent): void {
    if (!this.begun) {
      this.begun = true;
      this.response.status(200).set({
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store',
        'X-Accel-Buffering': 'no',
      });
    }
    this.response.write(`data: ${JSON.stringify(event)}\n\n`);
  }

  end(): void {
    this.response.end();
  }
}
