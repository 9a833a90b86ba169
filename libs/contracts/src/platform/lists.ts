import { z } from 'zod';

/** Screens may leaf through this many rows; beyond, and for programs, `after` goes on from the last one seen. */
export const PAGED_ROWS = 10_000;
export const MAX_PER_PAGE = 200;

/** How a total is meant: counted or kept, or, above {@link PAGED_ROWS} of a filter that nobody keeps count of, a lower bound. */
export const totalIs = z.enum(['exact', 'at_least']);

/** What every list answers. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    total: z.int().min(0),
    totalIs,
    /** Hand this back as `after` for the next rows; null on the last page. */
    next: z.string().nullable(),
  });
}

export interface ListReply<T> {
  items: T[];
  total: number;
  totalIs: z.infer<typeof totalIs>;
  next: string | null;
}

/**
 * The query of a list: pages or a cursor, and sorting by the named (indexed) columns only.
 * Filters are added with `.extend({…})`; values come as text, so use `z.coerce` for numbers. The depth limit of pages
 * is checked where the page is read, since an extended schema would lose a refinement.
 */
export function listQuery<const S extends readonly [string, ...string[]]>(options: {
  sort: S;
  order?: 'asc' | 'desc';
}) {
  return z.object({
    page: z.coerce.number().int().min(1).default(1),
    perPage: z.coerce.number().int().min(1).max(MAX_PER_PAGE).default(25),
    sort: z.enum(options.sort).default(options.sort[0] as never),
    order: z.enum(['asc', 'desc']).default(options.order ?? 'desc'),
    after: z.string().min(1).max(2000).optional(),
  });
}

export interface ListQuery {
  page: number;
  perPage: number;
  sort: string;
  order: 'asc' | 'desc';
  after?: string | undefined;
}

/** Filters that come as `a,b,c` in a query. */
export function commaList<T extends z.ZodType<unknown, string>>(item: T) {
  return z
    .string()
    .max(4000)
    .transform((text) => text.split(',').filter((part) => part !== ''))
    .pipe(z.array(item).max(200));
}
