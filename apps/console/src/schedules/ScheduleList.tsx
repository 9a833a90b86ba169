import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import type { ScheduleView } from '@qingnang/contracts';
import { DataTable, SelectInput, useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { StateChip } from '../components/StateChip';
import { TextLink } from '../components/TextLink';
import { When } from '../components/When';
import { Listing } from '../listing/Listing';
import { useMayDo } from '../session/useMayDo';
import { Outcome } from './Outcome';

const states = ['active', 'paused'];

function State({ schedule }: { schedule: ScheduleView }) {
  const translate = useTranslate();
  if (schedule.failing) return <StateChip state="failed" />;
  if (schedule.problem) {
    return (
      <Box component="span" sx={{ color: 'warning.main' }}>
        <span aria-hidden>⚠ </span>
        {translate('resources.schedules.blocked')}
      </Box>
    );
  }
  if (schedule.state === 'paused') return <StateChip state="paused" />;
  return <>{translate('resources.schedules.states.active')}</>;
}

function Card({ schedule }: { schedule: ScheduleView }) {
  const translate = useTranslate();
  return (
    <Box sx={{ display: 'grid', gap: 0.5 }}>
      <Box sx={{ display: 'flex', justifyContent: 'space-between', gap: 1 }}>
        <TextLink to={`/schedules/${schedule.id}/show`}>{schedule.name}</TextLink>
        <State schedule={schedule} />
      </Box>
      <Box sx={{ color: 'text.secondary' }}>
        {translate(`resources.runs.methods.${schedule.template.method}`)} · {schedule.template.inputs.data}
      </Box>
      {schedule.nextAt && (
        <Box>
          {translate('resources.schedules.fields.nextAt')} <When at={schedule.nextAt} />
        </Box>
      )}
      {schedule.last && <Outcome tick={schedule.last} />}
    </Box>
  );
}

export default function ScheduleList() {
  const translate = useTranslate();
  const may = useMayDo();
  const create = may('schedules', 'create') && (
    <Button variant="contained" component={Link} to="/schedules/create">
      {translate('resources.schedules.create')}
    </Button>
  );
  return (
    <Listing
      lead={translate('resources.schedules.lead')}
      actions={create}
      emptyText={translate('resources.schedules.empty')}
      emptyAction={create}
      card={(row) => <Card schedule={row as unknown as ScheduleView} />}
      filters={[
        <SelectInput
          key="state"
          source="state"
          alwaysOn
          choices={states.map((id) => ({ id, name: `resources.schedules.states.${id}` }))}
        />,
      ]}
    >
      <DataTable<ScheduleView> rowClick="show" bulkActionButtons={false}>
        <DataTable.Col source="name" />
        <DataTable.Col
          source="method"
          disableSort
          render={({ template }: ScheduleView) => translate(`resources.runs.methods.${template.method}`)}
        />
        <DataTable.Col source="data" disableSort render={({ template }: ScheduleView) => template.inputs.data} />
        <DataTable.Col source="state" disableSort render={(schedule: ScheduleView) => <State schedule={schedule} />} />
        <DataTable.Col source="nextAt" disableSort render={({ nextAt }: ScheduleView) => <When at={nextAt} />} />
        <DataTable.Col source="last" disableSort render={({ last }: ScheduleView) => last && <Outcome tick={last} />} />
        <DataTable.Col source="createdAt" render={({ createdAt }: ScheduleView) => <When at={createdAt} />} />
      </DataTable>
    </Listing>
  );
}
