import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import type { JudgementSummary } from '@qingnang/contracts';
import { DataTable, SelectInput, useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { When } from '../components/When';
import { clip } from '../listing/clip';
import { Listing } from '../listing/Listing';
import { grades as referenceGrades } from '../references/grades';
import { useMayDo } from '../session/useMayDo';

const origins = ['ai', 'doctor', 'lay'] as const;

/** By who judged, and by what the judge thought of the doctor's answer. */
const filters = [
  <SelectInput
    key="origin"
    source="origin"
    alwaysOn
    label="resources.judgements.fields.origin"
    choices={origins.map((id) => ({ id, name: `resources.judgements.origins.${id}` }))}
  />,
  <SelectInput
    key="referenceGrade"
    source="referenceGrade"
    alwaysOn
    label="resources.judgements.fields.referenceGrade"
    choices={referenceGrades.map((id) => ({ id, name: `resources.references.grades.${id}` }))}
  />,
];

/** From first to last; people give places and no scores. */
function scoresOf({ items }: JudgementSummary): string {
  return items.flatMap(({ total }) => total?.toFixed(1) ?? []).join(' · ') || '–';
}

/** What stands first; several where they are equal. */
function Winners({ of: { winners } }: { of: JudgementSummary }) {
  const translate = useTranslate();
  const equal = winners.length > 1 ? translate('resources.judgements.equal') : '';
  return <Box sx={clip}>{winners.length === 0 ? '–' : equal + winners.join(' / ')}</Box>;
}

/** A row on a narrow screen. */
function JudgementCard({ judgement }: { judgement: JudgementSummary }) {
  const translate = useTranslate();
  return (
    <Link to={`/prompts/${judgement.promptId}/show`} style={{ color: 'inherit', textDecoration: 'none' }}>
      <Typography sx={clip}>{judgement.question}</Typography>
      <Winners of={judgement} />
      <Typography variant="body2" component="div" sx={{ color: 'text.secondary' }}>
        {[
          translate(`resources.judgements.origins.${judgement.origin}`),
          ...(judgement.by ? [judgement.by] : []),
          scoresOf(judgement),
        ].join(' · ')}{' '}
        · <When at={judgement.createdAt} />
      </Typography>
    </Link>
  );
}

export default function JudgementList() {
  const translate = useTranslate();
  const say = (key: string) => translate(`resources.judgements.${key}`);
  const may = useMayDo();
  const create = may('judgements', 'create') && (
    <Button variant="contained" component={Link} to="/judgements/create">
      {say('create')}
    </Button>
  );
  const mode = (judgement: JudgementSummary) =>
    judgement.origin === 'ai' ? '–' : say(judgement.aiOrderShown ? 'shown' : 'blind');
  return (
    <Listing
      lead={say('lead')}
      actions={
        <>
          <Button component={Link} to="/judgements/calibration">
            {say('calibration')}
          </Button>
          {create}
        </>
      }
      emptyText={say('empty')}
      emptyAction={create}
      filters={filters}
      card={(row) => <JudgementCard judgement={row as JudgementSummary} />}
    >
      <DataTable<JudgementSummary>
        rowClick={(_id, _resource, record) => `/prompts/${(record as JudgementSummary).promptId}/show`}
        bulkActionButtons={false}
      >
        <DataTable.Col
          source="question"
          disableSort
          sx={{ maxWidth: '20em' }}
          render={({ question }: JudgementSummary) => <Box sx={clip}>{question}</Box>}
        />
        <DataTable.Col
          source="winners"
          disableSort
          sx={{ maxWidth: '24em' }}
          render={(judgement: JudgementSummary) => <Winners of={judgement} />}
        />
        <DataTable.Col source="scores" disableSort render={scoresOf} />
        <DataTable.Col
          source="origin"
          disableSort
          render={(judgement: JudgementSummary) => say(`origins.${judgement.origin}`)}
        />
        <DataTable.Col source="by" disableSort />
        <DataTable.Col source="aiOrderShown" disableSort render={mode} />
        <DataTable.Col
          source="referenceGrade"
          disableSort
          render={({ referenceGrade: grade }: JudgementSummary) =>
            grade ? translate(`resources.references.grades.${grade}`) : '–'
          }
        />
        <DataTable.Col
          source="items"
          disableSort
          align="right"
          render={(judgement: JudgementSummary) => judgement.items.length}
        />
        <DataTable.Col
          source="rehearsal"
          disableSort
          render={(judgement: JudgementSummary) => (judgement.rehearsal ? translate('piece.rehearsal') : '–')}
        />
        <DataTable.Col source="createdAt" render={(judgement: JudgementSummary) => <When at={judgement.createdAt} />} />
      </DataTable>
    </Listing>
  );
}
