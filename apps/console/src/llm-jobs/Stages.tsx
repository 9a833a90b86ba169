import Box from '@mui/material/Box';
import Link from '@mui/material/Link';
import type { LlmJobDetail } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { Link as RouterLink } from 'react-router-dom';

/** What went into each stage of a job of several roles and what came out, down to the records it made. */
export function Stages({ job }: { job: LlmJobDetail }) {
  const translate = useTranslate();
  const words = (key: string, values?: object) => translate(`resources.llm-jobs.distil.${key}`, values);
  if (job.purpose !== 'distil') return null;
  const count = (type: string) => job.results.find((result) => result.type === type)?.count ?? 0;
  const wanted = Number(job.settings.count);
  const filter = JSON.stringify({ sourceId: [job.settings.sourceId] });
  return (
    <Box component="ol" sx={{ m: 0, pl: 2.5 }} aria-label={words('funnel')}>
      {job.stages.map(({ role, asked, stored, failed, skipped }) => (
        <li key={role}>{words('stage', { role: words(`roles.${role}`), asked, stored, failed, skipped })}</li>
      ))}
      <li>
        {words('made', { n: count('record'), wanted })}
        {count('duplicate_record') > 0 && ` · ${words('known', { n: count('duplicate_record') })}`}
        {count('record') > 0 && (
          <>
            {' · '}
            <Link component={RouterLink} to={`/records?filter=${encodeURIComponent(filter)}`}>
              {words('see_records')}
            </Link>
          </>
        )}
      </li>
    </Box>
  );
}
