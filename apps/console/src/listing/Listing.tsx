import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Paper from '@mui/material/Paper';
import type { Theme } from '@mui/material/styles';
import useMediaQuery from '@mui/material/useMediaQuery';
import type { ReactElement, ReactNode } from 'react';
import {
  FilterForm,
  ListBase,
  Title,
  useListContext,
  useTranslate,
  type RaRecord,
  type SortPayload,
} from 'react-admin';
import { EmptyState } from './EmptyState';
import { ErrorState } from './ErrorState';
import { Pages } from './Pages';
import { RowsSkeleton } from './RowsSkeleton';

const listOptions = {
  // The list says it in its own place.
  onError: () => undefined,
  // react-admin keeps each row of a list as what a page of that row would read. A row is shorter than the whole, so it is
  // kept under a name of its own.
  meta: { row: true },
};

interface BodyProps {
  children: ReactNode;
  /** What the rows are called, in the plural; else the resource's name. */
  name?: string;
  /** What would be here, for a list that has nothing yet. */
  emptyText?: ReactNode;
  /** The one button of an empty list. */
  emptyAction?: ReactNode;
  /** Draws a row on a narrow screen, where a table would not fit; without it the table scrolls sideways. */
  card?: (row: RaRecord) => ReactNode;
}

export interface ListingProps extends BodyProps {
  /** Defaults to the resource of the route. */
  resource?: string;
  title?: string;
  lead?: ReactNode;
  /** Inputs, each with a label and `alwaysOn`. */
  filters?: ReactElement<{ source: string }>[];
  /** Always applied and not shown, e.g. the job whose items these are. */
  filter?: Record<string, unknown>;
  sort?: SortPayload;
  perPage?: number;
  actions?: ReactNode;
  /** True inside another page: no title, and the address stays that page's. */
  inner?: boolean;
}

function ListingBody({ children, name: given, emptyText, emptyAction, card }: BodyProps) {
  const translate = useTranslate();
  const isNarrow = useMediaQuery<Theme>((theme) => theme.breakpoints.down('sm'));
  const { data, error, isPending, total, perPage, filterValues, setFilters, refetch, resource } = useListContext();
  const name = given ?? translate(`resources.${resource}.name`, { smart_count: 2, _: resource });
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (isPending) return <RowsSkeleton rows={Math.min(perPage, 12)} />;
  if (total === 0 || data?.length === 0) {
    if (Object.keys(filterValues ?? {}).length === 0) {
      return <EmptyState title={translate('state.empty_title', { name })} text={emptyText} action={emptyAction} />;
    }
    return (
      <EmptyState
        title={translate('state.no_match_title', { name })}
        text={translate('state.no_match_text')}
        action={
          <Button variant="outlined" onClick={() => setFilters({})}>
            {translate('state.clear_filter')}
          </Button>
        }
      />
    );
  }
  return (
    <Paper variant="outlined" sx={{ px: { xs: 1, sm: 2 }, py: 1 }}>
      {isNarrow && card ? (
        <Cards rows={data} card={card} />
      ) : (
        <Box sx={{ overflowX: 'auto', '& td, & th': { whiteSpace: { xs: 'nowrap', sm: 'normal' } } }}>{children}</Box>
      )}
      <Pages />
    </Paper>
  );
}

function Cards({ rows, card }: { rows: RaRecord[] | undefined; card: (row: RaRecord) => ReactNode }) {
  return (
    <Box component="ol" sx={{ listStyle: 'none', m: 0, p: 0 }}>
      {rows?.map((row) => (
        <Box component="li" key={row.id} sx={{ py: 1.5, borderBottom: 1, borderColor: 'divider' }}>
          {card(row)}
        </Box>
      ))}
    </Box>
  );
}

/** An empty list has its one button in its middle, so the head does without. */
function ListingHead({ lead, actions, emptyAction }: Pick<ListingProps, 'lead' | 'actions' | 'emptyAction'>) {
  const { total, filterValues } = useListContext();
  const isEmpty = total === 0 && Object.keys(filterValues ?? {}).length === 0;
  const shown = isEmpty && emptyAction ? null : actions;
  if (!lead && !shown) return null;
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, alignItems: 'center', mb: 2 }}>
      <Box sx={{ color: 'text.secondary', flex: '1 1 20em' }}>{lead}</Box>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>{shown}</Box>
    </Box>
  );
}

function ListingTitle({ title }: { title: string | undefined }) {
  const { defaultTitle } = useListContext();
  return <Title title={title} defaultTitle={defaultTitle} preferenceKey={false} />;
}

/**
 * A list with all its states: empty, loading, error, no match, thousands of rows. Children draw the rows
 * (`DataTable`, or cards by `useListContext().data`).
 */
export function Listing(props: ListingProps) {
  const translate = useTranslate();
  const { title, lead, filters, actions, inner, children, name, emptyText, emptyAction, card, ...base } = props;
  return (
    <ListBase
      resource={base.resource}
      filter={base.filter}
      sort={base.sort ?? { field: 'createdAt', order: 'DESC' }}
      perPage={base.perPage ?? 25}
      disableSyncWithLocation={inner}
      storeKey={inner ? false : undefined}
      queryOptions={listOptions}
    >
      {!inner && <ListingTitle title={title} />}
      <ListingHead lead={lead} actions={actions} emptyAction={emptyAction} />
      {filters && (
        <Box component="search" aria-label={translate('state.filters')} sx={{ mb: 1.5 }}>
          <FilterForm filters={filters} />
        </Box>
      )}
      <ListingBody name={name} card={card} emptyText={emptyText} emptyAction={emptyAction}>
        {children}
      </ListingBody>
    </ListBase>
  );
}
