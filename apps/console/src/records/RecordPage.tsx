import Box from '@mui/material/Box';
import Link from '@mui/material/Link';
import Paper from '@mui/material/Paper';
import Typography from '@mui/material/Typography';
import type { RecordDetail } from '@qingnang/contracts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { Link as RouterLink, useParams } from 'react-router-dom';
import { AnswerListing } from '../answers/AnswerListing';
import { Section } from '../components/Section';
import { When } from '../components/When';
import { ErrorState } from '../listing/ErrorState';
import { PageHeader } from '../listing/PageHeader';
import { RowsSkeleton } from '../listing/RowsSkeleton';
import { api } from '../providers/http';
import { projectPath } from '../session/project';
import { useMayDo } from '../session/useMayDo';
import { AllowedUses } from '../sources/AllowedUses';
import { HeldBackNote } from './HeldBack';
import { HoldBack } from './HoldBack';
import { RecordHistory } from './RecordHistory';
import { VersionText } from './VersionText';
import { VersionTree } from './VersionTree';

/** The beginning of the question names the record: ids tell nobody anything. */
function titleOf(record: RecordDetail): string {
  const first = record.versions.find(({ id }) => id === record.importVersionId)?.turns?.[0]?.text ?? record.id;
  const line = first.split('\n', 1)[0] ?? first;
  return line.length > 40 ? `${line.slice(0, 40)}…` : line;
}

function Facts({ record }: { record: RecordDetail }) {
  const translate = useTranslate();
  const say = (key: string, options?: Record<string, unknown>) => translate(`resources.records.${key}`, options);
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', '& > *:not(:last-child)::after': { content: '"·"', mx: 1 } }}>
      <Box component="strong" sx={{ color: record.state === 'held_back' ? 'warning.main' : 'text.primary' }}>
        {say(`states.${record.state}`)}
      </Box>
      <span>{say(`data_sets.${record.dataSet}`)}</span>
      {record.department && <span>{record.department}</span>}
      <span>
        <Link component={RouterLink} to={`/sources/${record.source.id}`}>
          {record.source.name}
        </Link>
      </span>
      <AllowedUses uses={record.allowedUse} />
      <span>{say('size', { turns: record.turnCount, characters: record.characterCount.toLocaleString() })}</span>
      {record.questionOnly && <span>{say('question_only')}</span>}
      {record.synthetic && <span>{say('synthetic')}</span>}
      {record.flags.map((flag) => (
        <span key={flag}>{say(`flags.${flag}`, { _: flag })}</span>
      ))}
      <When at={record.updatedAt} />
    </Box>
  );
}

/** Read apart from react-admin's rows: those of a list are summaries under the same id. */
function useRecord(id: string) {
  return useQuery({
    queryKey: ['records', 'page', id],
    queryFn: async ({ signal }) =>
      (await api.get<RecordDetail>(projectPath(`/records/${id}`), undefined, { signal })).data,
  });
}

/** A record: what is said today, how it came to say it, and where it was found. */
export default function RecordPage() {
  const translate = useTranslate();
  const may = useMayDo();
  const { id = '' } = useParams();
  const { data: record, error, refetch } = useRecord(id);
  const [selectedId, setSelected] = useState<string | null>(null);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!record) return <RowsSkeleton rows={5} height={80} />;
  const version =
    record.versions.find((each) => each.id === selectedId) ??
    record.versions.find((each) => each.id === (record.approvedVersionId ?? record.latestVersionId)) ??
    record.versions[0]!;
  return (
    <>
      <PageHeader
        title={titleOf(record)}
        lead={<Facts record={record} />}
        actions={may('records', 'update') && <HoldBack record={record} />}
      />
      <HeldBackNote record={record} />
      <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: '300px minmax(0, 1fr)' } }}>
        <Paper variant="outlined" sx={{ p: 1.5, alignSelf: 'start' }}>
          <Typography variant="h2" sx={{ px: 1.5, pb: 0.5 }}>
            {translate('resources.records.versions_title')}
          </Typography>
          <VersionTree record={record} selectedId={version.id} onSelect={({ id: next }) => setSelected(next)} />
        </Paper>
        <Box sx={{ display: 'grid', gap: 2, minWidth: 0 }}>
          <Paper variant="outlined" sx={{ p: { xs: 2, md: 3 } }}>
            <VersionText key={record.id} record={record} version={version} />
          </Paper>
          <Paper variant="outlined" sx={{ p: { xs: 2, md: 3 } }}>
            <RecordHistory record={record} />
          </Paper>
          {may('answers', 'read') && (
            <Section title={translate('resources.answers.title')}>
              <AnswerListing of={{ recordId: record.id }} />
            </Section>
          )}
        </Box>
      </Box>
    </>
  );
}
