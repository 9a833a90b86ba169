import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import type { CandidateView } from '@qingnang/contracts';
import { DataTable, TextInput, useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { When } from '../components/When';
import { RehearsalMark } from '../dialogue/RehearsalMark';
import { Listing } from '../listing/Listing';
import { useMayDo } from '../session/useMayDo';

export default function CandidateList() {
  const translate = useTranslate();
  const say = (key: string) => translate(`resources.candidates.${key}`);
  const may = useMayDo();
  const create = may('candidates', 'create') && (
    <Button variant="contained" component={Link} to="/candidates/create">
      {say('create')}
    </Button>
  );
  return (
    <Listing
      lead={say('lead')}
      actions={create}
      emptyText={say('empty')}
      emptyAction={create}
      filters={[<TextInput key="model" source="model" alwaysOn label="resources.candidates.fields.model" />]}
      card={(row) => {
        const candidate = row as CandidateView;
        return (
          <Link to={`/prompts/${candidate.promptId}/show`} style={{ color: 'inherit', textDecoration: 'none' }}>
            <Typography variant="body2" sx={{ color: 'text.secondary' }}>
              {candidate.model}
            </Typography>
            <RehearsalMark when={candidate.rehearsal}>
              <Typography>{candidate.text ?? '–'}</Typography>
            </RehearsalMark>
          </Link>
        );
      }}
    >
      <DataTable<CandidateView>
        rowClick={(_id, _resource, record) => `/prompts/${(record as CandidateView).promptId}/show`}
        bulkActionButtons={false}
      >
        <DataTable.Col
          source="text"
          disableSort
          sx={{ maxWidth: '36em', overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}
          render={(candidate: CandidateView) => (
            <RehearsalMark when={candidate.rehearsal}>{candidate.text ?? '–'}</RehearsalMark>
          )}
        />
        <DataTable.Col source="model" disableSort />
        <DataTable.Col
          source="sampleIndex"
          disableSort
          align="right"
          render={(candidate: CandidateView) => candidate.sampleIndex + 1}
        />
        <DataTable.Col source="createdAt" render={(candidate: CandidateView) => <When at={candidate.createdAt} />} />
      </DataTable>
    </Listing>
  );
}
