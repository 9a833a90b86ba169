import { AutocompleteArrayInput, CheckboxGroupInput, DateInput, required } from 'react-admin';
import { useRoleChoices } from '../people/useRoleChoices';

interface Props {
  departments: { id: string; name: string }[];
}

const working = ['annotator', 'doctor', 'lay', 'reviewer', 'data_lead', 'admin'];

/** Who may take such work, and until when. */
export function SharedInputs({ departments }: Props) {
  const roles = useRoleChoices().filter(({ id }) => working.includes(id));
  return (
    <>
      <CheckboxGroupInput
        source="roles"
        label="resources.task-sets.fields.roles"
        choices={roles}
        validate={required()}
      />
      <AutocompleteArrayInput
        source="departments"
        label="resources.task-sets.fields.departments"
        helperText="resources.task-sets.departments_hint"
        choices={departments}
        translateChoice={false}
        fullWidth
      />
      <DateInput
        source="deadline"
        label="resources.task-sets.fields.deadline"
        helperText="resources.task-sets.deadline_hint"
        parse={(value: string) => value || null}
      />
    </>
  );
}
