import Button from '@mui/material/Button';
import type { Project } from '@qingnang/contracts';
import { DataTable, useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { When } from '../components/When';
import { Listing } from '../listing/Listing';
import { RoleNames } from '../people/RoleNames';
import { openProject } from '../session/project';
import { useMayDo } from '../session/useMayDo';

export default function ProjectList() {
  const translate = useTranslate();
  const may = useMayDo();
  const create = may('projects', 'create') && (
    <Button variant="contained" component={Link} to="/projects/create">
      {translate('resources.projects.create')}
    </Button>
  );
  return (
    <Listing
      sort={{ field: 'name', order: 'ASC' }}
      lead={translate('resources.projects.lead')}
      actions={create}
      emptyAction={create}
    >
      <DataTable<Project> rowClick={false} bulkActionButtons={false}>
        <DataTable.Col
          source="name"
          render={(project: Project) => (
            <Button sx={{ textAlign: 'left' }} onClick={() => openProject(project.slug)}>
              {project.name}
            </Button>
          )}
        />
        <DataTable.Col source="slug" />
        <DataTable.Col source="description" disableSort />
        <DataTable.Col
          source="isDemo"
          disableSort
          render={(project: Project) => (project.isDemo ? translate('resources.projects.synthetic') : '')}
        />
        <DataTable.Col source="roles" disableSort render={(project: Project) => <RoleNames roles={project.roles} />} />
        <DataTable.Col source="createdAt" render={(project: Project) => <When at={project.createdAt} />} />
      </DataTable>
    </Listing>
  );
}
