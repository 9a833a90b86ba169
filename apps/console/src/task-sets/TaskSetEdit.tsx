import { Edit, SaveButton, SimpleForm, TextInput, Toolbar, required } from 'react-admin';
import { useFacets } from '../records/useFacets';
import { SharedInputs } from './SharedInputs';
import { changesOf } from './task-set-model';

/** Name, people and deadline; which records it holds was written out when it was made. */
export default function TaskSetEdit() {
  const { departments } = useFacets();
  return (
    <Edit mutationMode="pessimistic" redirect="show" transform={changesOf}>
      <SimpleForm
        sx={{ maxWidth: 720 }}
        toolbar={
          <Toolbar>
            <SaveButton />
          </Toolbar>
        }
      >
        <TextInput source="name" validate={required()} fullWidth />
        <SharedInputs departments={departments.map(({ id }) => ({ id, name: id }))} />
      </SimpleForm>
    </Edit>
  );
}
