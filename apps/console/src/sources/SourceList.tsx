import Button from '@mui/material/Button';
import Box from '@mui/material/Box';
import MuiLink from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import type { Source } from '@qingnang/contracts';
import { DataTable, TextInput, useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { Count } from '../components/Count';
import { When } from '../components/When';
import { Listing } from '../listing/Listing';
import { useMayDo } from '../session/useMayDo';
import { AllowedUses } from './AllowedUses';

const recordsOf = (source: Source) => `/records?filter=${encodeURIComponent(JSON.stringify({ sourceId: source.id }))}`;

function SourceCard({ source }: { source: Source }) {
  const translate = useTranslate();
  return (
    <Box component={Link} to={`/sources/${source.id}`} sx={{ color: 'inherit', textDecoration: 'none' }}>
      <Typography>{source.name}</Typography>
      <Typography variant="body2" component="div" sx={{ color: 'text.secondary' }}>
        {source.licence} · <AllowedUses uses={source.allowedUse} /> ·{' '}
        {translate(`resources.sources.is.${source.deidentified ? 'yes' : 'no'}`)} · <Count value={source.records} />
      </Typography>
    </Box>
  );
}

export default function SourceList() {
  const translate = useTranslate();
  const may = useMayDo();
  const create = may('sources', 'create') && (
    <Button variant="contained" component={Link} to="/sources/create">
      {translate('resources.sources.create')}
    </Button>
  );
  return (
    <Listing
      lead={translate('resources.sources.lead')}
      actions={create}
      emptyText={translate('resources.sources.empty')}
      emptyAction={create}
      card={(row) => <SourceCard source={row as Source} />}
      filters={[<TextInput key="q" source="q" alwaysOn label="resources.sources.search" />]}
    >
      <DataTable<Source> rowClick={may('sources', 'update') ? 'edit' : false} bulkActionButtons={false}>
        <DataTable.Col source="name" />
        <DataTable.Col source="licence" disableSort />
        <DataTable.Col
          source="allowedUse"
          disableSort
          render={(source: Source) => <AllowedUses uses={source.allowedUse} />}
        />
        <DataTable.Col
          source="deidentified"
          disableSort
          render={(source: Source) => translate(`resources.sources.is.${source.deidentified ? 'yes' : 'no'}`)}
        />
        <DataTable.Col
          source="records"
          disableSort
          align="right"
          render={(source: Source) => (
            <MuiLink component={Link} to={recordsOf(source)} onClick={(event) => event.stopPropagation()}>
              <Count value={source.records} />
            </MuiLink>
          )}
        />
        <DataTable.Col source="createdAt" render={(source: Source) => <When at={source.createdAt} />} />
      </DataTable>
    </Listing>
  );
}
