import Typography from '@mui/material/Typography';
import type { ListReply, RecordFilter, TaskKind } from '@qingnang/contracts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslate } from 'react-admin';
import { flattenFilter } from '../providers/data-provider';
import { api } from '../providers/http';
import { projectPath } from '../session/project';
import { cleanFilter } from './task-set-model';

/** How many records the filter selects now; a review takes those with a polish only. */
export function RecordCount({ filter, kind }: { filter: RecordFilter | undefined; kind: TaskKind }) {
  const translate = useTranslate();
  const query = { ...cleanFilter(filter), ...(kind === 'polish_review' ? { polished: true } : {}) };
  const { data, isError } = useQuery({
    queryKey: ['records', 'count', query],
    queryFn: async ({ signal }) =>
      (
        await api.get<ListReply<unknown>>(
          projectPath('/records'),
          { ...flattenFilter(query), page: 1, perPage: 1 },
          { signal },
        )
      ).data.total,
    placeholderData: keepPreviousData,
  });
  return (
    <Typography role="status" sx={{ fontWeight: 600, color: data === 0 ? 'warning.main' : 'text.primary' }}>
      {isError
        ? translate('resources.task-sets.count_failed')
        : data === undefined
          ? '…'
          : translate(`resources.task-sets.count.${kind === 'polish_review' ? 'polished' : 'all'}`, {
              n: data.toLocaleString(),
            })}
    </Typography>
  );
}
