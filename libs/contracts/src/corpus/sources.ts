import { z } from 'zod';
import { listOf, listQuery } from '../platform/lists.js';
import { allowedUse, language } from '../vocabulary.js';

const sourceFields = {
  name: z.string().trim().min(1).max(200),
  /** Where it was got: an address, a hospital, a contract. */
  origin: z.string().trim().max(2000).default(''),
  /** SPDX identifier, or `LicenseRef-…` for terms of one's own. */
  licence: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .regex(/^[A-Za-z0-9.+-]+$/, 'an SPDX identifier such as Apache-2.0, or LicenseRef-… for terms of your own'),
  terms: z.string().trim().max(4000).default(''),
  allowedUse: z.array(allowedUse).min(1).max(4),
  /** Whether names, numbers and addresses were removed before it came here; decides if text may go to outside models. */
  deidentified: z.boolean(),
  language: language.default('zh'),
};

export const createSource = z.object(sourceFields).meta({ id: 'CreateSource' });
export type CreateSource = z.infer<typeof createSource>;

export const updateSource = z
  .object(sourceFields)
  .omit({ language: true })
  .extend({ origin: z.string().trim().max(2000), terms: z.string().trim().max(4000) })
  .partial()
  .meta({ id: 'UpdateSource' });
export type UpdateSource = z.infer<typeof updateSource>;

export const source = z
  .object({
    id: z.uuid(),
    name: z.string(),
    origin: z.string(),
    licence: z.string(),
    terms: z.string(),
    allowedUse: z.array(allowedUse),
    deidentified: z.boolean(),
    language,
    synthetic: z.boolean(),
    records: z.int(),
    imports: z.int(),
    createdAt: z.iso.datetime(),
    revision: z.int(),
  })
  .meta({ id: 'Source' });
export type Source = z.infer<typeof source>;

export const sourceList = listOf(source).meta({ id: 'SourceList' });
export const sourceQuery = listQuery({ sort: ['createdAt', 'name'] }).extend({ q: z.string().max(100).optional() });
export type SourceQuery = z.infer<typeof sourceQuery>;
