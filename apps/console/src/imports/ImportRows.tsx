import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Link from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import type { DownloadTicket, ImportJob, ImportRow } from '@qingnang/contracts';
import { DataTable, SelectInput, useNotify, useTranslate } from 'react-admin';
import { Link as RouterLink } from 'react-router-dom';
import { Listing } from '../listing/Listing';
import type { ApiError } from '../providers/api-error';
import { api, saveFrom } from '../providers/http';
import { projectPath } from '../session/project';
import { useSayImport } from './say-import';

interface Props {
  job: ImportJob;
  outcome: 'rejected' | 'duplicate';
}

function Download({ job, outcome }: Props) {
  const translate = useTranslate();
  const notify = useNotify();
  const download = async () => {
    try {
      const path = projectPath(`/imports/${job.id}/rows/download-ticket`);
      saveFrom((await api.post<DownloadTicket>(path, { outcome })).data.url);
    } catch (error) {
      notify((error as ApiError).detail, { type: 'error' });
    }
  };
  return (
    <Button variant="outlined" disabled={job[outcome] === 0} onClick={() => void download()}>
      {translate('resources.imports.download')}
    </Button>
  );
}

function Raw({ row }: { row: ImportRow }) {
  const translate = useTranslate();
  const sayImport = useSayImport();
  if (row.raw === null) return <>{translate('resources.imports.raw_gone')}</>;
  return (
    <Box sx={{ p: 1, whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
      {row.raw}
      <Typography component="div" variant="caption" sx={{ color: 'text.secondary' }}>
        {sayImport(row.said, row.detail)}
      </Typography>
    </Box>
  );
}

function RepeatedRecord({ row }: { row: ImportRow }) {
  const translate = useTranslate();
  if (!row.recordId) return null;
  return (
    <Link component={RouterLink} to={`/records/${row.recordId}/show`}>
      {translate('resources.imports.see_record')}
    </Link>
  );
}

const oneLine = {
  maxWidth: '32em',
  overflow: 'hidden',
  textOverflow: 'ellipsis',
  whiteSpace: 'nowrap !important',
} as const;

/** Rows that made no record: rejected ones with what they said, duplicates with the record they repeat. */
export function ImportRows({ job, outcome }: Props) {
  const translate = useTranslate();
  const say = (key: string, _?: string) => translate(`resources.imports.${key}`, { _ });
  const rejected = outcome === 'rejected';
  const reasonOf = (row: ImportRow) =>
    `${say(`reasons.${row.reason}`, row.reason ?? '')}${row.field ? ` (${row.field})` : ''}`;
  const reasons = Object.keys(job.reasons).map((id) => ({ id, name: say(`reasons.${id}`, id) }));
  return (
    <Listing
      inner
      resource={`imports/${job.id}/rows`}
      name={say(`${outcome}_rows`)}
      filter={{ outcome }}
      sort={{ field: 'rowNumber', order: 'ASC' }}
      actions={<Download job={job} outcome={outcome} />}
      card={(each) => {
        const row = each as ImportRow;
        return (
          <>
            <Typography variant="body2" component="div" sx={{ color: 'text.secondary' }}>
              {say('fields.line')} {row.line} {rejected && `· ${reasonOf(row)}`}
            </Typography>
            {rejected ? <Raw row={row} /> : <RepeatedRecord row={row} />}
          </>
        );
      }}
      filters={
        rejected && reasons.length > 1
          ? [
              <SelectInput
                key="reason"
                source="reason"
                alwaysOn
                label={say('fields.reason')}
                choices={reasons}
                translateChoice={false}
              />,
            ]
          : undefined
      }
    >
      <DataTable<ImportRow>
        rowClick={rejected ? 'expand' : false}
        expand={rejected ? ({ record }: { record?: ImportRow }) => (record ? <Raw row={record} /> : null) : undefined}
        bulkActionButtons={false}
      >
        <DataTable.Col source="line" label={say('fields.line')} align="right" disableSort />
        <DataTable.Col source="rowNumber" label={say('fields.rowNumber')} align="right" />
        {rejected && (
          <DataTable.Col
            source="reason"
            label={say('fields.reason')}
            disableSort
            render={(row: ImportRow) => reasonOf(row)}
          />
        )}
        {rejected && (
          <DataTable.Col
            source="raw"
            label={say('fields.raw')}
            disableSort
            sx={oneLine}
            render={(row: ImportRow) => row.raw ?? say('raw_gone')}
          />
        )}
        {!rejected && <DataTable.Col source="outsideId" label={say('fields.outsideId')} disableSort />}
        {!rejected && (
          <DataTable.Col
            source="recordId"
            label={say('fields.repeats')}
            disableSort
            render={(row: ImportRow) => <RepeatedRecord row={row} />}
          />
        )}
      </DataTable>
    </Listing>
  );
}
