import type { Project } from '@qingnang/contracts';
import { Create, SimpleForm, TextInput, regex, required } from 'react-admin';
import { openProject } from '../session/project';
import { loadMe } from '../session/session';

/** Opens the new project, which its maker belongs to. */
async function enter(project: Project): Promise<void> {
  await loadMe();
  openProject(project.slug);
}

const slugForm = regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'resources.projects.slug_hint');

export default function ProjectCreate() {
  return (
    <Create<Project>
      mutationOptions={{ onSuccess: (project) => void enter(project) }}
      title="resources.projects.create"
    >
      <SimpleForm defaultValues={{ description: '' }}>
        <TextInput source="name" validate={required()} />
        <TextInput source="slug" validate={[required(), slugForm]} helperText="resources.projects.slug_hint" />
        <TextInput source="description" multiline fullWidth />
      </SimpleForm>
    </Create>
  );
}
