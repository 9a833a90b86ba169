import { z } from 'zod';
import { listOf, listQuery } from '../platform/lists.js';

/** Any JSON object; what it holds is checked by the library that reads it. */
export const jsonObject = z.record(z.string(), z.unknown());
export type JsonObject = z.infer<typeof jsonObject>;

export const llmPurposeName = z.enum(['polish', 'distil', 'classify', 'candidate', 'judge', 'evaluate']);
export type LlmPurposeName = z.infer<typeof llmPurposeName>;

export const templatePurpose = z.enum(['house_style', ...llmPurposeName.options]);
export type TemplatePurpose = z.infer<typeof templatePurpose>;

/** `rehearsal`: the built-in rule-based server; `serve`: our own model server; `external`: anything else. */
export const providerKind = z.enum(['rehearsal', 'serve', 'external']);
export type ProviderKind = z.infer<typeof providerKind>;

/** A model of a provider, in the form of the `models` column. Prices are per million tokens, in the provider's currency. */
export const providerModel = z.object({
  name: z.string().min(1).max(200),
  /** Answers in plain words only, no JSON: small models, asked one turn at a time. */
  text_only: z.boolean().default(false),
  /** Longest request and answer together, in tokens; 0 = not known, not checked. */
  context_tokens: z.int().min(0).default(0),
  input_price: z.number().min(0).default(0),
  output_price: z.number().min(0).default(0),
  /** Takes no temperature and no top_p, as models that think before they answer. */
  fixed_sampling: z.boolean().optional(),
  /** Its answers count as rehearsal: the built-in server's, and those of models trained on such text. */
  rehearsal: z.boolean().default(false),
});
export type ProviderModel = z.infer<typeof providerModel>;

export const providerView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    kind: providerKind,
    baseUrl: z.string(),
    hasKey: z.boolean(),
    models: z.array(providerModel),
    currency: z.string(),
    outside: z.boolean(),
    /** Calls may go to this machine or a private network. */
    insideAddress: z.boolean(),
    declaredInsideAt: z.string().nullable(),
    honoursIdempotency: z.boolean(),
    maxConcurrency: z.int(),
    requestsPerMinute: z.int(),
    /** What keeps it from being asked, and until when; null where that is no matter of time. */
    waits: z
      .object({
        reason: z.enum(['asleep', 'failing', 'rate_limited']),
        model: z.string().nullable(),
        until: z.iso.datetime().nullable(),
      })
      .nullable(),
    modelId: z.uuid().nullable(),
    state: z.enum(['active', 'retired']),
    revision: z.int(),
    createdAt: z.string(),
  })
  .meta({ id: 'Provider' });
export type ProviderView = z.infer<typeof providerView>;

/**
 * What is wrong with a model server's address: names and passwords belong to the key's field, and what stands behind the
 * path would end up in the middle of the addresses that are called.
 */
export function addressFault(address: string): 'not_an_address' | 'credentials' | 'query' | null {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || !/^https?:$/.test(url.protocol)) return 'not_an_address';
  if (url.username !== '' || url.password !== '') return 'credentials';
  return /[?#]/.test(address) ? 'query' : null;
}

const providerAddress = z
  .string()
  .trim()
  .max(500)
  .superRefine((address, context) => {
    const fault = addressFault(address);
    if (fault === null) return;
    const message = {
      not_an_address: 'An address that begins with http:// or https://',
      credentials: 'No name or password in the address: the key has a field of its own',
      query: 'The address ends with its path, without ? or #',
    }[fault];
    context.addIssue({ code: 'custom', message });
  });

const providerFields = z.object({
  name: z.string().trim().min(1).max(100),
  baseUrl: providerAddress,
  models: z.array(providerModel).max(100),
  currency: z.string().regex(/^[A-Z]{3}$/, 'three capital letters, e.g. CNY'),
  honoursIdempotency: z.boolean(),
  maxConcurrency: z.int().min(1).max(256),
  requestsPerMinute: z.int().min(1).max(1_000_000),
  /** Absent: as the address says when it is entered. */
  insideAddress: z.boolean().optional(),
});

