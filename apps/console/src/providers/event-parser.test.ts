import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventParser } from './event-parser';

const STREAM =
  ': hello\r\n\r\nid: 1\nevent: progress\ndata: {"done":1}\n\ndata: 第一行\ndata: 第二行\n\rid: 2\r\ndata:x\r\n\r\n';
const EVENTS = [
  { id: '1', event: 'progress', data: '{"done":1}' },
  { id: '1', event: 'message', data: '第一行\n第二行' },
  { id: '2', event: 'message', data: 'x' },
];

describe('the event stream', () => {
  it('reads the same events however the network cuts it', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: STREAM.length })), (cuts) => {
        const edges = [0, ...cuts.sort((a, b) => a - b), STREAM.length];
        const parser = new EventParser();
        const events = edges.slice(1).flatMap((end, index) => parser.feed(STREAM.slice(edges[index], end)));
        // A CR in the last place waits for its LF, which may never come; a comment pushes it through.
        expect([...events, ...parser.feed(': end')]).toEqual(EVENTS);
      }),
    );
  });

  it('keeps back an event that is not whole', () => {
    expect(new EventParser().feed('data: half\n')).toEqual([]);
  });
});
