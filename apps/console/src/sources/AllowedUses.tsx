import type { AllowedUse } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';

/** What a source or record may be used for, in words. */
export function AllowedUses({ uses }: { uses: readonly AllowedUse[] }) {
  const translate = useTranslate();
  return <span>{uses.map((use) => translate(`resources.sources.uses.${use}`)).join(' · ')}</span>;
}
