export interface ServerEvent {
  id: string | null;
  event: string;
  data: string;
}

/** Reads `text/event-stream` however the network cuts it into pieces. */
export class EventParser {
  private rest = '';
  private event = '';
  private data: string[] = [];
  private lastId: string | null = null;

  /** Events that became whole with this piece. */
  feed(piece: string): ServerEvent[] {
    const events: ServerEvent[] = [];
    let text = this.rest + piece;
    // A lone CR at the end may be the first half of CRLF.
    const held = text.endsWith('\r') ? '\r' : '';
    if (held) text = text.slice(0, -1);
    const lines = text.split(/\r\n|\n|\r/);
    this.rest = (lines.pop() ?? '') + held;
    for (const line of lines) {
      const event = this.take(line);
      if (event) events.push(event);
    }
    return events;
  }

  private take(line: string): ServerEvent | null {
    if (line === '') return this.flush();
    if (line.startsWith(':')) return null;
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') this.data.push(value);
    else if (field === 'event') this.event = value;
    else if (field === 'id' && !value.includes('\0')) this.lastId = value;
    return null;
  }

  private flush(): ServerEvent | null {
    const { data, event } = this;
    this.data = [];
    this.event = '';
    return data.length === 0 ? null : { id: this.lastId, event: event || 'message', data: data.join('\n') };
  }
}
