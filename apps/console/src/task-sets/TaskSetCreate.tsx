import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { CreateTaskSet } from '@qingnang/contracts';
import {
  Create,
  FormDataConsumer,
  NumberInput,
  RadioButtonGroupInput,
  SimpleForm,
  TextInput,
  minValue,
  maxValue,
  required,
  useTranslate,
} from 'react-admin';
import { recordFilters } from '../records/record-filters';
import { useFacets } from '../records/useFacets';
import { RecordCount } from './RecordCount';
import { SharedInputs } from './SharedInputs';
import { bodyOf, kinds } from './task-set-model';

function Records({ say }: { say: (key: string) => string }) {
  const translate = useTranslate();
  const facets = useFacets();
  const filters = recordFilters({ facets, prefix: 'filter.', say: (key) => translate(`resources.records.${key}`) });
  return (
    <>
      <Typography variant="h2" sx={{ mt: 1 }}>
        {say('which')}
      </Typography>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, '& > *': { flex: '1 1 200px' }, width: '100%' }}>
        {filters}
      </Box>
      <FormDataConsumer<CreateTaskSet>>
        {({ formData }) => <RecordCount filter={formData.filter} kind={formData.kind ?? 'polish_review'} />}
      </FormDataConsumer>
      <NumberInput source="limit" label={say('fields.limit')} helperText={say('limit_hint')} min={1} />
    </>
  );
}

/** Which records, which work, how many answers each, by whom, until when. */
export default function TaskSetCreate() {
  const translate = useTranslate();
  const say = (key: string) => translate(`resources.task-sets.${key}`);
  const { departments } = useFacets();
  return (
    <Create redirect="show" transform={bodyOf} title="resources.task-sets.create">
      <SimpleForm
        sx={{ maxWidth: 880 }}
        defaultValues={{ kind: 'polish_review', overlap: 1, roles: ['annotator'], departments: [], filter: {} }}
      >
        <TextInput source="name" validate={required()} helperText={say('name_hint')} fullWidth />
        <RadioButtonGroupInput
          source="kind"
          row={false}
          choices={kinds.map((id) => ({ id, name: `resources.task-sets.kinds.${id}` }))}
          validate={required()}
        />
        <Records say={say} />
        <NumberInput
          source="overlap"
          min={1}
          max={10}
          validate={[required(), minValue(1), maxValue(10)]}
          helperText={say('overlap_hint')}
        />
        <SharedInputs departments={departments.map(({ id }) => ({ id, name: id }))} />
      </SimpleForm>
    </Create>
  );
}
