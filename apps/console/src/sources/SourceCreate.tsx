import { Create, SimpleForm } from 'react-admin';
import { newSource } from './source-model';
import { SourceInputs } from './SourceInputs';

export default function SourceCreate() {
  return (
    <Create redirect="list" title="resources.sources.create">
      <SimpleForm defaultValues={newSource} sx={{ maxWidth: 720 }}>
        <SourceInputs withLanguage />
      </SimpleForm>
    </Create>
  );
}
