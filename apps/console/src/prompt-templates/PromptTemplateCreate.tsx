import { templatePurpose } from '@qingnang/contracts';
import { Create, SelectInput, SimpleForm, TextInput, required } from 'react-admin';
import { versionOf, type PromptForm } from './prompt-model';
import { PromptInputs } from './PromptInputs';

const purposes = templatePurpose.options.map((id) => ({ id, name: `resources.prompt-templates.purposes.${id}` }));

function requestOf(form: PromptForm & { key: string; purpose: string; name: string }) {
  return { key: form.key, purpose: form.purpose, name: form.name, ...versionOf(form) };
}

export default function PromptTemplateCreate() {
  return (
    <Create title="resources.prompt-templates.create" redirect="show" transform={requestOf}>
      <SimpleForm defaultValues={{ purpose: 'polish', settings: { answer: 'json' } }}>
        <TextInput source="name" validate={required()} />
        <TextInput source="key" validate={required()} />
        <SelectInput source="purpose" choices={purposes} validate={required()} />
        <PromptInputs />
      </SimpleForm>
    </Create>
  );
}