export const createProvider = providerFields
  .extend({
    /** Kept encrypted and never answered again. Empty for servers that ask for none. */
    apiKey: z.string().max(500).default(''),
    models: providerFields.shape.models.default([]),
    currency: providerFields.shape.currency.default('CNY'),
    honoursIdempotency: z.boolean().default(false),
    maxConcurrency: providerFields.shape.maxConcurrency.default(4),
    requestsPerMinute: providerFields.shape.requestsPerMinute.default(600),
  })
  .meta({ id: 'CreateProvider' });
export type CreateProvider = z.infer<typeof createProvider>;

/** Fields left out stay as they are; `apiKey: ""` removes the key. Another address without a key drops the one kept for the old. */
export const updateProvider = providerFields
  .extend({ apiKey: z.string().max(500), state: z.enum(['active', 'retired']) })
  .partial()
  .meta({ id: 'UpdateProvider' });
export type UpdateProvider = z.infer<typeof updateProvider>;

/** An administrator's word that text sent there does not leave the house. */
export const declareInside = z.object({ inside: z.boolean() }).meta({ id: 'DeclareInside' });
export type DeclareInside = z.infer<typeof declareInside>;

/** How a model is asked with a prompt version. */
export const promptSettings = z.object({
  temperature: z.number().min(0).max(2).optional(),
  maxOutputTokens: z.int().min(1).max(100_000).optional(),
  /** `json`: a JSON document; `text`: plain words, for text-only models, one turn an item. */
  answer: z.enum(['json', 'text']).default('json'),
});
export type PromptSettings = z.infer<typeof promptSettings>;

export const promptVersionView = z
  .object({
    id: z.uuid(),
    templateId: z.uuid(),
    number: z.int(),
    systemText: z.string(),
    userText: z.string(),
    variables: z.array(z.string()),
    settings: promptSettings,
    authorId: z.uuid().nullable(),
    createdAt: z.string(),
  })
  .meta({ id: 'PromptVersion' });
export type PromptVersionView = z.infer<typeof promptVersionView>;

export const promptTemplateView = z
  .object({
    id: z.uuid(),
    key: z.string(),
    purpose: templatePurpose,
    name: z.string(),
    createdAt: z.string(),
    versionCount: z.int(),
    latest: promptVersionView.nullable(),
  })
  .meta({ id: 'PromptTemplate' });
export type PromptTemplateView = z.infer<typeof promptTemplateView>;

export const promptTemplateDetail = promptTemplateView
  .extend({ versions: z.array(promptVersionView) })
  .meta({ id: 'PromptTemplateDetail' });
export type PromptTemplateDetail = z.infer<typeof promptTemplateDetail>;

export const createPromptVersion = z
  .object({
    systemText: z.string().max(20_000).default(''),
    userText: z.string().min(1).max(20_000),
    settings: promptSettings.default({ answer: 'json' }),
  })
  .meta({ id: 'CreatePromptVersion' });
export type CreatePromptVersion = z.infer<typeof createPromptVersion>;

export const createPromptTemplate = createPromptVersion
  .extend({
    key: z.string().regex(/^[a-z][a-z0-9_]{1,60}$/, 'small letters, digits and _'),
    purpose: templatePurpose,
    name: z.string().trim().min(1).max(100),
  })
  .meta({ id: 'CreatePromptTemplate' });
export type CreatePromptTemplate = z.infer<typeof createPromptTemplate>;

export const providerList = listOf(providerView).meta({ id: 'ProviderList' });
export const providerQuery = listQuery({ sort: ['createdAt', 'name'] }).extend({
  state: z.enum(['active', 'retired']).optional(),
});
export type ProviderQuery = z.infer<typeof providerQuery>;

export const promptTemplateList = listOf(promptTemplateView).meta({ id: 'PromptTemplateList' });
export const promptTemplateQuery = listQuery({ sort: ['createdAt', 'key'] }).extend({
  purpose: templatePurpose.optional(),
});
export type PromptTemplateQuery = z.infer<typeof promptTemplateQuery>;
