import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import type { FactKind, KindOfAlarm, TaskSet } from '@qingnang/contracts';
import { factKindName } from '@qingnang/text';
import { useLocaleState, useNotify, useTranslate, useUpdate } from 'react-admin';
import { Section } from '../../components/Section';
import { useMayDo } from '../../session/useMayDo';
import { useOfSet } from './useOfSet';

/** How often the guard's alarms were let stand, by kind; what mostly cries wolf can be turned off, and on again. */
export function AlarmsOfSet({ set }: { set: TaskSet }) {
  const translate = useTranslate();
  const notify = useNotify();
  const may = useMayDo();
  const [locale] = useLocaleState();
  const [update, { isPending }] = useUpdate<TaskSet>();
  const { data: kinds, refetch } = useOfSet<KindOfAlarm>(set.id, 'alarms');
  const say = (key: string, options?: object) => translate(`resources.task-sets.alarms.${key}`, options);
  const shown = kinds?.filter(({ raised, off }) => raised > 0 || off);
  if (!shown) return null;
  const turn = (kind: FactKind, off: boolean) => {
    const quietKinds = off ? [...set.quietKinds, kind] : set.quietKinds.filter((each) => each !== kind);
    void update(
      'task-sets',
      { id: set.id, data: { quietKinds }, previousData: set },
      {
        mutationMode: 'pessimistic',
        onSuccess: () => {
          notify(say(off ? 'off_done' : 'on_done', { kind: factKindName(kind, locale === 'en' ? 'en' : 'zh') }));
          void refetch();
        },
        onError: (error) => notify((error as Error).message, { type: 'error' }),
      },
    );
  };
  return (
    <Section title={say('title')}>
      <Box sx={{ color: 'text.secondary' }}>{shown.length === 0 ? say('none') : say('lead')}</Box>
      <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 0.5 }}>
        {shown.map(({ kind, raised, dismissed, off, offered }) => (
          <Box component="li" key={kind} sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' }}>
            <Box component="span" sx={{ flex: '1 1 16em', color: off ? 'text.secondary' : 'text.primary' }}>
              <strong>{factKindName(kind, locale === 'en' ? 'en' : 'zh')}</strong>{' '}
              {say('counts', {
                raised: raised.toLocaleString(),
                dismissed: dismissed.toLocaleString(),
                share: raised === 0 ? 0 : Math.round((dismissed / raised) * 100),
              })}
              {off && ` · ${say('is_off')}`}
              {offered && (
                <Box component="span" sx={{ color: 'warning.main' }}>
                  {' '}
                  · {say('offered')}
                </Box>
              )}
            </Box>
            {may('task-sets', 'update') && (
              <Button
                size="small"
                variant={offered ? 'outlined' : 'text'}
                disabled={isPending}
                onClick={() => turn(kind, !off)}
              >
                {say(off ? 'turn_on' : 'turn_off')}
              </Button>
            )}
          </Box>
        ))}
      </Box>
    </Section>
  );
}
