import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Link from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import type { DownloadTicket, ImportJob, ImportRow, ListedOutcome } from '@qingnang/contracts';
import { BooleanInput, DataTable, SelectInput, useNotify, useRecordContext, useTranslate } from 'react-admin';
import { Link as RouterLink } from 'react-router-dom';
import { Listing } from '../listing/Listing';
import type { ApiError } from '../providers/api-error';
import { api, saveFrom } from '../providers/http';
import { projectPath } from '../session/project';
import { useSayImport } from './say-import';

interface Props {
  job: ImportJob;
  outcome: ListedOutcome;
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

/** What a table shows below the row that was opened. */
function OpenedRow() {
  const row = useRecordContext<ImportRow>();
  return row ? <Raw row={row} /> : null;
}

function RowRecord({ row }: { row: ImportRow }) {
  const translate = useTranslate();
  if (!row.recordId) return null;
  const link = (
    <Link component={RouterLink} to={`/records/${row.recordId}/show`}>
      {translate('resources.imports.see_record')}
    </Link>
  );
  return row.endedApproval ? (
    <>
      {link} · {translate('resources.imports.ended_approval')}
    </>
  ) : (
    link
  );
}

const oneLine = {
  maxWidth: '32em',
  overflow: 'hidden',
  textOverflow: 'ellipsis',
  whiteSpace: 'nowrap !important',
} as const;

/** Rows that simply made a record apart: rejected ones with what they said, the others with the record that says it. */
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
            {rejected ? <Raw row={row} /> : <RowRecord row={row} />}
          </>
        );
      }}
      filters={
        outcome === 'replaced' && job.endedApprovals > 0
          ? [<BooleanInput key="ended" source="endedApproval" alwaysOn label={say('only_ended_approvals')} />]
          : rejected && reasons.length > 1
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
        expand={rejected ? <OpenedRow /> : undefined}
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
            label={say(outcome === 'duplicate' ? 'fields.repeats' : 'fields.says_now')}
            disableSort
            render={(row: ImportRow) => <RowRecord row={row} />}
          />
        )}
      </DataTable>
    </Listing>
  );
}
