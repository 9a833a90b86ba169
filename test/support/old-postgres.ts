import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const int16 = (n: number): Buffer => Buffer.from([n >> 8, n & 255]);
const int32 = (n: number): Buffer => Buffer.concat([int16(n >> 16), int16(n & 0xffff)]);
const text = (value: string): Buffer => Buffer.from(`${value}\0`);

const READY = message('Z', Buffer.from('I'));
const GREETING = Buffer.concat([message('R', int32(0)), READY]);

/** Every question gets one row of one column: the version. */
function answer(version: string): Buffer {
  const column = Buffer.concat([text('server_version'), int32(0), int16(0), int32(25), int16(-1), int32(-1), int16(0)]);
  return Buffer.concat([
    message('T', Buffer.concat([int16(1), column])),
    message('D', Buffer.concat([int16(1), int32(version.length), Buffer.from(version)])),
    message('C', text('SHOW')),
    READY,
  ]);
}

/** A server that speaks just enough of PostgreSQL's protocol to say how old it is. */
export async function startOldPostgres(version: string): Promise<{ url: string; server: Server }> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      // The first message has no type: its first byte is the high byte of a length.
      if (data[0] === 0) socket.write(GREETING);
      else if (data[0] === 'Q'.charCodeAt(0)) socket.write(answer(version));
      else socket.end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `postgres://u:p@127.0.0.1:${(server.address() as AddressInfo).port}/q`, server };
}
