import type { Project } from '@qingnang/contracts';
import { Create, SimpleForm, TextInput, required } from 'react-admin';
import { openProject } from '../session/project';
import { loadMe } from '../session/session';
import { SlugInput } from './SlugInput';

/** Opens the new project, which its maker belongs to. */
async function enter(project: Project): Promise<void> {
  await loadMe();
  openProject(project.slug);
}

export default function ProjectCreate() {
  return (
    <Create<Project>
      mutationOptions={{ onSuccess: (project) => void enter(project) }}
      title="resources.projects.create"
    >
      <SimpleForm defaultValues={{ description: '' }}>
        <TextInput source="name" validate={required()} />
        <SlugInput />
        <TextInput source="description" multiline fullWidth />
      </SimpleForm>
    </Create>
  );
}
