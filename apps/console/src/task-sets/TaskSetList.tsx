import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import LinearProgress from '@mui/material/LinearProgress';
import Typography from '@mui/material/Typography';
import type { TaskSet } from '@qingnang/contracts';
import { DataTable, SelectInput, useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { When } from '../components/When';
import { Listing } from '../listing/Listing';
import { useMayDo } from '../session/useMayDo';
import { kinds, slotsOf } from './task-set-model';

function Progress({ set }: { set: TaskSet }) {
  const total = slotsOf(set);
  const words = `${set.answered.toLocaleString()} / ${total.toLocaleString()}`;
  return (
    <Box sx={{ minWidth: 120 }}>
      {words}
      <LinearProgress
        variant="determinate"
        aria-label={words}
        value={total === 0 ? 0 : (set.answered / total) * 100}
        sx={{ height: 6, borderRadius: 1 }}
      />
    </Box>
  );
}

function TaskSetCard({ set }: { set: TaskSet }) {
  const translate = useTranslate();
  return (
    <Box component={Link} to={`/task-sets/${set.id}/show`} sx={{ color: 'inherit', textDecoration: 'none' }}>
      <Typography>{set.name}</Typography>
      <Typography variant="body2" component="div" sx={{ color: 'text.secondary' }}>
        {translate(`resources.task-sets.states.${set.state}`)}
        {set.deadline && ` · ${translate('resources.work.until', { date: set.deadline })}`}
      </Typography>
      <Progress set={set} />
    </Box>
  );
}

export default function TaskSetList() {
  const translate = useTranslate();
  const may = useMayDo();
  const word = (group: string, key: string) => translate(`resources.task-sets.${group}.${key}`);
  const create = may('task-sets', 'create') && (
    <Button variant="contained" component={Link} to="/task-sets/create">
      {translate('resources.task-sets.create')}
    </Button>
  );
  return (
    <Listing
      lead={translate('resources.task-sets.lead')}
      actions={create}
      emptyText={translate('resources.task-sets.empty')}
      emptyAction={create}
      card={(row) => <TaskSetCard set={row as TaskSet} />}
      filters={[
        <SelectInput
          key="kind"
          source="kind"
          alwaysOn
          label="resources.task-sets.fields.kind"
          choices={kinds.map((id) => ({ id, name: word('kinds', id) }))}
          translateChoice={false}
        />,
        <SelectInput
          key="state"
          source="state"
          alwaysOn
          label="resources.task-sets.fields.state"
          choices={['open', 'closed'].map((id) => ({ id, name: word('states', id) }))}
          translateChoice={false}
        />,
      ]}
    >
      <DataTable<TaskSet> rowClick="show" bulkActionButtons={false}>
        <DataTable.Col source="name" disableSort />
        <DataTable.Col source="kind" disableSort render={(set: TaskSet) => word('kinds', set.kind)} />
        <DataTable.Col source="answered" disableSort render={(set: TaskSet) => <Progress set={set} />} />
        <DataTable.Col source="toAdjudicate" disableSort align="right" />
        <DataTable.Col source="deadline" disableSort render={(set: TaskSet) => set.deadline ?? '–'} />
        <DataTable.Col source="state" disableSort render={(set: TaskSet) => word('states', set.state)} />
        <DataTable.Col source="createdAt" render={(set: TaskSet) => <When at={set.createdAt} />} />
      </DataTable>
    </Listing>
  );
}
