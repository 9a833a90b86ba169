import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Skeleton from '@mui/material/Skeleton';
import Typography from '@mui/material/Typography';
import type { SchedulePreview } from '@qingnang/contracts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue } from 'react';
import { useLocaleState, useTranslate } from 'react-admin';
import { api } from '../providers/http';
import { projectPath } from '../session/project';

const TIMES = 5;

/** Moments as the schedule means them: in its own zone, whatever the reader's. */
export function Times({ times, timeZone }: { times: readonly string[]; timeZone: string }) {
  const [locale] = useLocaleState();
  const words = new Intl.DateTimeFormat(locale.startsWith('zh') ? 'zh-CN' : 'en-GB', {
    timeZone,
    dateStyle: 'full',
    timeStyle: 'short',
  });
  return (
    <Box component="ol" sx={{ m: 0, pl: 3, fontVariantNumeric: 'tabular-nums' }}>
      {times.map((time) => (
        <li key={time}>
          <time dateTime={time}>{words.format(new Date(time))}</time>
        </li>
      ))}
    </Box>
  );
}

/** What a pattern means, while it is being written: its next five times, or what is wrong with it. */
export function NextTimes({ cron, timeZone }: { cron: string; timeZone: string }) {
  const translate = useTranslate();
  const asked = useDeferredValue({ cron: cron.trim(), timeZone: timeZone.trim() });
  const { data, error } = useQuery({
    queryKey: ['schedules', 'preview', asked],
    enabled: asked.cron !== '' && asked.timeZone !== '',
    retry: false,
    placeholderData: keepPreviousData,
    queryFn: async () => ({
      ...(await api.get<SchedulePreview>(projectPath('/schedules/preview'), asked)).data,
      timeZone: asked.timeZone,
    }),
  });
  return (
    <Box aria-live="polite">
      <Typography variant="h3" sx={{ fontSize: '1rem', mb: 1 }}>
        {translate('resources.schedules.next_five')}
      </Typography>
      {error && (
        <Alert severity="warning" variant="outlined">
          {error.message}
        </Alert>
      )}
      {!error && !data && Array.from({ length: TIMES }, (_, n) => <Skeleton key={n} width="18em" />)}
      {!error && data && <Times times={data.times} timeZone={data.timeZone} />}
    </Box>
  );
}
