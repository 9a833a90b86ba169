import type { EndedAccess } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';

const parts = ['sessions', 'apiKeys', 'invites', 'resetLinks', 'streams', 'downloads', 'tasks'] as const;

/** What ended with somebody's access, in one sentence: only what there was. */
export function useEndedWords(): (done: string, ended: EndedAccess | undefined) => string {
  const translate = useTranslate();
  return (done, ended) => {
    const told = parts
      .filter((part) => (ended?.[part] ?? 0) > 0)
      .map((part) => translate(`resources.people.ended.${part}`, { smart_count: ended![part] }));
    if (told.length === 0) return `${translate(done)} ${translate('resources.people.ended.nothing')}`;
    const list = told.join(translate('resources.people.ended.separator'));
    return `${translate(done)} ${translate('resources.people.ended.with_it', { list })}`;
  };
}
