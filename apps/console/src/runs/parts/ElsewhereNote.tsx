import type { TrainedElsewhere } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { FactList } from '../../components/FactList';
import { Section } from '../../components/Section';

/** Of a model that was handed in: which program trained it, and from which base. */
export function ElsewhereNote({ by }: { by: TrainedElsewhere }) {
  const translate = useTranslate();
  return (
    <Section title={translate('resources.runs.elsewhere')}>
      <FactList
        facts={[
          [translate('resources.runs.trained_by'), by.trainer],
          [translate('resources.runs.base_model'), by.baseModel ?? undefined],
        ]}
      />
    </Section>
  );
}
