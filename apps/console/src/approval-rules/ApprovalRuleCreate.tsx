import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { MOST_SAMPLED } from '@qingnang/contracts';
import {
  BooleanInput,
  CheckboxGroupInput,
  Create,
  FormDataConsumer,
  maxValue,
  minValue,
  NumberInput,
  required,
  SimpleForm,
  TextInput,
  useTranslate,
} from 'react-admin';
import { useRoleChoices } from '../people/useRoleChoices';
import { recordFilters } from '../records/record-filters';
import { useFacets } from '../records/useFacets';
import { Sizes } from './parts/Sizes';
import { bodyOf, PROPOSED, type RuleForm } from './rule-model';

/** Those who read texts at a desk. */
const READERS = ['annotator', 'doctor', 'reviewer'];

function Records() {
  const translate = useTranslate();
  const facets = useFacets();
  const filters = recordFilters({ facets, prefix: 'filter.', say: (key) => translate(`resources.records.${key}`) });
  return (
    <>
      <Typography variant="h2" sx={{ mt: 1 }}>
        {translate('resources.approval-rules.which')}
      </Typography>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, '& > *': { flex: '1 1 200px' }, width: '100%' }}>
        {filters}
      </Box>
    </>
  );
}

/** Which texts, how many may be faulty, and so how many have to be read, by whom. */
export default function ApprovalRuleCreate() {
  const translate = useTranslate();
  const say = (key: string) => translate(`resources.approval-rules.${key}`);
  const roles = useRoleChoices().filter(({ id }) => READERS.includes(id));
  return (
    <Create redirect="show" transform={(form: RuleForm) => bodyOf(form)} title="resources.approval-rules.create">
      <SimpleForm
        sx={{ maxWidth: 880 }}
        defaultValues={{ ...PROPOSED, roles: ['annotator'], filter: {}, unpolished: false }}
      >
        <Typography sx={{ color: 'text.secondary' }}>{say('create_lead')}</Typography>
        <TextInput source="name" validate={required()} helperText={say('name_hint')} fullWidth />
        <Records />
        <BooleanInput source="unpolished" label={say('unpolished')} helperText={say('unpolished_hint')} />
        <NumberInput
          source="bar"
          label={`${say('fields.bar')} %`}
          helperText={say('bar_hint')}
          step="any"
          validate={[required(), minValue(0.1), maxValue(50)]}
        />
        <FormDataConsumer<RuleForm>>{({ formData }) => <Sizes form={formData} />}</FormDataConsumer>
        <NumberInput
          source="size"
          label={say('fields.size')}
          helperText={say('size_hint')}
          step={1}
          validate={[required(), minValue(1), maxValue(MOST_SAMPLED)]}
        />
        <CheckboxGroupInput source="roles" label={say('fields.roles')} choices={roles} validate={required()} />
        <NumberInput
          source="checkSize"
          label={say('fields.checkSize')}
          helperText={say('check_size_hint')}
          step={1}
          validate={[minValue(0), maxValue(500)]}
        />
        <NumberInput source="seed" label={say('fields.seed')} step={1} helperText={false} validate={minValue(0)} />
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          {say('fault')}
        </Typography>
      </SimpleForm>
    </Create>
  );
}
