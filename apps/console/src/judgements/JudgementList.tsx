import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import type { JudgementView } from '@qingnang/contracts';
import { DataTable, SelectInput, useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { When } from '../components/When';
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

export default function JudgementList() {
  const translate = useTranslate();
  const say = (key: string) => translate(`resources.judgements.${key}`);
  const may = useMayDo();
  const create = may('judgements', 'create') && (
    <Button variant="contained" component={Link} to="/judgements/create">
      {say('create')}
    </Button>
  );
  const mode = (judgement: JudgementView) =>
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
      card={(row) => {
        const judgement = row as JudgementView;
        return (
          <Link to={`/prompts/${judgement.promptId}/show`} style={{ color: 'inherit', textDecoration: 'none' }}>
            <Typography>
              {say(`origins.${judgement.origin}`)} · {judgement.by}
            </Typography>
            <Typography variant="body2" sx={{ color: 'text.secondary' }}>
              <When at={judgement.createdAt} />
            </Typography>
          </Link>
        );
      }}
    >
      <DataTable<JudgementView>
        rowClick={(_id, _resource, record) => `/prompts/${(record as JudgementView).promptId}/show`}
        bulkActionButtons={false}
      >
        <DataTable.Col
          source="origin"
          disableSort
          render={(judgement: JudgementView) => say(`origins.${judgement.origin}`)}
        />
        <DataTable.Col source="by" disableSort />
        <DataTable.Col source="aiOrderShown" disableSort render={mode} />
        <DataTable.Col
          source="referenceGrade"
          disableSort
          render={({ referenceGrade: grade }: JudgementView) =>
            grade ? translate(`resources.references.grades.${grade}`) : '–'
          }
        />
        <DataTable.Col
          source="items"
          disableSort
          align="right"
          render={(judgement: JudgementView) => judgement.items.length}
        />
        <DataTable.Col
          source="rehearsal"
          disableSort
          render={(judgement: JudgementView) => (judgement.rehearsal ? translate('piece.rehearsal') : '–')}
        />
        <DataTable.Col source="createdAt" render={(judgement: JudgementView) => <When at={judgement.createdAt} />} />
      </DataTable>
    </Listing>
  );
}
