import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import type { CandidateSummary } from '@qingnang/contracts';
import { DataTable, TextInput, useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { When } from '../components/When';
import { RehearsalMark } from '../dialogue/RehearsalMark';
import { clip } from '../listing/clip';
import { Listing } from '../listing/Listing';
import { useMayDo } from '../session/useMayDo';

export default function CandidateList() {
  const translate = useTranslate();
  const say = (key: string) => translate(`resources.candidates.${key}`);
  const may = useMayDo();
  const judged = ({ judged: said }: CandidateSummary) =>
    said === null
      ? say('not_judged')
      : [said.total?.toFixed(1), translate('resources.candidates.place', { rank: said.rank, of: said.of })]
          .filter(Boolean)
          .join(' · ');
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
        const candidate = row as CandidateSummary;
        return (
          <Link to={`/prompts/${candidate.promptId}/show`} style={{ color: 'inherit', textDecoration: 'none' }}>
            <Typography variant="body2" sx={{ color: 'text.secondary' }}>
              {candidate.model}
            </Typography>
            <Typography sx={clip}>{candidate.question}</Typography>
            <RehearsalMark when={candidate.rehearsal}>
              <Typography sx={{ ...clip, WebkitLineClamp: 3 }}>{candidate.text ?? '–'}</Typography>
            </RehearsalMark>
            <Typography variant="body2" sx={{ color: 'text.secondary' }}>
              {judged(candidate)}
            </Typography>
          </Link>
        );
      }}
    >
      <DataTable<CandidateSummary>
        rowClick={(_id, _resource, record) => `/prompts/${(record as CandidateSummary).promptId}/show`}
        bulkActionButtons={false}
      >
        <DataTable.Col
          source="question"
          disableSort
          sx={{ maxWidth: '20em' }}
          render={({ question }: CandidateSummary) => <Box sx={clip}>{question}</Box>}
        />
        <DataTable.Col
          source="text"
          disableSort
          sx={{ maxWidth: '28em' }}
          render={(candidate: CandidateSummary) => (
            <RehearsalMark when={candidate.rehearsal}>
              <Box sx={clip}>{candidate.text ?? '–'}</Box>
            </RehearsalMark>
          )}
        />
        <DataTable.Col source="judged" disableSort render={judged} />
        <DataTable.Col source="model" disableSort />
        <DataTable.Col
          source="sampleIndex"
          disableSort
          align="right"
          render={(candidate: CandidateSummary) => candidate.sampleIndex + 1}
        />
        <DataTable.Col source="createdAt" render={(candidate: CandidateSummary) => <When at={candidate.createdAt} />} />
      </DataTable>
    </Listing>
  );
}
