import Box from '@mui/material/Box';
import type { CreateSchedule, ScheduleDetail } from '@qingnang/contracts';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useNotify, useTranslate } from 'react-admin';
import { useNavigate } from 'react-router-dom';
import { PageHeader } from '../listing/PageHeader';
import { api } from '../providers/http';
import { useFaults } from '../runs/useFaults';
import { projectPath } from '../session/project';
import { newForm, scheduleBody, type ScheduleForm } from './schedule-model';
import { ScheduleFields } from './ScheduleFields';

export default function ScheduleCreate() {
  const translate = useTranslate();
  const notify = useNotify();
  const navigate = useNavigate();
  const [form, setForm] = useState(() => newForm(Intl.DateTimeFormat().resolvedOptions().timeZone));
  const change = (part: Partial<ScheduleForm>) => setForm((before) => ({ ...before, ...part }));
  const { faults, check, refuse } = useFaults(form);
  const make = useMutation({
    mutationFn: async (body: CreateSchedule) => (await api.post<ScheduleDetail>(projectPath('/schedules'), body)).data,
    onSuccess: ({ id }) => {
      notify(translate('resources.schedules.made'));
      navigate(`/schedules/${id}/show`);
    },
    onError: (error: Error) => {
      refuse(error);
      notify(error.message, { type: 'error' });
    },
  });
  const body = scheduleBody(form);
  return (
    <Box sx={{ display: 'grid', gap: 2, maxWidth: 880 }}>
      <PageHeader title={translate('resources.schedules.create')} />
      <ScheduleFields
        form={form}
        change={change}
        faults={faults}
        action={translate('resources.schedules.create')}
        ready={body !== null && !make.isPending}
        onSubmit={() => body && check() && make.mutate(body)}
      />
    </Box>
  );
}
