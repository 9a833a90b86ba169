import { fstatSync } from 'node:fs';
import { selectBackend } from '../backend/select-backend.js';
import { openModelFile } from '../checkpoint/model-folder.js';
import { InputError } from '../data/input.errors.js';
import { decodesFasterOnWasm } from '../generate/on-decoding-backend.js';
import { serveDefaults, startOpenAiServer } from '../serve/openai-server.js';
import { ServedModel } from '../serve/served-model.js';
import { exitCodes } from './exit-codes.js';
import { backendName, parseArgs, required, wholeNumber } from './arguments.js';

const options = {
  model: { type: 'string' },
  adapter: { type: 'string' },
  port: { type: 'string', default: '0' },
  name: { type: 'string' },
  backend: { type: 'string', default: 'auto' },
  'max-rows': { type: 'string', default: String(serveDefaults.maxRows) },
  'max-waiting': { type: 'string', default: String(serveDefaults.maxWaiting) },
  grace: { type: 'string', default: '4' },
  json: { type: 'boolean', default: false },
} as const;

/** `qingnang-train serve`: runs until told to end or until the process that started it is gone. */
export async function serveCommand(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options });
  const log = (line: string): void => void process.stderr.write(line + '\n');
  const ended = untilToldToEnd();
  const port = wholeNumber(values.port, '--port');
  if (port > 65_535) throw new InputError('arguments', `--port wants 0 to 65535, not ${port}.`);
  const maxRows = Math.max(1, wholeNumber(values['max-rows'], '--max-rows'));
  const maxWaiting = wholeNumber(values['max-waiting'], '--max-waiting');
  const graceMs = 1000 * wholeNumber(values.grace, '--grace');
  const folder = required(values.model, '--model');
  const wanted = backendName(values.backend);
  const { config } = await openModelFile(folder);
  const { name: backend } = await selectBackend(
    wanted === 'auto' && decodesFasterOnWasm(config, maxRows) ? 'wasm' : wanted,
  );
  const model = await ServedModel.load(folder, values.name ?? null, values.adapter ?? null);
  const limits = { ...serveDefaults, maxRows, maxWaiting };
  const server = await startOpenAiServer(model, { ...limits, port, onlyName: values.name !== undefined, log }).catch(
    (error: NodeJS.ErrnoException) => {
      throw error.code === 'EADDRINUSE'
        ? new InputError('port_taken', `Port ${port} is taken; name another, or 0 for a free one.`)
        : error;
    },
  );
  process.stdout.write(JSON.stringify({ listening: server.port }) + '\n');
  log(
    `${model.name} on the ${backend} back end, http://127.0.0.1:${server.port}/v1${model.rehearsal ? ' (rehearsal: learnt from generated practice text)' : ''}`,
  );
  await ended;
  await server.close(graceMs);
  return exitCodes.ok.code;
}

/** A signal, or the end of standard input where that is a pipe held by the process that started us. */
function untilToldToEnd(): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      if (stdinIsPipe()) process.stdin.destroy();
      resolve();
    };
    process.once('SIGTERM', end).once('SIGINT', end);
    if (stdinIsPipe()) process.stdin.once('end', end).once('close', end).once('error', end).resume();
  });
}

function stdinIsPipe(): boolean {
  try {
    const stdin = fstatSync(0);
    return stdin.isFIFO() || stdin.isSocket();
  } catch {
    return false;
  }
}
