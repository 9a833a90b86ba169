import type { FactKind } from '@qingnang/contracts';
import type { Finding } from './fact.js';

const NAMES: Readonly<Record<'zh' | 'en', Readonly<Record<FactKind, string>>>> = {
  zh: {
    drug: '药名',
    dose: '剂量',
    number: '数值',
    frequency: '频次',
    duration: '时长',
    time: '时间关系',
    side: '左右',
    direction: '方向',
    negation: '否定',
    hedge: '不确定的说法',
    commitment: '判断',
    urgency: '紧急程度',
  },
  en: {
    drug: 'medicine',
    dose: 'dose',
    number: 'figure',
    frequency: 'how often',
    duration: 'how long',
    time: 'time of taking',
    side: 'side',
    direction: 'direction',
    negation: 'negation',
    hedge: 'hedge',
    commitment: 'diagnosis',
    urgency: 'urgency',
  },
};

/** The name of a kind of fact. */
export function factKindName(kind: FactKind, language: 'zh' | 'en'): string {
  return NAMES[language][kind];
}

/** Longest stretch of words that a sentence about a finding quotes. */
const QUOTED = 36;
const quoted = (words: string): string => (words.length > QUOTED ? `${words.slice(0, QUOTED)}…` : words);

/** One sentence on what came, went or changed. */
export function findingWords(
  finding: Pick<Finding, 'kind' | 'change' | 'was' | 'is' | 'of'>,
  language: 'zh' | 'en',
): string {
  const { change, of } = finding;
  const [was, is] = [quoted(finding.was.text), quoted(finding.is.text)];
  const name = factKindName(finding.kind, language);
  if (language === 'zh') {
    const what = of === undefined ? name : `${of}的${name}`;
    if (change === 'lost') return `缺少${what}：${was}（原话有）`;
    if (change === 'added') return `新增${what}：${is}（原话没有）`;
    return `${what}变了：${was} → ${is}`;
  }
  const what = of === undefined ? name : `${name} of ${of}`;
  if (change === 'lost') return `Missing ${what}: ${was} (in the original)`;
  if (change === 'added') return `New ${what}: ${is} (not in the original)`;
  return `Changed ${what}: ${was} → ${is}`;
}

/** What goes up only when the person says that it is right: what does harm when it is wrong. */
export function needsConfirmation({ kind, change }: Pick<Finding, 'kind' | 'change'>): boolean {
  if (kind === 'drug' || kind === 'dose') return true;
  return (kind === 'negation' || kind === 'urgency') && change !== 'added';
}
