import type { ListReply, ModelView, ProviderView, SuiteView } from '@qingnang/contracts';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../providers/http';
import { projectPath } from '../../session/project';

interface Choice {
  id: string;
  label: string;
}

function useRows<T>(resource: string, query: Record<string, string | number | boolean>) {
  return useQuery({
    queryKey: [resource, 'choices', JSON.stringify(query)],
    queryFn: async () =>
      (await api.get<ListReply<T>>(projectPath(`/${resource}`), { ...query, perPage: 200 })).data.items,
  }).data;
}

/** What an evaluation can be made of; `undefined` while it is being read. */
export function useChoices(): { suites?: Choice[]; models?: Choice[]; judges?: Choice[] } {
  const suites = useRows<SuiteView>('suites', { state: 'frozen' });
  const models = useRows<ModelView>('models', { speaks: true });
  const providers = useRows<ProviderView>('providers', {});
  const judges = providers
    ?.filter(({ state, kind }) => state === 'active' && kind !== 'serve')
    .flatMap(({ id, name, kind, models: offered }) =>
      offered
        .filter((model) => kind !== 'rehearsal' || model.name === 'rehearsal-judge')
        .map((model) => ({ id: `${id}/${model.name}`, label: `${name} · ${model.name}` })),
    );
  return {
    suites: suites?.map(({ id, name, version, items }) => ({ id, label: `${name} v${version}（${items}）` })),
    models: models?.filter(({ state }) => state === 'registered').map(({ id, name }) => ({ id, label: name })),
    judges,
  };
}
