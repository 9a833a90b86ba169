import type { AuditFacets } from '@qingnang/contracts';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { AutocompleteInput, DateInput, TextInput, useTranslate } from 'react-admin';
import { api } from '../providers/http';
import { projectPath } from '../session/project';
import { beginOf, dayOf } from './audit-days';
import { deedWords } from './audit-words';

const label = (source: string) => `resources.audit-entries.fields.${source}`;

/** A day as a bound; `later` is 1 where the day itself still counts. */
function dayInput(source: 'from' | 'to', later: 0 | 1): ReactElement<{ source: string }> {
  return (
    <DateInput
      key={source}
      source={source}
      label={label(source)}
      alwaysOn
      parse={(day: string) => (day ? beginOf(day, later) : '')}
      format={(moment?: string) => (moment ? dayOf(moment, later) : '')}
    />
  );
}

/** Who did what, from when to when: choices are those that the log holds. */
export function useAuditFilters(): ReactElement<{ source: string }>[] {
  const translate = useTranslate();
  const { data } = useQuery({
    queryKey: ['audit-entries', 'facets'],
    queryFn: async ({ signal }) =>
      (await api.get<AuditFacets>(projectPath('/audit-entries/facets'), undefined, { signal })).data,
  });
  const actors = (data?.actors ?? []).map(({ actorId, actorKind, actorName }) => ({
    id: actorId,
    name: actorName ?? translate(`resources.audit-entries.actors.${actorKind}`),
  }));
  const actions = (data?.actions ?? []).map((id) => ({ id, name: deedWords(id, translate) }));
  const choice = (source: string, choices: { id: string; name: string }[]) => (
    <AutocompleteInput
      key={source}
      source={source}
      label={label(source)}
      alwaysOn
      choices={choices}
      translateChoice={false}
      sx={{ minWidth: 220 }}
    />
  );
  return [
    choice('actorId', actors),
    choice('action', actions),
    dayInput('from', 0),
    dayInput('to', 1),
    <TextInput key="subjectId" source="subjectId" alwaysOn resettable label={label('subjectId')} />,
  ];
}
