import type { DataProvider, GetListParams, GetManyReferenceParams, RaRecord } from 'ra-core';
import type { ListReply } from '@qingnang/contracts';
import { api, type ApiReply } from './http';
import { projectPath } from '../session/project';
import type { Query, QueryValue } from './send';

// These live outside any project; all else lives below `/projects/{project}`.
const installationResources = new Set(['projects', 'people']);

// What the server said a record's ETag was when it was last read or written, so that an edit names its base.
const etags = new Map<string, string>();

function collection(resource: string): string {
  return installationResources.has(resource) ? `/${resource}` : projectPath(`/${resource}`);
}

function member(resource: string, id: unknown): string {
  return `${collection(resource)}/${encodeURIComponent(String(id))}`;
}

/** `{ a: { b: 1 } }`, as react-admin nests dotted filter names, becomes `{ 'a.b': 1 }` again. */
export function flattenFilter(filter: Record<string, unknown>, prefix = ''): Query {
  const flat: Query = {};
  for (const [key, value] of Object.entries(filter)) {
    const name = `${prefix}${key}`;
    if (value instanceof Date) flat[name] = value.toISOString();
    else if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
      Object.assign(flat, flattenFilter(value as Record<string, unknown>, `${name}.`));
    } else flat[name] = value as QueryValue;
  }
  return flat;
}

/** The query of a list screen, in the API's names. `id` is react-admin's word for "any order": the server's own stands. */
export function listQuery({ pagination, sort, filter }: GetListParams): Query {
  const order = sort && sort.field !== 'id' ? { sort: sort.field, order: sort.order.toLowerCase() } : {};
  return {
    ...flattenFilter((filter ?? {}) as Record<string, unknown>),
    page: pagination?.page,
    perPage: pagination?.perPage,
    ...order,
  };
}

async function list(resource: string, params: GetListParams & { signal?: AbortSignal }) {
  const { data } = await api.get<ListReply<RaRecord>>(collection(resource), listQuery(params), {
    signal: params.signal,
  });
  return { data: data.items, total: data.total, meta: { totalIs: data.totalIs, next: data.next } };
}

async function remember(path: string, reply: Promise<ApiReply<RaRecord>>): Promise<RaRecord> {
  const { data, etag } = await reply;
  if (etag) etags.set(path, etag);
  return data;
}

async function one(resource: string, id: unknown, signal?: AbortSignal): Promise<RaRecord> {
  const path = member(resource, id);
  return remember(path, api.get<RaRecord>(path, undefined, { signal }));
}

/**
 * The revision that an edit started from: the form's own, when it carries one, since what the cache holds may have been
 * read again since; the ETag last seen for records without revisions.
 */
function baseOf(path: string, data: Partial<RaRecord>, previous?: Partial<RaRecord>): string | undefined {
  const revision: unknown = data.revision ?? previous?.revision;
  return typeof revision === 'number' ? `"${revision}"` : etags.get(path);
}

async function change(
  resource: string,
  id: unknown,
  data: Partial<RaRecord>,
  previous?: Partial<RaRecord>,
): Promise<RaRecord> {
  const path = member(resource, id);
  const { revision: _base, ...body } = data;
  return remember(path, api.patch<RaRecord>(path, body, { ifMatch: baseOf(path, data, previous) }));
}

async function remove(resource: string, id: unknown): Promise<void> {
  const path = member(resource, id);
  await api.delete(path, { ifMatch: etags.get(path) });
  etags.delete(path);
}

interface UpdateInput {
  id: unknown;
  data: Partial<RaRecord>;
  previousData?: Partial<RaRecord>;
}

const methods = {
  getList: list,
  getManyReference: (resource: string, params: GetManyReferenceParams & { signal?: AbortSignal }) =>
    list(resource, { ...params, filter: { ...params.filter, [params.target]: params.id } }),
  getOne: async (resource: string, { id, signal }: { id: unknown; signal?: AbortSignal }) => ({
    data: await one(resource, id, signal),
  }),
  getMany: async (resource: string, { ids, signal }: { ids: unknown[]; signal?: AbortSignal }) => ({
    data: await Promise.all(ids.map((id) => one(resource, id, signal))),
  }),
  create: async (resource: string, { data }: { data: unknown }) => ({
    data: (await api.post<RaRecord>(collection(resource), data)).data,
  }),
  update: async (resource: string, { id, data, previousData }: UpdateInput) => ({
    data: await change(resource, id, data, previousData),
  }),
  updateMany: async (resource: string, { ids, data }: { ids: unknown[]; data: Partial<RaRecord> }) => {
    for (const id of ids) await change(resource, id, data);
    return { data: ids };
  },
  delete: async (resource: string, { id, previousData }: { id: unknown; previousData?: RaRecord }) => {
    await remove(resource, id);
    return { data: previousData ?? { id } };
  },
  deleteMany: async (resource: string, { ids }: { ids: unknown[] }) => {
    for (const id of ids) await remove(resource, id);
    return { data: ids };
  },
  supportAbortSignal: true,
};

/** react-admin's questions in the API's terms. ra-core types records as generics that no server reply can prove. */
export const dataProvider = methods as unknown as DataProvider;
