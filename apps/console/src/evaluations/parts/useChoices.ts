import type { ListReply, ModelView, NewEntrant, NewJudge, ProviderView, SuiteView } from '@qingnang/contracts';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../providers/http';
import { projectPath } from '../../session/project';
import type { Chosen } from '../evaluation-model';

function useRows<T>(resource: string, query: Record<string, string | number | boolean>) {
  return useQuery({
    queryKey: [resource, 'choices', JSON.stringify(query)],
    queryFn: async () =>
      (await api.get<ListReply<T>>(projectPath(`/${resource}`), { ...query, perPage: 200 })).data.items,
  }).data;
}

export interface Choices {
  suites?: { id: string; label: string; items: number }[] | undefined;
  entrants?: Chosen<NewEntrant>[] | undefined;
  judges?: Chosen<Extract<NewJudge, { kind: 'model' }>>[] | undefined;
}

/** What an evaluation can be made of; `undefined` while it is being read. */
export function useChoices(): Choices {
  const suites = useRows<SuiteView>('suites', { state: 'frozen' });
  const models = useRows<ModelView>('models', { speaks: true });
  const providers = useRows<ProviderView>('providers', {})?.filter(
    ({ state, kind }) => state === 'active' && kind !== 'serve',
  );
  const offered = (wanted: (kind: ProviderView['kind'], model: string) => boolean) =>
    providers?.flatMap(({ id, name, kind, models: named }) =>
      named
        .filter((model) => wanted(kind, model.name))
        .map((model) => ({
          label: `${name} · ${model.name}`,
          value: { kind: 'model' as const, providerId: id, model: model.name },
        })),
    );
  const speakers = offered((kind) => kind !== 'rehearsal');
  return {
    suites: suites?.map(({ id, name, version, items }) => ({ id, items, label: `${name} v${version}（${items}）` })),
    entrants: models &&
      speakers && [
        ...models
          .filter(({ state }) => state === 'registered')
          .map(({ id, name }) => ({ label: name, value: { kind: 'model' as const, modelId: id } })),
        ...speakers.map(({ label, value }) => ({ label, value: { ...value, kind: 'provider' as const } })),
      ],
    judges: offered((kind, model) => kind !== 'rehearsal' || model === 'rehearsal-judge'),
  };
}
