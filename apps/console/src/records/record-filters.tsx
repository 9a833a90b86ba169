import type { ReactElement } from 'react';
import {
  AutocompleteArrayInput,
  AutocompleteInput,
  ReferenceInput,
  SelectArrayInput,
  SelectInput,
  TextInput,
} from 'react-admin';
import type { FacetChoices } from './useFacets';

interface Options {
  facets: FacetChoices;
  say: (key: string) => string;
  /** Inside a larger form: `filter.` puts the inputs below it. */
  prefix?: string;
}

const label = (source: string) => `resources.records.fields.${source}`;

/** The inputs that choose records: the same above a list, for a model job, and for a task set. */
export function recordFilters({ facets, say, prefix = '' }: Options): ReactElement<{ source: string }>[] {
  const yesNo = (source: string) => (
    <SelectInput
      key={source}
      source={prefix + source}
      label={label(source)}
      alwaysOn
      choices={[true, false].map((id) => ({ id, name: say(`${source}.${id ? 'yes' : 'no'}`) }))}
      translateChoice={false}
    />
  );
  const many = (source: string, choices: Options['facets']['states']) => (
    <SelectArrayInput
      key={source}
      source={prefix + source}
      label={label(source)}
      alwaysOn
      choices={choices}
      translateChoice={false}
      sx={{ minWidth: 160 }}
    />
  );
  return [
    <TextInput
      key="text"
      source={`${prefix}text`}
      label={label('text')}
      placeholder={say('search_hint')}
      alwaysOn
      resettable
    />,
    many('dataSet', facets.dataSets),
    <AutocompleteArrayInput
      key="department"
      source={`${prefix}department`}
      label={label('department')}
      alwaysOn
      choices={facets.departments}
      translateChoice={false}
      sx={{ minWidth: 180 }}
    />,
    many('state', facets.states),
    <ReferenceInput key="sourceId" source={`${prefix}sourceId`} reference="sources" perPage={200} alwaysOn>
      <AutocompleteInput label={label('sourceId')} optionText="name" filterToQuery={(q: string) => ({ q })} />
    </ReferenceInput>,
    yesNo('polished'),
    yesNo('questionOnly'),
    yesNo('rehearsal'),
    <SelectInput
      key="allowedUse"
      source={`${prefix}allowedUse`}
      label={label('allowedUse')}
      alwaysOn
      choices={['train', 'evaluate', 'reference', 'release'].map((id) => ({
        id,
        name: `resources.sources.uses.${id}`,
      }))}
    />,
    <SelectInput
      key="language"
      source={`${prefix}language`}
      label={label('language')}
      alwaysOn
      choices={['zh', 'en'].map((id) => ({ id, name: `resources.sources.languages.${id}` }))}
    />,
  ];
}
