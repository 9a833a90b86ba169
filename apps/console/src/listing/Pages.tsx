import { type ListReply, MAX_PER_PAGE, PAGED_ROWS } from '@qingnang/contracts';
import Box from '@mui/material/Box';
import MenuItem from '@mui/material/MenuItem';
import Pagination from '@mui/material/Pagination';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useListPaginationContext, useListContext, useLocaleState, useTranslate } from 'react-admin';
import { shortCount } from '../components/number-words';

// The API pages up to row 10,000 for screens; beyond it a filter finds faster than paging.
const SIZES = [25, 50, 100, MAX_PER_PAGE];

/** Where one is in a list, how to go on, and how many rows a page has. */
export function Pages() {
  const translate = useTranslate();
  const [locale] = useLocaleState();
  const { page, perPage, total = 0, setPage, setPerPage } = useListPaginationContext();
  const { meta } = useListContext();
  const reachable = Math.min(total, PAGED_ROWS);
  const pages = Math.max(1, Math.ceil(reachable / perPage));
  const { totalIs } = (meta ?? {}) as { totalIs?: ListReply<unknown>['totalIs'] };
  const sentence = totalIs === 'at_least' ? 'state.rows_of_at_least' : 'state.rows_of';
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 2, py: 1.5 }}>
      <Typography variant="body2" title={total.toLocaleString('en-US')} sx={{ color: 'text.secondary' }}>
        {translate(sentence, {
          from: Math.min((page - 1) * perPage + 1, total),
          to: Math.min(page * perPage, total),
          total: shortCount(total, locale),
        })}
      </Typography>
      {pages > 1 && (
        <Pagination
          aria-label={translate('state.pages')}
          count={pages}
          page={page}
          onChange={(_, next) => setPage(next)}
          getItemAriaLabel={(type, number) =>
            type === 'page' ? translate('ra.navigation.page', { page: number }) : translate(`ra.navigation.${type}`)
          }
        />
      )}
      <TextField
        select
        size="small"
        label={translate('state.per_page')}
        value={perPage}
        onChange={(event) => setPerPage(Number(event.target.value))}
        sx={{ minWidth: 110, ml: { sm: 'auto' } }}
      >
        {[...new Set([perPage, ...SIZES])]
          .sort((a, b) => a - b)
          .map((size) => (
            <MenuItem key={size} value={size}>
              {size}
            </MenuItem>
          ))}
      </TextField>
      {(total > PAGED_ROWS || totalIs === 'at_least') && page === pages && (
        <Typography variant="body2" sx={{ flexBasis: '100%', color: 'warning.main' }}>
          {translate('state.deep_end')}
        </Typography>
      )}
    </Box>
  );
}
