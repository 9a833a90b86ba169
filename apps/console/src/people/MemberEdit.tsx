import type { Member, UpdateMember } from '@qingnang/contracts';
import {
  BooleanInput,
  CheckboxGroupInput,
  Edit,
  SaveButton,
  SimpleForm,
  TextArrayInput,
  TextInput,
  Toolbar,
  required,
} from 'react-admin';
import { useMayDo } from '../session/useMayDo';
import { RemoveMember } from './RemoveMember';
import { useRoleChoices } from './useRoleChoices';

/** What the API takes of a member; the rest of the record is only shown. */
function changesOf(form: Member & { licenceChecked?: boolean }): UpdateMember & { revision: number } {
  const { roles, departments, title, licenceNumber, licenceChecked, revision } = form;
  return {
    roles: roles as UpdateMember['roles'],
    departments,
    title: title || null,
    licenceNumber: licenceNumber || null,
    licenceChecked,
    revision,
  };
}

export default function MemberEdit() {
  const choices = useRoleChoices();
  const mayRemove = useMayDo()('members', 'delete');
  return (
    <Edit mutationMode="pessimistic" redirect="list" transform={changesOf}>
      <SimpleForm
        defaultValues={(member: Partial<Member>) => ({ licenceChecked: Boolean(member.licenceCheckedBy) })}
        toolbar={
          <Toolbar>
            <SaveButton />
            {mayRemove && <RemoveMember />}
          </Toolbar>
        }
      >
        <CheckboxGroupInput source="roles" choices={choices} validate={required()} />
        <TextArrayInput source="departments" helperText="resources.members.departments_hint" fullWidth />
        <TextInput source="title" />
        <TextInput source="licenceNumber" />
        <BooleanInput source="licenceChecked" helperText="resources.members.licence_hint" />
      </SimpleForm>
    </Edit>
  );
}
