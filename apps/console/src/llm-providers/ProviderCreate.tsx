import type { CreateProvider } from '@qingnang/contracts';
import { Create, SimpleForm } from 'react-admin';
import { newProvider } from './provider-model';
import { ProviderInputs } from './ProviderInputs';

/** A key left empty arrives as null from the form. */
function requestOf(form: CreateProvider): CreateProvider {
  return { ...form, apiKey: form.apiKey ?? '' };
}

export default function ProviderCreate() {
  return (
    <Create title="resources.providers.create" redirect="list" transform={requestOf}>
      <SimpleForm defaultValues={newProvider}>
        <ProviderInputs />
      </SimpleForm>
    </Create>
  );
}
