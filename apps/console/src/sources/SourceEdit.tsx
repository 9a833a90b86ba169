import { Edit, SaveButton, SimpleForm, Toolbar } from 'react-admin';
import { changesOf } from './source-model';
import { SourceInputs } from './SourceInputs';

export default function SourceEdit() {
  return (
    <Edit mutationMode="pessimistic" redirect="list" transform={changesOf}>
      <SimpleForm
        sx={{ maxWidth: 720 }}
        toolbar={
          <Toolbar>
            <SaveButton />
          </Toolbar>
        }
      >
        <SourceInputs />
      </SimpleForm>
    </Edit>
  );
}
