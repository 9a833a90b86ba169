import type { RunConfig } from '@qingnang/contracts';
import { DomainError } from '@qingnang/kernel';

/** How TensorFlow, the wasm heap and V8 say that there is no memory left. */
const SIGNS = [
  /\bOOM\b/, // TensorFlow: "OOM when allocating tensor with shape…", Emscripten: "Aborted(OOM)"
  /failed to allocate|cannot allocate memory|std::bad_alloc|out of memory/i,
  /array buffer allocation failed|cannot enlarge memory/i,
];

/** The error as it came, or what to lower where it says that memory has run out. */
export function explainOutOfMemory(error: unknown, config: RunConfig): unknown {
  const message = error instanceof Error ? error.message : String(error);
  const ours = error instanceof DomainError;
  if (ours ? error.code !== 'training.out_of_memory' : !SIGNS.some((sign) => sign.test(message))) return error;
  return new DomainError({
    code: 'training.out_of_memory',
    status: 507,
    detail: `Memory ran out (${message.split(/[\n;]/)[0]}). Lower ${whatToLower(config)}.`,
    details: { cause: message },
  });
}

function whatToLower(config: RunConfig): string {
  const { batch_size: rows, sequence_length: length } = config;
  const batch =
    config.method === 'ppo'
      ? `ppo.micro_batch_size (${config.ppo.micro_batch_size ?? 'null, a whole mini-batch'}), batch_size (${rows})`
      : `batch_size (${rows}; ${config.method}.accumulation keeps the size of an update)`;
  const adapter = config.lora ? '' : ', or learn by LoRA, which keeps moments of the adapter alone';
  return `${batch} or sequence_length (${length})${adapter}`;
}
