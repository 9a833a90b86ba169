import type { ProviderKind, ProviderModel } from '@qingnang/contracts';
import type { Reach } from '../outgoing/guarded-fetch.js';
import type { OpenProvider } from '../provider/provider-access.js';

export interface ChatTarget {
  baseUrl: string;
  apiKey: string;
  model: string;
  timeoutMs: number;
  kind: ProviderKind;
  /** The model takes no temperature and no top_p. */
  fixedSampling?: boolean;
  /** How far a call may go. */
  reach: Reach;
}

/** Where and how a model is asked. */
export function chatTarget(provider: OpenProvider, model: ProviderModel, timeoutMs: number): ChatTarget {
  return { ...provider, model: model.name, fixedSampling: model.fixed_sampling === true, timeoutMs };
}
