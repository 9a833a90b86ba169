import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import type { DownloadTicket, ImportJob, ImportRow } from '@qingnang/contracts';
import { DataTable, SelectInput, useNotify, useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { Listing } from '../listing/Listing';
import type { ApiError } from '../providers/api-error';
import { api, saveFrom } from '../providers/http';
import { projectPath } from '../session/project';

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
  if (row.raw === null) return <>{translate('resources.imports.raw_gone')}</>;
  return (
    <Box component="pre" sx={{ m: 0, p: 1, whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', font: 'inherit' }}>
      {row.raw}
    </Box>
  );
}

/** Rows that made no record: rejected ones with what they said, duplicates with the record they repeat. */
export function ImportRows({ job, outcome }: Props) {
  const translate = useTranslate();
  const say = (key: string, _?: string) => translate(`resources.imports.${key}`, { _ });
  const rejected = outcome === 'rejected';
  const reasons = Object.keys(job.reasons).map((id) => ({ id, name: say(`reasons.${id}`, id) }));
  return (
    <Listing
      inner
      resource={`imports/${job.id}/rows`}
      name={say(`${outcome}_rows`)}
      filter={{ outcome }}
      sort={{ field: 'rowNumber', order: 'ASC' }}
      actions={<Download job={job} outcome={outcome} />}
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
        {rejected ? (
          <>
            <DataTable.Col
              source="reason"
              label={say('fields.reason')}
              disableSort
              render={(row: ImportRow) => say(`reasons.${row.reason}`, row.reason ?? '')}
            />
            <DataTable.Col source="field" label={say('fields.field')} disableSort />
            <DataTable.Col source="detail" label={say('fields.detail')} disableSort />
          </>
        ) : (
          <>
            <DataTable.Col source="outsideId" label={say('fields.outsideId')} disableSort />
            <DataTable.Col
              source="recordId"
              label={say('fields.repeats')}
              disableSort
              render={(row: ImportRow) =>
                row.recordId && <Link to={`/records/${row.recordId}/show`}>{say('see_record')}</Link>
              }
            />
          </>
        )}
      </DataTable>
    </Listing>
  );
}
