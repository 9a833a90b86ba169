import type { ServerFault } from '../answer/read-completion.js';

/** Why a provider takes no question of this kind, as far as it lets itself be understood. */
export type RejectionCode =
  | 'insufficient_quota'
  | 'model_not_found'
  | 'address_not_found'
  | 'unsupported_parameter'
  | 'context_too_long'
  | 'request_rejected';

const QUOTA =
  /insufficient[_ ](?:quota|balance|funds|credit)|exceeded your current quota|billing|arrearage|余额不足|欠费|额度(?:不足|已用完)/iu;
const CONTEXT =
  /context[_ ](?:length|too_long|window)|maximum context|too many (?:input )?tokens|(?:prompt|input) is too long|range of input length|上下文|超(?:过|出)[^。]{0,8}长度/iu;
const MODEL =
  /model[_ ]?not[_ ]?(?:found|exist)|(?:no such|unknown|invalid) model|model\b.{0,80}(?:not exist|not found|not supported|unavailable|no access)|模型.{0,40}(?:不存在|未找到|未开通)/iu;
/** Settings we send, as servers name them. */
const SETTINGS = [
  'max_completion_tokens',
  'max_tokens',
  'temperature',
  'top_p',
  'seed',
  'response_format',
  'stream_options',
  'stream',
  'enable_thinking',
];
const UNSUPPORTED =
  /unsupported|not support|does not (?:support|allow)|unknown (?:parameter|field|argument)|unrecognized|extra inputs|only the default|must be|only (?:support|stream)|不支持|仅支持|只支持/iu;

/** Reads a fault by its code first and by its words where the code says nothing. */
export function rejectionOf(fault: ServerFault, status: number): { code: RejectionCode; param: string | null } {
  const words = `${fault.code ?? ''} ${fault.message ?? ''}`;
  if (status === 402 || QUOTA.test(words)) return { code: 'insufficient_quota', param: null };
  if (CONTEXT.test(words)) return { code: 'context_too_long', param: null };
  if (MODEL.test(words)) return { code: 'model_not_found', param: null };
  const param = settingIn(fault, words);
  if (param !== null) return { code: 'unsupported_parameter', param };
  if (status === 404 || status === 405) return { code: 'address_not_found', param: null };
  return { code: 'request_rejected', param: null };
}

function settingIn({ code, param }: ServerFault, words: string): string | null {
  if (param !== null && SETTINGS.includes(param)) return param;
  if (!/^unsupported/u.test(code ?? '') && !UNSUPPORTED.test(words)) return null;
  return SETTINGS.find((name) => new RegExp(`\\b${name}\\b`, 'iu').test(words)) ?? param;
}
